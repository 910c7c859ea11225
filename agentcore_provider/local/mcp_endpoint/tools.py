"""The tools of a gateway: what tools/list shows and tools/call chooses from."""

from __future__ import annotations

import base64
import binascii
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agentcore_provider.local.mcp_endpoint.json_rpc import INVALID_PARAMS, JsonRpcError
from agentcore_provider.local.mcp_endpoint.target_kinds import TargetKind, Visit, kind_of
from agentcore_provider.local.mcp_endpoint.tool_schema import SchemaUnreadableError

if TYPE_CHECKING:
    from agentcore_provider.local.store import Gateway, Target

_log = logging.getLogger(__name__)

TOOLS_PER_PAGE = 100
SEPARATOR = "___"
SEARCH_TOOL = "x_amz_bedrock_agentcore_search"
SEARCH_DOCUMENT: dict[str, Any] = {
    "name": SEARCH_TOOL,
    "description": "Finds the tools of this gateway that suit a task. Use it when there are many tools: say what "
    "is to be done, and a short list comes back. On local AWS the search goes by words, not by meaning.",
    "inputSchema": {
        "type": "object",
        "properties": {"query": {"type": "string", "description": "What is to be done, in plain words."}},
        "required": ["query"],
    },
}
# A target that is being changed goes on serving; one that never came up has nothing to serve.
_LISTED = ("READY", "UPDATING", "UPDATE_UNSUCCESSFUL", "SYNCHRONIZING", "SYNCHRONIZE_UNSUCCESSFUL")


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
        if kind is None or target.status not in _LISTED:
            continue
        try:
            found = kind.tools(target, visit)
        except SchemaUnreadableError as error:
            _log.warning("gateway %s, target %s: %s", visit.gateway.gateway_id, target.name, error)
            continue
        for tool in found:
            yield TargetTool(target, kind, tool, {**tool, "name": f"{target.name}{SEPARATOR}{tool['name']}"})


def searches(gateway: Gateway) -> bool:
    """Whether the gateway offers the search tool."""
    return bool(gateway.protocol_configuration.get("mcp", {}).get("searchType") == "SEMANTIC")


def page(visit: Visit, targets: list[Target], cursor: Any) -> dict[str, Any]:
    """The result of tools/list: up to TOOLS_PER_PAGE tools and a cursor while there are more; the search tool first.

    Raises JsonRpcError for a cursor that is not ours.
    """
    documents = [SEARCH_DOCUMENT] if searches(visit.gateway) else []
    documents += [tool.document for tool in of_targets(visit, targets)]
    if visit.gateway.protocol_configuration.get("mcp", {}).get("disableMcpListToolsPagination"):
        return {"tools": documents}
    start = _start(cursor)
    result: dict[str, Any] = {"tools": documents[start : start + TOOLS_PER_PAGE]}
    if start + TOOLS_PER_PAGE < len(documents):
        result["nextCursor"] = base64.urlsafe_b64encode(f"tools:{start + TOOLS_PER_PAGE}".encode()).decode()
    return result


def _start(cursor: Any) -> int:
    if cursor is None:
        return 0
    try:
        word, _, number = base64.urlsafe_b64decode(cursor).decode().partition(":")
        if word == "tools" and number.isdecimal():
            return int(number)
    except (TypeError, ValueError, binascii.Error):
        pass
    raise JsonRpcError(INVALID_PARAMS, "Invalid params: the cursor is not one of this gateway.")
