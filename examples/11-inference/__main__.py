"""Clients of one address reach the models of a provider, with names that the gateway maps."""

import pulumi

from agentcore_provider import ApiKeyCredentialProvider, McpGateway, credentials, targets

key = ApiKeyCredentialProvider("models", api_key=pulumi.Config().get_secret("key") or "shop-key")
models = targets.Inference(
    "https://127.0.0.1:8765/key",
    operations=[targets.InferenceOperation("/v1/messages", models=["clerk-*"])],
)
gateway = McpGateway(
    "shop",
    protocol_type=None,
    targets={
        "models": {
            "target": models,
            "credentials": credentials.ApiKey(key, location="HEADER", parameter_name="X-Api-Key"),
        },
    },
)

pulumi.export("gateways", {"shop": gateway.client_settings})
pulumi.export("url", gateway.gateway_url.apply(lambda url: url.removesuffix("/mcp")))
