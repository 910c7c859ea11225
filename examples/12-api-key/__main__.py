"""The gateway sends a key with every call; nobody sees it, and a new one takes its place in place."""

import pulumi

from agentcore_provider import ApiKeyCredentialProvider, McpGateway, credentials, targets

key = ApiKeyCredentialProvider("shop", api_key=pulumi.Config().get_secret("key") or "shop-key")
gateway = McpGateway(
    "shop",
    targets={
        "orders": {
            "target": targets.OpenApi("shop.yaml"),
            "credentials": credentials.ApiKey(key, location="HEADER", parameter_name="X-Api-Key"),
        },
    },
)

pulumi.export("gateways", {"shop": gateway.client_settings})
