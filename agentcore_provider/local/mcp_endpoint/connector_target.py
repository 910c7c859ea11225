"""Connector targets: tools that AWS itself runs. Local AWS has none of them: a call is answered with an error.

A connector's tools are known to AWS only. Listed are those that the target names in `configurations`, so that the
programs around them can be tried; each answers with an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint.results import failure

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.request_context import RequestContext, ToolCall
    from agentcore_provider.local.store import Target


def tools(target: Target, _context: RequestContext) -> list[JsonObject]:
    """The tools that the target's configurations name, for any arguments."""
    connector = target.target_configuration["mcp"]["connector"]
    enabled = connector.get("enabled")
    return [
        {
            "name": tool["name"],
            "description": tool.get("description") or f"{tool['name']} of {connector['source']['connectorId']}",
            "inputSchema": {"type": "object", "properties": {}},
        }
        for tool in connector.get("configurations", ())
        if enabled is None or tool["name"] in enabled
    ]


def call(call: ToolCall) -> JsonObject:
    """The error that names what is missing."""
    connector = call.target.target_configuration["mcp"]["connector"]["source"]["connectorId"]
    return failure(
        call.context.gateway,
        f"The connector {connector} runs inside AWS and is not available on local AWS: deploy this target to an AWS "
        f"account to call {call.qualified_name}, or put a Lambda target with the same tools in its place here.",
    )
