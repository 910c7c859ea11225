"""Smithy targets: a tool for each operation. APIs of AWS are called on local AWS, others at their own endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint import aws_api_call, smithy_model, smithy_request, smithy_tool
from agentcore_provider.local.mcp_endpoint.http_result import call_http
from agentcore_provider.local.mcp_endpoint.results import failure

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.request_context import RequestContext, ToolCall
    from agentcore_provider.local.store import Target


def tools(target: Target, _context: RequestContext) -> list[JsonObject]:
    """The operations of the model's services."""
    return [smithy_tool.tool(operation) for operation in smithy_model.operations(target.tool_schema)]


def call(call: ToolCall) -> JsonObject:
    """Call the operation."""
    name = call.tool["name"]
    operation = next(found for found in smithy_model.operations(call.target.tool_schema) if found.name == name)
    service = aws_api_call.service_of(operation.service_traits)
    known = aws_api_call.operation_of(service, name) if service else None
    if known is not None:
        return aws_api_call.call_aws(call, known)
    try:
        return call_http(call, smithy_request.request(operation, call.arguments, call.context.gateway.region))
    except smithy_request.CannotBeSentError as error:
        return failure(call.context.gateway, str(error))
