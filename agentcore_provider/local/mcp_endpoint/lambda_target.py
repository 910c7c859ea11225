"""Lambda targets: the tools are the target's schema, a call is an invocation.

The event is the tool's arguments; the rest is in `context.client_context.custom`, and the handler's whole JSON
result is the text of the answer (devguide gateway-add-target-lambda).
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

from agentcore_provider.local import iam_role, lambda_runtime
from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.lambda_runtime.function import FunctionNotFoundError
from agentcore_provider.local.mcp_endpoint.results import failure, kept_back, text_result
from agentcore_provider.local.tool_schemas import tool_schema

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.request_context import RequestContext, ToolCall
    from agentcore_provider.local.store import Target

_TOOL_KEYS = ("name", "description", "inputSchema", "outputSchema")


def tools(target: Target, _context: RequestContext) -> list[JsonObject]:
    """The tools of the target's schema, inline or from S3."""
    return [
        {key: tool[key] for key in _TOOL_KEYS if tool.get(key) is not None}
        for tool in tool_schema.definitions(target.tool_schema)
    ]


def call(call: ToolCall) -> JsonObject:
    """Invoke the function. What goes wrong in it is a result with isError."""
    gateway = call.context.gateway
    arn = call.target.target_configuration["mcp"]["lambda"]["lambdaArn"]
    if not iam_role.role_allows(gateway.role_arn, "lambda:InvokeFunction", arn):
        # The service's words: devguide gateway-debug-messages.
        return kept_back(
            gateway,
            f"Access denied while invoking Lambda function {arn}. Check the permissions on the Lambda function and "
            "Gateway execution role, and retry the request.",
        )
    try:
        result = lambda_runtime.invoke(
            arn,
            call.arguments,
            {"custom": _custom(call)},
            gateway.region,
            account_id=gateway.account_id,
            endpoint_url=call.context.base_url,
        )
    except FunctionNotFoundError:
        return kept_back(gateway, f"Lambda function {arn} does not exist.")
    text = json.dumps(result.payload, ensure_ascii=False, separators=(",", ":"))
    if result.error is not None:
        # What cannot be run on this machine would run in AWS, which has no words for it.
        is_ours = result.payload["errorType"] == "Runtime.NotRunnable"
        return failure(gateway, text) if is_ours else kept_back(gateway, text)
    answer = text_result(text)
    # The specification wants structured content of a tool that declares an output schema; clients insist on it.
    if "outputSchema" in call.tool and isinstance(result.payload, dict):
        answer["structuredContent"] = result.payload
    return answer


def _custom(call: ToolCall) -> JsonObject:
    """The function's `context.client_context.custom`.

    Headers and query parameters are there where the target lets any through (devguide gateway-headers), under the names
    that its metadataConfiguration writes.
    """
    custom: JsonObject = {
        "bedrockAgentCoreToolName": call.qualified_name,
        "bedrockAgentCoreGatewayId": call.context.gateway.gateway_id,
        "bedrockAgentCoreTargetId": call.target.target_id,
        "bedrockAgentCoreMcpMessageId": str(call.message_id),
        "bedrockAgentCoreAwsRequestId": str(uuid.uuid4()),
        "bedrockAgentCoreMessageVersion": "1.0",
    }
    metadata, caller = call.target.metadata_configuration, call.context.caller
    if "allowedRequestHeaders" in metadata:
        custom["bedrockAgentCorePropagatedHeaders"] = caller.headers_for(metadata)
    if "allowedQueryParameters" in metadata:
        custom["bedrockAgentCorePropagatedQueryParameters"] = dict(caller.query_for(metadata))
    return custom
