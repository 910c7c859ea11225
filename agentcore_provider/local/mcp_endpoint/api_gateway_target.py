"""API Gateway targets: the operations of a REST API's stage that the target selects.

Observed on the service (public transcripts of 2026): each tool also takes `basePath`, the variable of the export's server. It
may not have a slash, and anything but the stage is another address, which API Gateway answers with 403.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint import api_gateway_stage, openapi_request, openapi_target
from agentcore_provider.local.mcp_endpoint.api_gateway_stage import json_answer
from agentcore_provider.local.mcp_endpoint.results import failure, no_credential, prepared, result_of, unreachable
from agentcore_provider.local.outbound import CredentialError, UnreachableError

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.request_context import RequestContext, ToolCall
    from agentcore_provider.local.store import Target

BASE_PATH = "basePath"
"""The variable of an export's server: the stage."""


def tools(target: Target, _context: RequestContext) -> list[JsonObject]:
    """The tools of the REST API as it was when the target was created or updated."""
    return [
        _with_base_path(openapi_target.tool(operation))
        for operation in openapi_target.operations_of(target.tool_schema)
    ]


def call(call: ToolCall) -> JsonObject:
    """Send the operation's request to the stage."""
    name = call.tool["name"]
    operation = next(
        found for found in openapi_target.operations_of(call.target.tool_schema) if found.operation_id == name
    )
    request = openapi_request.request(operation, call.arguments)
    base_path = str(call.arguments.get(BASE_PATH) or "")
    if "/" in base_path:
        return failure(call.context.gateway, f"Server URL parameter '{BASE_PATH}' contains invalid character '/'")
    try:
        request = prepared(call, request, service="execute-api")
        configuration = call.target.target_configuration["mcp"]["apiGateway"]
        stage = configuration["stage"]
        if base_path not in ("", stage):
            return result_of(call, json_answer(403, {"message": "Forbidden"}))
        answer = api_gateway_stage.serve(call.context, configuration["restApiId"], stage, request)
        return result_of(call, answer)
    except CredentialError as error:
        return no_credential(call.context.gateway, error)
    except UnreachableError as error:
        return unreachable(call, error)


def _with_base_path(tool: JsonObject) -> JsonObject:
    schema = tool["inputSchema"]
    properties = {**schema["properties"], BASE_PATH: {"type": "string"}}
    return {**tool, "inputSchema": {**schema, "properties": properties}}
