"""tools/call: the handler runs with the tool's arguments, and what goes wrong is reported as the service reports it."""

from __future__ import annotations

import json

import pytest
import requests

INTERNAL = "An internal error occurred. Please retry later."
CONTEXT = """
def handler(event, context):
    return {"event": event, "custom": context.client_context.custom}
"""


def test_a_lambda_gets_the_arguments_as_event_and_the_rest_in_its_client_context(plane, make_tool):
    gateway = plane.gateway()
    target = plane.target(gateway, "orders", [make_tool("find", {"id": {"type": "string"}})], CONTEXT)
    result = plane.call(gateway, "orders___find", {"id": "ü"})
    assert result["isError"] is False
    [content] = result["content"]
    assert content["type"] == "text"
    answer = json.loads(content["text"])
    assert answer["event"] == {"id": "ü"}
    assert answer["custom"].pop("bedrockAgentCoreAwsRequestId")
    assert answer["custom"] == {
        "bedrockAgentCoreToolName": "orders___find",
        "bedrockAgentCoreGatewayId": gateway,
        "bedrockAgentCoreTargetId": target.target_id,
        "bedrockAgentCoreMcpMessageId": "1",
        "bedrockAgentCoreMessageVersion": "1.0",
    }


@pytest.mark.parametrize(
    ("returned", "text"),
    [
        ("{'a': [1, 2.5], 'b': None}", '{"a":[1,2.5],"b":null}'),
        ("'plain'", '"plain"'),
        ("None", "null"),
        ("{'statusCode': 200, 'body': 'x'}", '{"statusCode":200,"body":"x"}'),
    ],
)
def test_the_answer_is_the_handlers_whole_result_as_compact_json(plane, make_tool, returned, text):
    gateway = plane.gateway()
    plane.target(gateway, "t", [make_tool("x")], f"def handler(e, c): return {returned}")
    result = plane.call(gateway, "t___x")
    assert result == {"content": [{"type": "text", "text": text}], "isError": False}


def test_a_tool_with_an_output_schema_answers_structured_content_too(plane, make_tool):
    gateway = plane.gateway()
    output = {"type": "object", "properties": {"n": {"type": "integer"}}}
    plane.target(gateway, "t", [make_tool("x", outputSchema=output)], "def handler(e, c): return {'n': 1}")
    assert plane.call(gateway, "t___x")["structuredContent"] == {"n": 1}


@pytest.mark.parametrize("name", ["orders___missing", "find", "x_amz_bedrock_agentcore_search"])
def test_an_unknown_tool_is_a_protocol_error(plane, make_tool, name):
    gateway = plane.gateway()
    plane.target(gateway, "orders", [make_tool("find")])
    body = {"jsonrpc": "2.0", "id": "q", "method": "tools/call", "params": {"name": name, "arguments": {}}}
    answer = plane.post(gateway, body).json()
    assert answer == {"jsonrpc": "2.0", "id": "q", "error": {"code": -32602, "message": f"Unknown tool: {name}"}}


@pytest.mark.parametrize("params", [{}, {"name": 5}, {"name": "t___x", "arguments": [1]}])
def test_a_call_without_a_name_or_with_arguments_of_another_shape_is_invalid(plane, params):
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    assert plane.post(plane.gateway(), body).json()["error"]["code"] == -32602


def test_wrong_arguments_never_reach_the_handler(plane, make_tool):
    gateway = plane.gateway()
    schema = {"cents": {"type": "integer"}, "id": {"type": "string"}}
    plane.target(gateway, "pay", [make_tool("refund", schema, "id", "why")], "raise SystemExit(1)")
    result = plane.call(gateway, "pay___refund", {"cents": "12"})
    assert result == {
        "isError": True,
        "content": [
            {
                "type": "text",
                "text": "ValidationException - Parameter validation failed: Invalid request parameters:\n"
                "- Missing required field(s): 'id', 'why'\n"
                "- Field '/cents' has invalid type: string found, integer expected",
            }
        ],
    }


