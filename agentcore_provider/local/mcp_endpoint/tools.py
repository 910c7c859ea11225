"""The tools of a gateway: what tools/list shows and tools/call chooses from."""

from __future__ import annotations

import base64
import binascii
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint.json_rpc import INVALID_PARAMS, JsonRpcError
from agentcore_provider.local.mcp_endpoint.mcp_server_target import is_dynamic
from agentcore_provider.local.mcp_endpoint.target_kinds import kind_of
from agentcore_provider.local.tool_schemas.tool_schema import SchemaUnreadableError

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.request_context import RequestContext, TargetKind
    from agentcore_provider.local.store import Gateway, Target
    from agentcore_provider.local.tool_schemas.tool_schema import Tool

log = logging.getLogger(__name__)

SEPARATOR = "___"
SEARCH_TOOL = "x_amz_bedrock_agentcore_search"
SEARCH_DOCUMENT: JsonObject = {
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
MOST_ITEMS = 100


@dataclass(frozen=True)
class TargetTool:
    """One tool of one target. `tool` has its own name, `document` the one that clients see."""

    target: Target
    kind: TargetKind
    tool: Tool
    document: Tool


_known: WeakKeyDictionary[Target, dict[str, TargetTool]] = WeakKeyDictionary()
"""The tools of targets by their own names, for as long as a target stays as it is."""


def find(context: RequestContext, name: str) -> TargetTool | None:
    """The tool that clients call by this name: that of its target alone is looked at. None if there is none."""
    # The name of a target has no underscore.
    target_name, separator, tool_name = name.partition(SEPARATOR)
    target = context.target(target_name) if separator else None
    return _tools_of(target, context).get(tool_name) if target is not None else None


def of_targets(context: RequestContext) -> Iterator[TargetTool]:
    """Every tool of every target that serves, in the order the targets were created."""
    for target in context.targets:
        yield from _tools_of(target, context).values()


def known(context: RequestContext) -> tuple[list[Tool], list[str]]:
    """The tools of targets as clients see them, and the names of targets of which nothing is known before they are asked."""
    asked = [target.name for target in context.targets if kind_of(target) is None or is_dynamic(target)]
    found = (_tools_of(target, context) for target in context.targets if target.name not in asked)
    return [tool.document for each in found for tool in each.values()], asked


def _tools_of(target: Target, context: RequestContext) -> dict[str, TargetTool]:
    kind = kind_of(target)
    if kind is None or target.status not in LISTED:
        return {}
    known = _known.get(target)
    if known is None:
        known = {}
        for tool in _read(target, kind, context):
            document = {**tool, "name": f"{target.name}{SEPARATOR}{tool['name']}"}
            known.setdefault(tool["name"], TargetTool(target, kind, tool, document))
        if not is_dynamic(target):
            _known[target] = known
    return known


def _read(target: Target, kind: TargetKind, context: RequestContext) -> list[Tool]:
    """The tools of one target; none if it is broken, whatever breaks it: the others go on serving."""
    try:
        found = list(kind.tools(target, context))
    except Exception as error:
        is_known = isinstance(error, SchemaUnreadableError)
        text = str(error) if is_known else f"{type(error).__name__}: {error}"
        log.warning("gateway %s, target %s: %s", context.gateway.gateway_id, target.name, text, exc_info=not is_known)
        return []
    usable = [tool for tool in found if _is_tool(tool)]
    if len(usable) < len(found):
        count = len(found) - len(usable)
        log.warning(
            "gateway %s, target %s: %d of its tools are not valid", context.gateway.gateway_id, target.name, count
        )
    return usable


def _is_tool(tool: Any) -> bool:
    """Whether clients accept it: one invalid document would make them reject the whole list."""
    if not isinstance(tool, dict) or not isinstance(tool.get("name"), str) or not tool["name"]:
        return False
    schemas = [tool.get("inputSchema"), tool.get("outputSchema", {"type": "object"})]
    return (
        all(isinstance(it, dict) and it.get("type") == "object" for it in schemas)
        and isinstance(tool.get("description", ""), str)
        and isinstance(tool.get("title", ""), str)
        and isinstance(tool.get("annotations", {}), dict)
    )


def searches(gateway: Gateway) -> bool:
    """Whether the gateway offers the search tool."""
    return bool(gateway.protocol_configuration.get("mcp", {}).get("searchType") == "SEMANTIC")


def listed(context: RequestContext, shown: list[TargetTool], cursor: object) -> JsonObject:
    """The result of tools/list, the search tool first. shown: those that the caller may know of.

    Raises JsonRpcError for a cursor that is not ours.
    """
    documents = [SEARCH_DOCUMENT] if searches(context.gateway) else []
    documents += [tool.document for tool in shown]
    if context.gateway.protocol_configuration.get("mcp", {}).get("disableMcpListToolsPagination"):
        return {"tools": documents}
    return page("tools", documents, cursor)


def page(member: str, items: list[JsonObject], cursor: object) -> JsonObject:
    """The result with the items from the cursor on. Raises JsonRpcError for a cursor that is not ours."""
    start = 0 if cursor is None else _start(member, cursor)
    result: JsonObject = {member: items[start : start + MOST_ITEMS]}
    if start + MOST_ITEMS < len(items):
        result["nextCursor"] = base64.urlsafe_b64encode(f"{member}:{start + MOST_ITEMS}".encode()).decode()
    return result


def _start(member: str, cursor: object) -> int:
    try:
        word, _, number = base64.urlsafe_b64decode(str(cursor)).decode().partition(":")
        if word == member and number.isdecimal():
            return int(number)
    except (TypeError, ValueError, binascii.Error):
        pass
    raise JsonRpcError(INVALID_PARAMS, "Invalid params: the cursor is not one of this gateway.")
