"""Requests are passed on as they are, with an API key and a query parameter that clients need not know."""

import pulumi

from agentcore_provider import ApiKeyCredentialProvider, McpGateway, credentials, targets

key = ApiKeyCredentialProvider("shop", api_key=pulumi.Config().get_secret("key") or "shop-key")
orders = targets.Passthrough("https://127.0.0.1:8765/key", "CUSTOM", static_query_parameters={"shop": "north"})
gateway = McpGateway(
    "shop",
    protocol_type=None,
    targets={
        "orders": {
            "target": orders,
            "credentials": credentials.ApiKey(key, location="HEADER", parameter_name="X-Api-Key"),
        },
    },
)

pulumi.export("gateways", {"shop": gateway.client_settings})
pulumi.export("url", gateway.gateway_url.apply(lambda url: url.removesuffix("/mcp")))
