"""Lambda targets: the tools are the target's schema, a call is an invocation.

The event is the tool's arguments; the rest is in `context.client_context.custom`, and the handler's whole JSON
result is the text of the answer (devguide gateway-add-target-lambda).
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from agentcore_provider.local import lambda_runtime
from agentcore_provider.local.lambda_runtime.function import FunctionNotFoundError
from agentcore_provider.local.mcp_endpoint import tool_schema
from agentcore_provider.local.mcp_endpoint.results import failure, text_result

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.target_kinds import ToolCall, Visit
    from agentcore_provider.local.store import Target

_TOOL_KEYS = ("name", "description", "inputSchema", "outputSchema")


def tools(target: Target, _visit: Visit) -> list[dict[str, Any]]:
    """The tools of the target's schema, inline or from S3."""
    return [
        {key: tool[key] for key in _TOOL_KEYS if tool.get(key) is not None}
        for tool in tool_schema.definitions(target.tool_schema)
    ]


def call(call: ToolCall) -> dict[str, Any]:
    """Invoke the function. What goes wrong in it is a result with isError."""
    arn = call.target.target_configuration["mcp"]["lambda"]["lambdaArn"]
    custom = {
        "bedrockAgentCoreToolName": call.qualified_name,
        "bedrockAgentCoreGatewayId": call.visit.gateway.gateway_id,
        "bedrockAgentCoreTargetId": call.target.target_id,
        "bedrockAgentCoreMcpMessageId": str(call.message_id),
        "bedrockAgentCoreAwsRequestId": str(uuid.uuid4()),
        "bedrockAgentCoreMessageVersion": "1.0",
    }
    try:
        result = lambda_runtime.invoke(
            arn,
            call.arguments,
            {"custom": custom},
            call.visit.gateway.region,
            account_id=call.visit.gateway.account_id,
            endpoint_url=call.visit.base_url,
        )
    except FunctionNotFoundError:
        return failure(call.visit.gateway, f"Lambda function {arn} does not exist.")
    text = json.dumps(result.payload, ensure_ascii=False, separators=(",", ":"))
    if result.error is not None:
        return failure(call.visit.gateway, text)
    answer = text_result(text)
    # The specification wants structured content of a tool that declares an output schema; clients insist on it.
    if "outputSchema" in call.tool and isinstance(result.payload, dict):
        answer["structuredContent"] = result.payload
    return answer
