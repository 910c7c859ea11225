"""A signed-in MCP client: token, tools/list, tools/call, search."""
