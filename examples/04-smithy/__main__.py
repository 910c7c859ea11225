"""A model of your own: here the part of AWS Lambda that lists functions; the role may do just that."""

import pulumi

from agentcore_provider import McpGateway, targets

gateway = McpGateway("shop", targets={"functions": targets.Smithy("functions.json")})

pulumi.export("gateways", {"shop": gateway.client_settings})
