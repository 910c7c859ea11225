"""${DESCRIPTION}"""

import pulumi

from agentcore_provider import McpGateway, targets

name = pulumi.Config().get("gatewayName") or "tools"

# Sign-in for agents, a role with just the permissions it needs, the function and its tools: all in one.
gateway = McpGateway(name, targets={"time": targets.LambdaCode("tools")})

# Where `agentcore tools list` finds the gateway and its sign-in.
pulumi.export("gateways", {name: gateway.client_settings})
