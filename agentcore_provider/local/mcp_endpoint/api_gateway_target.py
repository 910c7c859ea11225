"""API Gateway targets: the operations of a REST API's stage that the target selects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentcore_provider.local.mcp_endpoint import api_gateway_stage, openapi_request, openapi_tool
from agentcore_provider.local.mcp_endpoint.http_result import prepared, result_of, unreachable
from agentcore_provider.local.mcp_endpoint.openapi_target import operations_of
from agentcore_provider.local.mcp_endpoint.results import no_credential
from agentcore_provider.local.outbound import CredentialError, UnreachableError

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.target_kinds import ToolCall, Visit
    from agentcore_provider.local.store import Target


def tools(target: Target, _visit: Visit) -> list[dict[str, Any]]:
    """The tools of the REST API as it was when the target was created or updated."""
    return [openapi_tool.tool(operation) for operation in operations_of(target.tool_schema)]


def call(call: ToolCall) -> dict[str, Any]:
    """Send the operation's request to the stage."""
    name = call.tool["name"]
    operation = next(found for found in operations_of(call.target.tool_schema) if found.operation_id == name)
    request = openapi_request.request(operation, call.arguments)
    try:
        request = prepared(call, request, service="execute-api")
        configuration = call.target.target_configuration["mcp"]["apiGateway"]
        answer = api_gateway_stage.serve(call.visit, configuration["restApiId"], configuration["stage"], request)
        return result_of(call, answer)
    except CredentialError as error:
        return no_credential(call.visit.gateway, error)
    except UnreachableError as error:
        return unreachable(call, error)
