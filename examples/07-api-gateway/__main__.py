"""Operations of an API that exists in your account; `pulumi config set rest_api_id` says which."""

import pulumi

from agentcore_provider import McpGateway, targets

api = targets.ApiGateway(
    pulumi.Config().require("rest_api_id"),
    "prod",
    {"/orders": ["GET"]},
    [targets.ToolOverride("/orders", "GET", "list_orders", "List all orders")],
)
gateway = McpGateway("shop", targets={"orders": api})

pulumi.export("gateways", {"shop": gateway.client_settings})
