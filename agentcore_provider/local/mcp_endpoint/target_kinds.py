"""The kinds of targets whose tools local AWS can list and call: one row and one file each.

A kind's file has `tools(target, context)` and `call(tool_call)`, see TargetKind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentcore_provider.local.mcp_endpoint import (
    api_gateway_target,
    connector_target,
    lambda_target,
    mcp_server_target,
    openapi_target,
    smithy_target,
)

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.request_context import TargetKind
    from agentcore_provider.local.store import Target

_KINDS: dict[str, TargetKind] = {
    "mcp.lambda": lambda_target,
    "mcp.openApiSchema": openapi_target,
    "mcp.smithyModel": smithy_target,
    "mcp.mcpServer": mcp_server_target,
    "mcp.apiGateway": api_gateway_target,
    "mcp.connector": connector_target,
}


def kind_of(target: Target) -> TargetKind | None:
    """The kind of a target, None for one that has no tools, such as those that forward HTTP."""
    return _KINDS.get(target.kind)
