"""A plain MCP server of the official SDK, without sessions: argument, its port."""

from __future__ import annotations

import sys

import uvicorn
from mcp.server.fastmcp import FastMCP

server = FastMCP("orders", stateless_http=True, json_response=True, log_level="ERROR")


@server.tool()
def find_order(order_id: str) -> dict[str, str]:
    """Find an order."""
    return {"order_id": order_id}


uvicorn.run(server.streamable_http_app(), host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
