"""The endpoint gets the token that the caller signed in with, and decides by itself."""

import pulumi

from agentcore_provider import McpGateway, credentials, targets

orders = targets.Passthrough("https://127.0.0.1:8765/token", "CUSTOM")
gateway = McpGateway(
    "shop",
    protocol_type=None,
    targets={"orders": {"target": orders, "credentials": credentials.JwtPassthrough()}},
)

pulumi.export("gateways", {"shop": gateway.client_settings})
pulumi.export("url", gateway.gateway_url.apply(lambda url: url.removesuffix("/mcp")))
