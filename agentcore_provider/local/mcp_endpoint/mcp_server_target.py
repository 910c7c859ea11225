"""MCP-server targets: another server's tools, prompts and resources.

They are those that were read when the target was created, updated or synchronized; of a static mcpToolSchema; or, with
listingMode DYNAMIC, the server's own at the moment they are asked for.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint.json_rpc import URL_ELICITATION_REQUIRED, JsonRpcError
from agentcore_provider.local.mcp_endpoint.mcp_server_session import (
    McpServerCredentialError,
    McpServerError,
    McpServerSession,
    reason,
)
from agentcore_provider.local.mcp_endpoint.mcp_server_sessions import kept
from agentcore_provider.local.mcp_endpoint.results import failure, no_credential
from agentcore_provider.local.tool_schemas import tool_schema
from agentcore_provider.local.tool_schemas.tool_schema import SchemaUnreadableError

_log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.request_context import Messages, RequestContext, ToolCall
    from agentcore_provider.local.store import Target

_TOOL_KEYS = ("name", "title", "description", "inputSchema", "outputSchema", "annotations")
LISTS = {
    "prompts": ("prompts", "prompts/list"),
    "resources": ("resources", "resources/list"),
    "resourceTemplates": ("resources", "resources/templates/list"),
}
"""What a server lists besides tools: the member of the answer -> the capability that goes with it, and the method."""


def tools(target: Target, context: RequestContext) -> list[JsonObject]:
    """The server's tools, as known or as asked."""
    if not is_dynamic(target):
        return _usable(tool_schema.definitions(target.tool_schema))
    try:
        return _usable(kept.of(target, context).pages(context, "tools/list", "tools"))
    except McpServerError as error:
        raise SchemaUnreadableError(str(error)) from error


def call(call: ToolCall) -> Messages:
    """Have the server run its tool; its messages go to the client as they are.

    Raises JsonRpcError where the server wants the user to go to an address first.
    """
    params: JsonObject = {"name": call.tool["name"], "arguments": call.arguments}
    if meta := forwarded(call.meta):
        params["_meta"] = meta
    gateway = call.context.gateway
    try:
        session = kept.of(call.target, call.context)
        document = yield from session.ask(call.context, "tools/call", params)
    except McpServerCredentialError as error:
        return no_credential(gateway, error.cause)
    except McpServerError as error:
        return failure(gateway, str(error))
    if "error" in document:
        raise_elicitation(document)
        return failure(gateway, f"The MCP server {session.url} answered with an error: {reason(document)}")
    result = dict(document["result"]) if isinstance(document.get("result"), dict) else {}
    for name in ("_meta", "resultType"):
        result.pop(name, None)
    return result


def read_lists(target: Target, context: RequestContext) -> dict[str, list[JsonObject]]:
    """All tools, prompts, resources and resource templates of the server, in a conversation of its own.

    Raises McpServerError.
    """
    session = McpServerSession(target, {}, by_machine=True)
    try:
        found = {"tools": _usable(session.pages(context, "tools/list", "tools"))}
        for member in LISTS:
            found[member] = _listed(session, context, member)
        return found
    finally:
        session.close(context)


def listed(target: Target, context: RequestContext, member: str) -> list[JsonObject]:
    """One of the server's LISTS, as known or as asked. Raises McpServerError."""
    if not is_dynamic(target):
        return target.server_lists.get(member, [])
    session = kept.of(target, context)
    session.begin(context)
    return _listed(session, context, member)


def is_dynamic(target: Target) -> bool:
    """Whether the server is asked for its lists each time that a client asks for them."""
    return target.target_configuration.get("mcp", {}).get("mcpServer", {}).get("listingMode") == "DYNAMIC"


def forwarded(meta: JsonObject) -> JsonObject:
    """What of a request's `_meta` is for the server: not what the client states about its own revision."""
    return {name: value for name, value in meta.items() if not name.startswith("io.modelcontextprotocol/")}


def raise_elicitation(document: JsonObject) -> None:
    """Raise the error of an answer that names an address to go to; the client needs it as it is."""
    error = document["error"]
    if isinstance(error, dict) and error.get("code") == URL_ELICITATION_REQUIRED:
        raise JsonRpcError(URL_ELICITATION_REQUIRED, str(error.get("message")), data=error.get("data"))


def _listed(session: McpServerSession, context: RequestContext, member: str) -> list[JsonObject]:
    capability, method = LISTS[member]
    if capability not in session.server_capabilities:
        return []
    try:
        return session.pages(context, method, member)
    except McpServerCredentialError:
        raise
    except McpServerError:
        # Not every server with resources has templates, and none is worth the tools.
        return []


def _usable(found: list[JsonObject]) -> list[JsonObject]:
    """The tools as clients get them.

    Observed on the service (public reports of 2026): a tool whose schema has references is left out silently.
    """
    usable = []
    for tool in found:
        if _refers(tool.get("inputSchema")):
            _log.warning(
                "MCP server tool %s is left out, as on AWS: its inputSchema has $ref or $defs; write the parts out where "
                "they are used",
                tool.get("name"),
            )
            continue
        usable.append({key: tool[key] for key in _TOOL_KEYS if tool.get(key) is not None})
    return usable


def _refers(part: object) -> bool:
    if isinstance(part, dict):
        return "$ref" in part or "$defs" in part or any(_refers(value) for value in part.values())
    return isinstance(part, list) and any(_refers(item) for item in part)
