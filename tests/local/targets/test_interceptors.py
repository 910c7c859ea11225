"""Interceptors see what passes a gateway, change it, or answer it themselves."""

from __future__ import annotations

import io
import textwrap
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import requests

CHANGE = """
def handler(event, context):
    seen = event["mcp"]["gatewayRequest"]
    body = seen["body"]
    if body.get("method") == "tools/call":
        body["params"]["arguments"] = {"a": "changed"}
    headers = {"Authorization": "Bearer own", "x-tenant": seen["headers"]["X-Who"], "x-secret": "kept back"}
    changed = {"headers": headers, "body": body}
    return {"interceptorOutputVersion": "1.0", "mcp": {"transformedGatewayRequest": changed}}
"""
DENY = """
def handler(event, context):
    body = event["mcp"]["gatewayRequest"]["body"]
    assert "headers" not in event["mcp"]["gatewayRequest"]
    if body["method"] != "tools/call":
        return {"interceptorOutputVersion": "1.0", "mcp": {"transformedGatewayRequest": {"body": body}}}
    text = {"content": [{"type": "text", "text": "denied"}], "isError": True}
    answer = {"statusCode": 200, "body": {"jsonrpc": "2.0", "id": body["id"], "result": text}}
    return {"interceptorOutputVersion": "1.0", "mcp": {"transformedGatewayResponse": answer}}
"""
MASK = """
def handler(event, context):
    answer = event["mcp"]["gatewayResponse"]
    for block in (answer["body"] or {}).get("result", {}).get("content", []):
        block["text"] = "masked"
    made = {"statusCode": answer["statusCode"], "body": answer["body"], "headers": {"X-Masked": "1"}}
    return {"interceptorOutputVersion": "1.0", "mcp": {"transformedGatewayResponse": made}}
"""
HTTP = """
import base64
def handler(event, context):
    http = event["http"]
    if "gatewayResponse" in http:
        body = base64.b64decode(http["gatewayResponse"]["body"]).decode().upper()
        made = {"body": base64.b64encode(body.encode()).decode(), "statusCode": 203}
        return {"interceptorOutputVersion": "1.0", "http": {"transformedGatewayResponse": made}}
    body = http["gatewayRequest"]["path"] + " " + context.client_context.custom["GATEWAY_ACCOUNT_ID"]
    made = {"headers": {"X-Added": "1"}, "body": base64.b64encode(body.encode()).decode()}
    return {"interceptorOutputVersion": "1.0", "http": {"transformedGatewayRequest": made}}
"""


@pytest.fixture
def interceptor(local_aws: Any) -> Callable[..., list[dict[str, Any]]]:
    """interceptorConfigurations with a function of this code."""

    def make(code: str, *points: str, headers: bool = False) -> list[dict[str, Any]]:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as files:
            files.writestr("app.py", textwrap.dedent(code))
        arn = local_aws.client("lambda").create_function(
            FunctionName=local_aws.unique("interceptor"),
            Runtime="python3.12",
            Role=local_aws.role(),
            Handler="app.handler",
            Code={"ZipFile": archive.getvalue()},
        )["FunctionArn"]
        return [
            {
                "interceptor": {"lambda": {"arn": arn}},
                "interceptionPoints": list(points),
                "inputConfiguration": {"passRequestHeaders": headers},
            }
        ]

    return make


@pytest.fixture
def echo(counterpart: Any, make_openapi: Any) -> dict[str, Any]:
    parameters = [{"name": "a", "in": "query", "schema": {"type": "string"}}]
    operation = {"operationId": "echo", "parameters": parameters, "responses": {}}
    found: dict[str, Any] = make_openapi(counterpart.url, {"/echo": {"get": operation}})
    return found


