"""`agentcore connect`: MCP clients of people get to know a gateway."""
