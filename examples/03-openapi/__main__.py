"""One tool for each operation; files it refers to are put into one document, and what the service refuses is fixed."""

import pulumi

from agentcore_provider import McpGateway, targets

gateway = McpGateway("shop", targets={"orders": targets.OpenApi("shop.yaml", fix=True)})

pulumi.export("gateways", {"shop": gateway.client_settings})
