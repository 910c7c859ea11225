"""Operations of an API that exists in your account; `pulumi config set rest_api_id` says which."""

import pulumi

from agentcore_provider import McpGateway, targets

api = targets.ApiGateway(
    pulumi.Config().require("rest_api_id"),
    "prod",
    filters={"/orders": ["GET"]},
    overrides=[targets.ToolOverride("/orders", "GET", name="list_orders", description="List all orders")],
)
gateway = McpGateway("shop", targets={"orders": api})

pulumi.export("gateways", {"shop": gateway.client_settings})
