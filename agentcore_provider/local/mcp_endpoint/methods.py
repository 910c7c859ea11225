"""The MCP methods of a gateway, one function each. tools/call may send messages before its result: `converse`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from agentcore_provider.local import search
from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint import arguments as tool_arguments
from agentcore_provider.local.mcp_endpoint import policies, protocol_versions, server_lists, tools
from agentcore_provider.local.mcp_endpoint.json_rpc import INVALID_PARAMS, METHOD_NOT_FOUND, JsonRpcError, Message
from agentcore_provider.local.mcp_endpoint.request_context import RequestContext, ToolCall
from agentcore_provider.local.mcp_endpoint.results import text_result
from agentcore_provider.local.mcp_endpoint.tools import page
from agentcore_provider.local.mcp_revisions import STATELESS

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.request_context import Messages
    from agentcore_provider.local.store import Gateway

SERVER_VERSION = "1.0.0"
TOOLS_FOUND = 10  # the most that one search gives


def server(gateway: Gateway) -> dict[str, str]:
    """The gateway as a server introduces itself."""
    return {"name": gateway.name, "version": SERVER_VERSION}


def answer(context: RequestContext, message: Message) -> JsonObject:
    """The result of a request. Raises JsonRpcError."""
    method = _METHODS.get(message.method)
    if method is None:
        raise JsonRpcError(METHOD_NOT_FOUND, f"Method not found: {message.method}")
    return method(context, message)


def _initialize(context: RequestContext, message: Message) -> JsonObject:
    version = protocol_versions.negotiate(context.gateway, message.params.get("protocolVersion"))
    return {"protocolVersion": version, **_about(context)}


def _discover(context: RequestContext, message: Message) -> JsonObject:
    versions = protocol_versions.supported(context.gateway)
    if STATELESS not in versions:
        # A client that gets this falls back to initialize.
        raise JsonRpcError(METHOD_NOT_FOUND, f"Method not found: {message.method}")
    about = {name: value for name, value in _about(context).items() if name != "serverInfo"}
    return {"supportedVersions": list(versions), **about}


def _ping(_context: RequestContext, _message: Message) -> JsonObject:
    return {}


def _list_tools(context: RequestContext, message: Message) -> JsonObject:
    shown = policies.filter_tools(context, [*tools.of_targets(context)])
    return tools.listed(context, shown, message.params.get("cursor"))


def _list_prompts(context: RequestContext, message: Message) -> JsonObject:
    return _page_of("prompts", context, message)


def _get_prompt(context: RequestContext, message: Message) -> JsonObject:
    return server_lists.get_prompt(context, message)


def _list_resources(context: RequestContext, message: Message) -> JsonObject:
    return _page_of("resources", context, message)


def _list_resource_templates(context: RequestContext, message: Message) -> JsonObject:
    return _page_of("resourceTemplates", context, message)


def _read_resource(context: RequestContext, message: Message) -> JsonObject:
    return server_lists.read_resource(context, message)


def _page_of(member: str, context: RequestContext, message: Message) -> JsonObject:
    return page(member, server_lists.listed(context, member), message.params.get("cursor"))


def _about(context: RequestContext) -> JsonObject:
    has_servers = any("mcpServer" in target.target_configuration.get("mcp", {}) for target in context.targets)
    about: JsonObject = {
        "capabilities": {
            "tools": {"listChanged": False},
            **({"prompts": {"listChanged": False}, "resources": {"listChanged": False}} if has_servers else {}),
        },
        "serverInfo": server(context.gateway),
    }
    instructions = context.gateway.protocol_configuration.get("mcp", {}).get("instructions")
    return {**about, "instructions": instructions} if instructions else about


_METHODS: dict[str, Callable[[RequestContext, Message], JsonObject]] = {
    "initialize": _initialize,
    "server/discover": _discover,
    "ping": _ping,
    "tools/list": _list_tools,
    "prompts/list": _list_prompts,
    "prompts/get": _get_prompt,
    "resources/list": _list_resources,
    "resources/read": _read_resource,
    "resources/templates/list": _list_resource_templates,
}


def converse(context: RequestContext, message: Message) -> Messages:
    """A tool's messages before its result, and the CallToolResult. Raises JsonRpcError for an unknown tool."""
    name = message.params.get("name")
    arguments = message.params.get("arguments")
    arguments = {} if arguments is None else arguments
    if not isinstance(name, str):
        raise JsonRpcError(INVALID_PARAMS, 'Invalid params: "name" must be a string.')
    if not isinstance(arguments, dict):
        raise JsonRpcError(INVALID_PARAMS, 'Invalid params: "arguments" must be an object.')
    if name == tools.SEARCH_TOOL and tools.searches(context.gateway):
        return _invalid_arguments(tools.SEARCH_DOCUMENT, arguments) or _search(context, arguments["query"])
    found = tools.find(context, name)
    if found is None:
        raise JsonRpcError(INVALID_PARAMS, f"Unknown tool: {name}")
    problem = _invalid_arguments(found.tool, arguments)
    # A caller who may not know of a tool does not learn its arguments either.
    policies.check(context, found, None if problem else arguments)
    if context.log is not None:
        context.log.execute(name, found.target)
    if problem:
        return problem
    meta = message.params.get("_meta")
    meta = meta if isinstance(meta, dict) else {}
    tool_call = ToolCall(context, found.target, found.tool, name, arguments, message.message_id, meta)
    result = found.kind.call(tool_call)
    return result if isinstance(result, dict) else (yield from result)


def _invalid_arguments(tool: JsonObject, arguments: JsonObject) -> JsonObject | None:
    problems = tool_arguments.problems(tool.get("inputSchema", {}), arguments)
    if not problems:
        return None
    lines = "\n".join(f"- {problem}" for problem in problems)
    # The service's wording, as observed in public transcripts of tool calls.
    text = f"ValidationException - Parameter validation failed: Invalid request parameters:\n{lines}"
    return text_result(text, is_error=True)


def _search(context: RequestContext, query: str) -> JsonObject:
    documents = [found.document for found in policies.filter_tools(context, [*tools.of_targets(context)])]
    answer = {"tools": search.rank(query, documents)[:TOOLS_FOUND]}
    result = text_result(json.dumps(answer, ensure_ascii=False, separators=(",", ":")))
    return {**result, "structuredContent": answer}
