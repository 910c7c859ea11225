"""A gateway without a protocol passes requests on to an agent of AgentCore Runtime."""

import pulumi

from agentcore_provider import McpGateway, targets

agent = targets.AgentRuntime("arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/clerk-0123456789")
gateway = McpGateway("shop", protocol_type=None, targets={"clerk": agent})

pulumi.export("gateways", {"shop": gateway.client_settings})
pulumi.export("url", gateway.gateway_url.apply(lambda url: url.removesuffix("/mcp")))
