"""OpenAPI targets: a tool for each operation, a call is a request to the API's own server."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint import openapi_request, openapi_tool
from agentcore_provider.local.mcp_endpoint.http_result import call_http
from agentcore_provider.local.tool_schemas import openapi_document
from agentcore_provider.local.tool_schemas.openapi_document import Operation

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.request_context import RequestContext, ToolCall
    from agentcore_provider.local.store import Target


def tools(target: Target, _context: RequestContext) -> list[JsonObject]:
    """The operations that have an operationId."""
    return [openapi_tool.tool(operation) for operation in operations_of(target.tool_schema)]


def call(call: ToolCall) -> JsonObject:
    """Send the operation's request."""
    for operation in operations_of(call.target.tool_schema):
        if operation.operation_id == call.tool["name"]:
            return call_http(call, openapi_request.request(operation, call.arguments))
    raise LookupError(f"{call.tool['name']} is not in the document it came from")


@functools.lru_cache(maxsize=128)
def operations_of(text: str) -> tuple[Operation, ...]:
    """The operations in a document's text. Documents are large and every call needs them, so they are kept."""
    return tuple(openapi_document.operations(openapi_document.parse(text)))
