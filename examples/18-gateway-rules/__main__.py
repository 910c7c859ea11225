"""A rule sends requests for a model to a provider, and to another one when that provider is out of order."""

import pulumi

from agentcore_provider import ApiKeyCredentialProvider, McpGateway, credentials, routes, targets

key = ApiKeyCredentialProvider("models", api_key=pulumi.Config().get_secret("key") or "shop-key")
sign_in = credentials.ApiKey(key, location="HEADER", parameter_name="X-Api-Key")
gateway = McpGateway(
    "shop",
    protocol_type=None,
    targets={
        "first": {"target": targets.Inference("https://127.0.0.1:8765/busy"), "credentials": sign_in},
        "second": {"target": targets.Inference("https://127.0.0.1:8765/key"), "credentials": sign_in},
    },
    rules={
        "clerk": {
            "priority": 100,
            "models": ["clerk-*"],
            "route": routes.StaticRoute(
                "first",
                fallback=routes.Fallback(
                    [routes.FallbackTarget("second", model="clerk-2")], status_codes=["429", "5XX"]
                ),
            ),
            "description": "Another provider answers while the first one is busy",
        },
    },
)

pulumi.export("gateways", {"shop": gateway.client_settings})
pulumi.export("url", gateway.gateway_url.apply(lambda url: url.removesuffix("/mcp")))
