"""MCP-server targets: another server's tools, listed and called by the official MCP client.

The tools are those that were read when the target was created, updated or synchronized; of a static mcpToolSchema;
or, with listingMode DYNAMIC, the server's own at the moment they are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentcore_provider.local.mcp_endpoint import tool_schema
from agentcore_provider.local.mcp_endpoint.results import failure
from agentcore_provider.local.mcp_endpoint.tool_schema import SchemaUnreadableError

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.target_kinds import ToolCall, Visit
    from agentcore_provider.local.store import Target

_TOOL_KEYS = ("name", "title", "description", "inputSchema", "outputSchema", "annotations")


def tools(target: Target, visit: Visit) -> list[dict[str, Any]]:
    """The server's tools, as known or as asked."""
    if target.target_configuration["mcp"]["mcpServer"].get("listingMode") != "DYNAMIC":
        return _shown(tool_schema.definitions(target.tool_schema))
    from agentcore_provider.local.mcp_endpoint import mcp_server_session

    try:
        return read_tools(target, visit)
    except mcp_server_session.McpServerError as error:
        raise SchemaUnreadableError(str(error)) from error


def call(call: ToolCall) -> dict[str, Any]:
    """Have the server run its tool; its result goes to the client as it is."""
    from agentcore_provider.local.mcp_endpoint import mcp_server_session

    try:
        result = mcp_server_session.call_tool(call.target, call.visit, call.tool["name"], call.arguments)
    except mcp_server_session.McpServerError as error:
        return failure(call.visit.gateway, str(error))
    result.pop("_meta", None)
    return result


def read_tools(target: Target, visit: Visit) -> list[dict[str, Any]]:
    """All tools of the server. Without a client in `visit`, tokens are the gateway's own. Raises McpServerError."""
    from agentcore_provider.local.mcp_endpoint import mcp_server_session

    return _shown(mcp_server_session.list_tools(target, visit))


def _shown(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: tool[key] for key in _TOOL_KEYS if tool.get(key) is not None} for tool in found]
