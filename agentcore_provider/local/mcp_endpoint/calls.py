"""tools/call: find the tool, check the arguments, let its target run it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from agentcore_provider.local import search
from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint import arguments as tool_arguments
from agentcore_provider.local.mcp_endpoint import tools
from agentcore_provider.local.mcp_endpoint.json_rpc import INVALID_PARAMS, JsonRpcError, Message
from agentcore_provider.local.mcp_endpoint.request_context import Converses, RequestContext, ToolCall
from agentcore_provider.local.mcp_endpoint.results import text_result

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.request_context import Messages

TOOLS_FOUND = 10  # the most that one search gives


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
    if problem := _invalid_arguments(found.tool, arguments):
        return problem
    meta = message.params.get("_meta")
    meta = meta if isinstance(meta, dict) else {}
    tool_call = ToolCall(context, found.target, found.tool, name, arguments, message.message_id, meta)
    if isinstance(found.kind, Converses):
        return (yield from found.kind.converse(tool_call))
    return found.kind.call(tool_call)


def _invalid_arguments(tool: JsonObject, arguments: JsonObject) -> JsonObject | None:
    problems = tool_arguments.problems(tool.get("inputSchema", {}), arguments)
    if not problems:
        return None
    lines = "\n".join(f"- {problem}" for problem in problems)
    # The service's wording, as observed in public transcripts of tool calls.
    text = f"ValidationException - Parameter validation failed: Invalid request parameters:\n{lines}"
    return text_result(text, is_error=True)


def _search(context: RequestContext, query: str) -> JsonObject:
    documents = [found.document for found in tools.of_targets(context)]
    answer = {"tools": search.rank(query, documents)[:TOOLS_FOUND]}
    result = text_result(json.dumps(answer, ensure_ascii=False, separators=(",", ":")))
    return {**result, "structuredContent": answer}
