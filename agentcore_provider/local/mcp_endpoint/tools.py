"""The tools of a gateway: what tools/list shows and tools/call chooses from."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agentcore_provider.local.mcp_endpoint.page import page
from agentcore_provider.local.mcp_endpoint.target_kinds import TargetKind, Visit, kind_of
from agentcore_provider.local.mcp_endpoint.tool_schema import SchemaUnreadableError

if TYPE_CHECKING:
    from agentcore_provider.local.store import Gateway, Target

log = logging.getLogger(__name__)

SEPARATOR = "___"
SEARCH_TOOL = "x_amz_bedrock_agentcore_search"
SEARCH_DOCUMENT: dict[str, Any] = {
    "name": SEARCH_TOOL,
    # It begins as the service's does (public transcripts of 2026).
    "description": "A special tool that returns a trimmed down list of tools given a context. Use it when there are "
    "many tools: say what is to be done. On local AWS the search goes by words, not by meaning.",
    "inputSchema": {
        "type": "object",
        "properties": {"query": {"type": "string"}},
        "required": ["query"],
    },
}
# A target that is being changed goes on serving; one that never came up has nothing to serve.
LISTED = ("READY", "UPDATING", "UPDATE_UNSUCCESSFUL", "SYNCHRONIZING", "SYNCHRONIZE_UNSUCCESSFUL")


@dataclass(frozen=True)
class TargetTool:
    """One tool of one target. `tool` has its own name, `document` the one that clients see."""

    target: Target
    kind: TargetKind
    tool: dict[str, Any]
    document: dict[str, Any]


def of_targets(visit: Visit, targets: list[Target]) -> Iterator[TargetTool]:
    """Every tool of every target that serves, in the order the targets were created."""
    for target in targets:
        kind = kind_of(target)
        if kind is None or target.status not in LISTED:
            continue
        try:
            found = kind.tools(target, visit)
        except SchemaUnreadableError as error:
            log.warning("gateway %s, target %s: %s", visit.gateway.gateway_id, target.name, error)
            continue
        for tool in found:
            yield TargetTool(target, kind, tool, {**tool, "name": f"{target.name}{SEPARATOR}{tool['name']}"})


def searches(gateway: Gateway) -> bool:
    """Whether the gateway offers the search tool."""
    return bool(gateway.protocol_configuration.get("mcp", {}).get("searchType") == "SEMANTIC")


def listed(visit: Visit, targets: list[Target], cursor: Any) -> dict[str, Any]:
    """The result of tools/list, the search tool first. Raises JsonRpcError for a cursor that is not ours."""
    documents = [SEARCH_DOCUMENT] if searches(visit.gateway) else []
    documents += [tool.document for tool in of_targets(visit, targets)]
    if visit.gateway.protocol_configuration.get("mcp", {}).get("disableMcpListToolsPagination"):
        return {"tools": documents}
    return page("tools", documents, cursor)
