"""Interceptors see what passes a gateway, change it, or answer it themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.support.control_plane import ControlPlane
from tests.support.targets import Counterpart, Gateway

CHANGE = """
def handler(event, context):
    request = event["mcp"]["gatewayRequest"]
    body = request["body"]
    if body.get("method") == "tools/call":
        body["params"]["arguments"] = {"a": "changed"}
    headers = {"Authorization": "Bearer own", "x-tenant": request["headers"]["X-Who"], "x-secret": "kept back"}
    changed = {"headers": headers, "body": body}
    return {"interceptorOutputVersion": "1.0", "mcp": {"transformedGatewayRequest": changed}}
"""
DENY = """
def handler(event, context):
    body = event["mcp"]["gatewayRequest"]["body"]
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
def echo(counterpart: Counterpart, make_openapi: Any) -> dict[str, Any]:
    parameters = [{"name": "a", "in": "query", "schema": {"type": "string"}}]
    operation = {"operationId": "echo", "parameters": parameters, "responses": {}}
    found: dict[str, Any] = make_openapi(counterpart.url, {"/echo": {"get": operation}})
    return found


def test_a_request_interceptor_changes_arguments_and_headers(
    make_gateway: Callable[..., Gateway], counterpart: Counterpart, echo: Any, interceptor: Any
) -> None:
    gateway = make_gateway(interceptorConfigurations=interceptor(CHANGE, "REQUEST", headers=True))
    gateway.target(echo, metadataConfiguration={"allowedRequestHeaders": ["x-tenant"]})
    assert not gateway.call("t___echo", {"a": "given"}, headers={"X-Who": "me", "X-Tenant": "client's"})[1]
    assert counterpart.last.query == "a=changed"
    assert counterpart.last.headers["authorization"] == "Bearer own"
    assert counterpart.last.headers["x-tenant"] == "me", "the interceptor's wins over the client's"
    assert "x-secret" not in counterpart.last.headers


def test_a_request_interceptor_can_answer_itself(
    make_gateway: Callable[..., Gateway], counterpart: Counterpart, echo: Any, interceptor: Any
) -> None:
    gateway = make_gateway(interceptorConfigurations=interceptor(DENY, "REQUEST"))
    gateway.target(echo)
    assert gateway.call("t___echo") == ("denied", True)
    assert not counterpart.received


def test_a_response_interceptor_sees_also_what_a_request_interceptor_answered(
    make_gateway: Callable[..., Gateway], echo: Any, interceptor: Any
) -> None:
    both = interceptor(DENY, "REQUEST") + interceptor(MASK, "RESPONSE")
    gateway = make_gateway(interceptorConfigurations=both)
    gateway.target(echo)
    assert gateway.call("t___echo") == ("masked", True)
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    answer = requests.post(gateway.url, json=ping, timeout=9)
    assert (answer.json()["result"], answer.headers["x-masked"]) == ({}, "1")


PASS_ON = """
def handler(event, context):
    body = event["mcp"]["gatewayRequest"]["body"]
    return {"interceptorOutputVersion": "1.0", "mcp": {"transformedGatewayRequest": {"body": body}}}
"""
TELL = """
import json
def handler(event, context):
    mcp = event["mcp"]
    body = mcp["gatewayRequest"]["body"]
    if mcp["gatewayResponse"] is None:
        answer = {"jsonrpc": "2.0", "id": body["id"], "result": {"event": event}}
        return {"interceptorOutputVersion": "1.0", "mcp": {"transformedGatewayResponse": {"statusCode": 200, "body": answer}}}
    answer = {**mcp["gatewayResponse"]["body"], "event": event}
    return {"interceptorOutputVersion": "1.0", "mcp": {"transformedGatewayResponse": {"body": answer}}}
"""
PING = {"jsonrpc": "2.0", "id": 7, "method": "ping"}
INVALID = "InterceptorException - Received invalid response from interceptor"


def answering(made: str, version: str = "1.0") -> str:
    """The code of a function that answers this as `mcp`; `request`, `answer` and `event` are at hand."""
    return f"""
def handler(event, context):
    request, answer = event["mcp"]["gatewayRequest"], event["mcp"].get("gatewayResponse")
    return {{"interceptorOutputVersion": "{version}", "mcp": {made}}}
"""


def refused(
    make_gateway: Callable[..., Gateway], configurations: Any, counterpart: Counterpart, echo: Any, caplog: Any
) -> tuple[int, dict[str, Any]]:
    """Status and error of a call, whose reason must name the function and stand in the log."""
    gateway = make_gateway(interceptorConfigurations=configurations)
    gateway.target(echo)
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "t___echo"}}
    answer = requests.post(gateway.url, json=call, timeout=9)
    document = answer.json()
    assert document["id"] == 1
    error: dict[str, Any] = document["error"]
    assert configurations[0]["interceptor"]["lambda"]["arn"] in error["data"]["reason"]
    assert error["data"]["reason"] in caplog.text
    return answer.status_code, error


