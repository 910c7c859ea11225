"""enum, default and limits move into descriptions, $refs are put in place: nothing an agent needs is lost."""

import pulumi

from agentcore_provider import McpGateway, targets

gateway = McpGateway("shop", targets={"orders": targets.LambdaCode("code", tools="tools.json")})

pulumi.export("gateways", {"shop": gateway.client_settings})
