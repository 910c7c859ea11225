"""tools/call: find the tool, check the arguments, let its target run it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from agentcore_provider.local import search
from agentcore_provider.local.mcp_endpoint import arguments as tool_arguments
from agentcore_provider.local.mcp_endpoint import tools
from agentcore_provider.local.mcp_endpoint.json_rpc import INVALID_PARAMS, JsonRpcError, Message
from agentcore_provider.local.mcp_endpoint.results import text_result
from agentcore_provider.local.mcp_endpoint.target_kinds import Converses, ToolCall, Visit

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.mcp_server_session import Messages
    from agentcore_provider.local.store import Target

TOOLS_FOUND = 10  # the most that one search gives


def converse(visit: Visit, targets: list[Target], message: Message) -> Messages:
    """What a tool says before its result, and the CallToolResult. Raises JsonRpcError for a tool that is not there."""
    name = message.params.get("name")
    arguments = message.params.get("arguments")
    arguments = {} if arguments is None else arguments
    if not isinstance(name, str):
        raise JsonRpcError(INVALID_PARAMS, 'Invalid params: "name" must be a string.')
    if not isinstance(arguments, dict):
        raise JsonRpcError(INVALID_PARAMS, 'Invalid params: "arguments" must be an object.')
    if name == tools.SEARCH_TOOL and tools.searches(visit.gateway):
        return _refusal(tools.SEARCH_DOCUMENT, arguments) or _search(visit, targets, arguments["query"])
    for found in tools.of_targets(visit, targets):
        if found.document["name"] == name:
            meta = message.params.get("_meta")
            tool_call = ToolCall(
                visit,
                found.target,
                found.tool,
                name,
                arguments,
                message.message_id,
                meta if isinstance(meta, dict) else {},
            )
            if refusal := _refusal(found.tool, arguments):
                return refusal
            if isinstance(found.kind, Converses):
                return (yield from found.kind.converse(tool_call))
            return found.kind.call(tool_call)
    raise JsonRpcError(INVALID_PARAMS, f"Unknown tool: {name}")


def _refusal(tool: dict[str, Any], arguments: dict[str, Any]) -> dict[str, Any] | None:
    problems = tool_arguments.problems(tool.get("inputSchema", {}), arguments)
    if not problems:
        return None
    lines = "\n".join(f"- {problem}" for problem in problems)
    # The service's wording, as seen in public transcripts of tool calls.
    text = f"ValidationException - Parameter validation failed: Invalid request parameters:\n{lines}"
    return text_result(text, is_error=True)


def _search(visit: Visit, targets: list[Target], query: str) -> dict[str, Any]:
    documents = [found.document for found in tools.of_targets(visit, targets)]
    answer = {"tools": search.rank(query, documents)[:TOOLS_FOUND]}
    result = text_result(json.dumps(answer, ensure_ascii=False, separators=(",", ":")))
    return {**result, "structuredContent": answer}
