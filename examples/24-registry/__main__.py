"""A registry, in which people and agents find the gateway by what it is for."""

import pulumi

from agentcore_provider import McpGateway, Registry, RegistryRecord, targets

gateway = McpGateway("shop", targets={"stock": targets.McpServer("https://127.0.0.1:8765/mcp")})
catalogue = Registry("catalogue", description="What the shop's agents use", auto_approve=True)
record = RegistryRecord(
    "shop",
    registry=catalogue,
    gateway=gateway.gateway,
    display_name="The shop",
    description="How many lamps and chairs are in stock",
)

pulumi.export("gateways", {"shop": gateway.client_settings})
pulumi.export("registry", catalogue.registry_id)
