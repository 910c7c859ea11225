"""Tools of another MCP server stand beside those of all other targets."""

import pulumi

from agentcore_provider import McpGateway, targets

gateway = McpGateway("shop", targets={"stock": targets.McpServer("https://127.0.0.1:8765/mcp")})

pulumi.export("gateways", {"shop": gateway.client_settings})
