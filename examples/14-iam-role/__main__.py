"""Calls are signed with the role of the gateway, as AWS services and API Gateway ask for it."""

import pulumi

from agentcore_provider import McpGateway, credentials, targets

gateway = McpGateway(
    "shop",
    targets={
        "orders": {
            "target": targets.OpenApi("shop.yaml"),
            "credentials": credentials.IamRole(service="execute-api"),
        },
    },
)

pulumi.export("gateways", {"shop": gateway.client_settings})