@pytest.mark.parametrize(
    ("code", "reported"),
    [
        ("def handler(e, c): raise ValueError('no such order')", "no such order"),
        ("import time\ndef handler(e, c): time.sleep(60)", "Task timed out after 1.00 seconds"),
        ("import os\ndef handler(e, c): os._exit(7)", "exit status 7"),
        ("import nowhere_to_be_found", "Unable to import module 'app'"),
    ],
)
def test_why_a_function_failed_is_reported_where_debugging_is_on(plane, make_tool, caplog, code, reported):
    """Developer guide, gateway-debug-messages: otherwise the client gets a general sentence, the log the reason."""
    gateway = plane.gateway(exception_level="DEBUG")
    plane.target(gateway, "t", [make_tool("x")], code)
    result = plane.call(gateway, "t___x")
    assert result["isError"] is True
    text = result["content"][0]["text"]
    assert reported in json.loads(text)["errorMessage"]
    assert result["_meta"] == {"debug": {"type": "text", "text": text}}
    gateway = plane.gateway()
    plane.target(gateway, "t", [make_tool("x")], code)
    assert plane.call(gateway, "t___x") == {"isError": True, "content": [{"type": "text", "text": INTERNAL}]}
    assert gateway in caplog.text
    assert reported in caplog.text


def test_a_function_that_the_role_may_not_invoke(plane, make_tool, caplog):
    """B13 (developer guide, gateway-debug-messages; public transcript of 2026): checked at each call."""
    denied = "Access denied while invoking Lambda function {}. Check the permissions on the Lambda function and Gateway execution role, and retry the request."
    texts = []
    for level in ("DEBUG", None):
        gateway = plane.gateway(exception_level=level, role_arn="arn:aws:iam::123456789012:role/that-is-gone")
        target = plane.target(gateway, "t", [make_tool("x")])
        arn = target.target_configuration["mcp"]["lambda"]["lambdaArn"]
        result = plane.call(gateway, "t___x")
        assert result["isError"] is True
        texts.append(result["content"][0]["text"])
        assert ("_meta" in result) == (level == "DEBUG")
        assert denied.format(arn) == texts[0] or level is None
    assert texts[1] == INTERNAL
    assert denied.format(arn) in caplog.text


def test_a_function_gets_the_headers_and_parameters_that_its_target_lets_through(plane, make_tool):
    """Developer guide, gateway-headers; the names as public functions of 2026 read them: as the target writes them."""
    gateway = plane.gateway()
    through = {"allowedRequestHeaders": ["X-Tenant", "x-absent"], "allowedQueryParameters": ["version"]}
    plane.target(gateway, "t", [make_tool("x")], CONTEXT, metadata_configuration=through)
    plane.target(gateway, "closed", [make_tool("x")], CONTEXT)
    custom = {}
    for name in ("t", "closed"):
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": f"{name}___x"}}
        url = plane.url(gateway) + "?version=2&other=3"
        answer = requests.post(url, json=call, headers={"x-tenant": "red", "x-other": "no"}, timeout=9).json()
        custom[name] = json.loads(answer["result"]["content"][0]["text"])["custom"]
    assert custom["t"]["bedrockAgentCorePropagatedHeaders"] == {"X-Tenant": "red"}
    assert custom["t"]["bedrockAgentCorePropagatedQueryParameters"] == {"version": "2"}
    assert not any("Propagated" in key for key in custom["closed"])


def test_a_missing_function_is_named_and_debug_repeats_it_in_meta(plane, make_tool):
    gateway = plane.gateway(exception_level="DEBUG")
    arn = "arn:aws:lambda:us-west-2:123456789012:function:gone"
    configuration = {"mcp": {"lambda": {"lambdaArn": arn}}}
    plane.target(gateway, "t", [make_tool("x")], target_configuration=configuration)
    result = plane.call(gateway, "t___x")
    assert result["isError"] is True
    assert arn in result["content"][0]["text"]
    assert result["_meta"]["debug"]["text"] == result["content"][0]["text"]


def test_the_search_tool_comes_first_and_finds_tools_by_their_words(plane, make_tool):
    gateway = plane.gateway(protocol_configuration={"mcp": {"searchType": "SEMANTIC"}})
    plane.target(gateway, "orders", [make_tool("cancelOrder"), make_tool("list_invoices")])
    plane.target(gateway, "weather", [make_tool("forecast")])
    listed = plane.ask(gateway, "tools/list")["tools"]
    assert listed[0]["name"] == "x_amz_bedrock_agentcore_search"
    assert listed[0]["inputSchema"]["required"] == ["query"]

    result = plane.call(gateway, "x_amz_bedrock_agentcore_search", {"query": "cancel my orders"})
    found = result["structuredContent"]["tools"]
    assert found[0] == listed[1]
    assert json.loads(result["content"][0]["text"]) == result["structuredContent"]
    assert result["isError"] is False
    refused = plane.call(gateway, "x_amz_bedrock_agentcore_search", {})
    assert "Missing required field(s): 'query'" in refused["content"][0]["text"]
