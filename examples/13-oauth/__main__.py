"""The gateway fetches a token with the credentials of a client and sends it with every call."""

import pulumi

from agentcore_provider import McpGateway, OAuth2CredentialProvider, credentials, targets

client = OAuth2CredentialProvider(
    "shop",
    client_id="gateway",
    client_secret=pulumi.Config().get_secret("client_secret") or "shop-secret",
    discovery_url="http://127.0.0.1:8765/.well-known/openid-configuration",
)
gateway = McpGateway(
    "shop",
    targets={
        "orders": {
            "target": targets.OpenApi("shop.yaml"),
            "credentials": credentials.OAuth(client, ["orders"]),
        },
    },
)

pulumi.export("gateways", {"shop": gateway.client_settings})
