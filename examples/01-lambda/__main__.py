"""A folder of Python becomes a function; its type hints and docstrings become the tools."""

import pulumi

from agentcore_provider import McpGateway, targets

gateway = McpGateway("shop", targets={"orders": targets.LambdaCode("code")})

pulumi.export("gateways", {"shop": gateway.client_settings})