@pytest.mark.parametrize(
    "made",
    [
        "{}",
        "{'transformedGatewayRequest': {}}",
        "{'transformedGatewayRequest': {'headers': {}}}",
    ],
)
def test_a_request_that_does_not_come_back_cannot_be_read(
    make_gateway: Callable[..., Gateway],
    counterpart: Counterpart,
    echo: Any,
    interceptor: Any,
    *,
    caplog: Any,
    made: str,
) -> None:
    """C1 (public transcript of 2026-07-29): HTTP 200 with a JSON-RPC error; the body must come back also unchanged."""
    status, error = refused(make_gateway, interceptor(answering(made), "REQUEST"), counterpart, echo, caplog)
    assert (status, error["message"]) == (200, "Parse error - Invalid JSON format")
    assert 'with "body", also when it changes nothing' in error["data"]["reason"]
    assert not counterpart.received


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        pytest.param("def handler(event, context): return event", "its own event", id="C6-its-event"),
        pytest.param("def handler(event, context): return {}", "it answered {}", id="C6-nothing"),
        pytest.param("def handler(event, context): return 'ok'", 'it answered "ok"', id="C6-a-text"),
        pytest.param(answering("{'gatewayRequest': request}"), '"gatewayRequest"', id="C6-wrong-member"),
        pytest.param(answering("{}", "2.0"), 'must answer "interceptorOutputVersion": "1.0"', id="C6-version"),
        pytest.param("def handler(event, context): raise ValueError('no luck')", "no luck", id="C6-raises"),
        pytest.param(
            answering("{'transformedGatewayRequest': request}"),
            '"context", "httpMethod", "path"',
            id="C2-whole-request",
        ),
        pytest.param(
            answering("{'transformedGatewayRequest': {'body': '{}'}}"), "and not as its text", id="C3-body-as-text"
        ),
        pytest.param(answering("{'transformedGatewayRequest': {'body': None}}"), 'must answer "body"', id="C3-null"),
        pytest.param(
            answering("{'transformedGatewayResponse': {'body': {}}}"), 'must answer "statusCode"', id="C4-no-status"
        ),
        pytest.param(
            answering("{'transformedGatewayResponse': {'statusCode': 200, 'headers': {}, 'body': {}}}"),
            '"headers"',
            id="C4-headers",
        ),
        pytest.param(
            answering("{'transformedGatewayResponse': {'statusCode': 'no', 'body': {}}}"),
            'must answer a number as "statusCode"',
            id="C6-status",
        ),
        pytest.param(
            answering("{'transformedGatewayRequest': {'headers': [], 'body': {}}}"),
            'must answer an object as "headers"',
            id="C6-headers",
        ),
    ],
)
def test_an_answer_of_another_form_lets_nothing_through_and_is_named(
    make_gateway: Callable[..., Gateway],
    counterpart: Counterpart,
    echo: Any,
    interceptor: Any,
    *,
    caplog: Any,
    code: str,
    reason: str,
) -> None:
    """C2, C3, C4, C6 (public code comments and transcripts of 2026): one text for all; the reason is ours."""
    status, error = refused(make_gateway, interceptor(code, "REQUEST"), counterpart, echo, caplog)
    assert (status, error["code"], error["message"]) == (500, -32603, INVALID)
    assert reason in error["data"]["reason"]
    assert not counterpart.received


@pytest.mark.parametrize(
    ("made", "is_taken"),
    [
        ("{'transformedGatewayResponse': {'body': answer['body']}}", True),
        ("{'transformedGatewayResponse': {'statusCode': 200, 'headers': {}, 'body': answer['body']}}", True),
        ("{'transformedGatewayResponse': {'statusCode': 200}}", False),
        ("{}", False),
        ("{'transformedGatewayResponse': answer}", False),
    ],
)
def test_an_answer_has_to_come_back_as_a_body(
    make_gateway: Callable[..., Gateway], interceptor: Any, made: str, is_taken: bool
) -> None:
    """C5 (public samples and transcripts of 2026): body is required; status and headers may come with it."""
    gateway = make_gateway(interceptorConfigurations=interceptor(answering(made), "RESPONSE"))
    answer = requests.post(gateway.url, json=PING, timeout=9)
    assert answer.status_code == (200 if is_taken else 500)
    assert is_taken or answer.json()["error"]["message"] == INVALID


def test_a_notification_has_no_body_to_bring_back(make_gateway: Callable[..., Gateway], interceptor: Any) -> None:
    """C10: interceptors run for notifications too, which have no answer."""
    both = interceptor(PASS_ON, "REQUEST") + interceptor(
        answering("{'transformedGatewayResponse': {'body': answer['body']}}"), "RESPONSE"
    )
    gateway = make_gateway(interceptorConfigurations=both)
    answer = requests.post(gateway.url, json={"jsonrpc": "2.0", "method": "notifications/initialized"}, timeout=9)
    assert (answer.status_code, answer.content) == (202, b"")


