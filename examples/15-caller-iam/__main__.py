"""A gateway that asks for IAM passes on who calls, so the agent runtime knows."""

import pulumi

from agentcore_provider import McpGateway, credentials, targets

agent = targets.AgentRuntime("arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/clerk-0123456789")
gateway = McpGateway(
    "shop",
    authorizer="AWS_IAM",
    protocol_type=None,
    targets={"clerk": {"target": agent, "credentials": credentials.CallerIam()}},
)

pulumi.export("gateways", {"shop": gateway.client_settings})
pulumi.export("url", gateway.gateway_url.apply(lambda url: url.removesuffix("/mcp")))