def test_a_request_interceptor_changes_arguments_and_headers(
    make_gateway: Any, counterpart: Any, echo: Any, interceptor: Any
) -> None:
    gateway = make_gateway(interceptorConfigurations=interceptor(CHANGE, "REQUEST", headers=True))
    gateway.target(echo, metadataConfiguration={"allowedRequestHeaders": ["x-tenant"]})
    assert not gateway.call("t___echo", {"a": "given"}, headers={"X-Who": "me", "X-Tenant": "client's"})[1]
    assert counterpart.last.query == "a=changed"
    assert counterpart.last.headers["authorization"] == "Bearer own"
    assert counterpart.last.headers["x-tenant"] == "me", "the interceptor's wins over the client's"
    assert "x-secret" not in counterpart.last.headers


def test_a_request_interceptor_can_answer_itself(
    make_gateway: Any, counterpart: Any, echo: Any, interceptor: Any
) -> None:
    gateway = make_gateway(interceptorConfigurations=interceptor(DENY, "REQUEST"))
    gateway.target(echo)
    assert gateway.call("t___echo") == ("denied", True)
    assert not counterpart.received


def test_a_response_interceptor_sees_also_what_a_request_interceptor_answered(
    make_gateway: Any, echo: Any, interceptor: Any
) -> None:
    both = interceptor(DENY, "REQUEST") + interceptor(MASK, "RESPONSE")
    gateway = make_gateway(interceptorConfigurations=both)
    gateway.target(echo)
    assert gateway.call("t___echo") == ("masked", True)
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    answer = requests.post(gateway.url, json=ping, timeout=9)
    assert (answer.json()["result"], answer.headers["x-masked"]) == ({}, "1")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return {}", 'must answer "interceptorOutputVersion": "1.0" and "mcp"; it answered {}'),
        ("return event", 'must answer "interceptorOutputVersion": "1.0" and "mcp"; it answered its own event'),
        ("return 'ok'", 'must answer "interceptorOutputVersion": "1.0" and "mcp"; it answered "ok"'),
        (
            "return {'interceptorOutputVersion': '1.0', 'mcp': {'transformedGatewayResponse': {'statusCode': 'no'}}}",
            'must answer a number as "statusCode" of "transformedGatewayResponse"',
        ),
        (
            "return {'interceptorOutputVersion': '1.0', 'mcp': {'transformedGatewayRequest': {'headers': []}}}",
            'must answer an object as "headers" of "transformedGatewayRequest"',
        ),
        ("raise ValueError('no luck')", "no luck"),
    ],
)
def test_an_interceptor_that_fails_lets_nothing_through_and_is_named(
    make_gateway: Any, counterpart: Any, echo: Any, interceptor: Any, *, caplog: Any, body: str, told: str
) -> None:
    configurations = interceptor(f"def handler(event, context): {body}", "REQUEST")
    gateway = make_gateway(interceptorConfigurations=configurations)
    gateway.target(echo)
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "t___echo"}}
    answer = requests.post(gateway.url, json=call, timeout=9)
    assert answer.status_code == 500
    error = answer.json()["error"]
    arn = configurations[0]["interceptor"]["lambda"]["arn"]
    assert error["message"].startswith(f"REQUEST interceptor {arn} ")
    assert told in error["message"]
    assert (error["code"], answer.json()["id"]) == (-32603, 1)
    assert error["message"] in caplog.text
    assert not counterpart.received


def test_http_targets_have_interceptors_of_their_own_format(
    make_gateway: Any, counterpart: Any, api_key: Any, interceptor: Any
) -> None:
    gateway = make_gateway(protocolType=None, interceptorConfigurations=interceptor(HTTP, "REQUEST", "RESPONSE"))
    endpoint = {"endpoint": counterpart.https_url, "protocolType": "CUSTOM"}
    gateway.target({"http": {"passthrough": endpoint}}, api_key("k"), name="partner")
    answer = requests.post(f"{gateway.base}/partner/x", data=b"raw", timeout=9)
    assert (answer.status_code, answer.text) == (203, '{"OK":TRUE}')
    assert counterpart.last.body == b"/partner/x 123456789012"
    assert counterpart.last.headers["x-added"] == "1"