def test_what_an_interceptor_is_given_at_either_point(make_gateway: Callable[..., Gateway], interceptor: Any) -> None:
    """C7, C8, C9 (public transcripts and code comments of 2026): the members of the event, empty ones included."""
    gateway = make_gateway(interceptorConfigurations=interceptor(TELL, "REQUEST"))
    event = requests.post(gateway.url, json=PING, timeout=9).json()["result"]["event"]
    request = {"path": "/mcp", "httpMethod": "POST", "headers": {}, "body": PING, "context": {"identity": {}}}
    raw = event["mcp"]["rawGatewayRequest"]
    assert event["mcp"] == {"rawGatewayRequest": raw, "gatewayRequest": request, "gatewayResponse": None}
    gateway = make_gateway(interceptorConfigurations=interceptor(TELL, "RESPONSE"))
    event = requests.post(gateway.url, json=PING, timeout=9).json()["event"]
    assert event["mcp"]["gatewayRequest"] == request
    assert event["mcp"]["gatewayResponse"] == {
        "path": "/mcp",
        "httpMethod": "POST",
        "statusCode": 200,
        "headers": {},
        "body": {"jsonrpc": "2.0", "id": 7, "result": {}},
        "isStreamingResponse": False,
    }


def test_an_interceptor_learns_who_signed_the_request(
    make_gateway: Callable[..., Gateway], local_aws: ControlPlane, interceptor: Any
) -> None:
    """C8 (public code comment of 2026): context.identity.awsPrincipalArn on gateways with AWS_IAM."""
    user = local_aws.client("iam").create_user(UserName=local_aws.unique("caller"))["User"]
    made = local_aws.client("iam").create_access_key(UserName=user["UserName"])["AccessKey"]
    allow = {"Effect": "Allow", "Action": "bedrock-agentcore:InvokeGateway", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    local_aws.client("iam").put_user_policy(UserName=user["UserName"], PolicyName="invoke", PolicyDocument=document)
    gateway = make_gateway(authorizerType="AWS_IAM", interceptorConfigurations=interceptor(TELL, "REQUEST"))
    request = AWSRequest("POST", gateway.url, data=json.dumps(PING), headers={"Content-Type": "application/json"})
    SigV4Auth(Credentials(made["AccessKeyId"], made["SecretAccessKey"]), "bedrock-agentcore", "us-west-2").add_auth(
        request
    )
    answer = requests.post(gateway.url, data=json.dumps(PING), headers=dict(request.headers), timeout=9)
    context = answer.json()["result"]["event"]["mcp"]["gatewayRequest"]["context"]
    assert context == {"identity": {"awsPrincipalArn": user["Arn"]}}


def test_a_role_that_may_not_invoke_the_interceptor_fails_every_call(
    make_gateway: Callable[..., Gateway], local_aws: ControlPlane, interceptor: Any, caplog: Any
) -> None:
    """C11 (public transcript of 2026): HTTP 400 and a text that names the function."""
    role = local_aws.execution_role()
    configurations = interceptor(PASS_ON, "REQUEST")
    gateway = make_gateway(roleArn=role, interceptorConfigurations=configurations)
    assert requests.post(gateway.url, json=PING, timeout=9).status_code == 200
    local_aws.allow(role, "lambda:InvokeFunction", "*", effect="Deny")
    answer = requests.post(gateway.url, json=PING, timeout=9)
    arn = configurations[0]["interceptor"]["lambda"]["arn"]
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == (
        f"Access denied while invoking Lambda function {arn}. "
        "Check the permissions on the Lambda function and Gateway execution role"
    )
    assert f"allow lambda:InvokeFunction on {arn} in the policies of {role}" in caplog.text


def test_a_request_for_an_http_target_comes_back_without_its_path(
    make_gateway: Callable[..., Gateway], counterpart: Counterpart, api_key: Any, interceptor: Any
) -> None:
    """C2 at HTTP targets (public code comment of 2026): path and httpMethod are refused there too."""
    code = """
def handler(event, context):
    return {"interceptorOutputVersion": "1.0", "http": {"transformedGatewayRequest": event["http"]["gatewayRequest"]}}
"""
    gateway = make_gateway(protocolType=None, interceptorConfigurations=interceptor(code, "REQUEST"))
    gateway.target(
        {"http": {"passthrough": {"endpoint": counterpart.https_url, "protocolType": "CUSTOM"}}},
        api_key("k"),
        "partner",
    )
    answer = requests.post(f"{gateway.base}/partner/x", data=b"raw", timeout=9)
    assert (answer.status_code, answer.json()["message"]) == (500, INVALID)
    assert '"httpMethod", "path"' in answer.json()["reason"]
    assert not counterpart.received


def test_http_targets_have_interceptors_of_their_own_format(
    make_gateway: Callable[..., Gateway], counterpart: Counterpart, api_key: Any, interceptor: Any
) -> None:
    gateway = make_gateway(protocolType=None, interceptorConfigurations=interceptor(HTTP, "REQUEST", "RESPONSE"))
    endpoint = {"endpoint": counterpart.https_url, "protocolType": "CUSTOM"}
    gateway.target({"http": {"passthrough": endpoint}}, api_key("k"), name="partner")
    answer = requests.post(f"{gateway.base}/partner/x", data=b"raw", timeout=9)
    assert (answer.status_code, answer.text) == (203, '{"OK":TRUE}')
    assert counterpart.last.body == b"/partner/x 123456789012"
    assert counterpart.last.headers["x-added"] == "1"
