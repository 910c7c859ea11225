"""Policies in Cedar decide which tools may be called, and with which arguments."""

import pulumi

from agentcore_provider import McpGateway, targets

gateway = McpGateway(
    "shop",
    targets={"orders": targets.LambdaCode("code")},
    policies={
        "states": {"permit": "orders___order_state"},
        "parcels": {"file": "parcels.cedar", "description": "Freight is quoted by people"},
    },
)

pulumi.export("gateways", {"shop": gateway.client_settings})
