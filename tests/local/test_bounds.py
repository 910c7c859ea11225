"""What comes in is judged by size, then read within bounds; anything else gets one clear answer."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from agentcore_provider.local import json_document
from tests.support.control_plane import ControlPlane

OUT_OF_BOUNDS = {
    "a long number": "1" + "0" * 5000,
    "a number beyond doubles": "1e999",
    "no number": "NaN",
    "no number either": "-Infinity",
    "half a surrogate pair": '"\\ud83d"',
    "the other half": '"a\\uDE00b"',
    "101 arrays": "[" * 101 + "]" * 101,
    "101 objects": '{"a":' * 101 + "1" + "}" * 101,
    "too deep for any parser": "[" * 200_000,
    "too deep, and closed": '[{"a":' * 50_000 + "1" + "}]" * 50_000,
    "no JSON": "{'a': 1}",
    "nothing but a comma": ",",
}
bodies = pytest.mark.parametrize("value", OUT_OF_BOUNDS.values(), ids=OUT_OF_BOUNDS.keys())


def post(local_aws: ControlPlane, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str, Any]:
    """Status, error type and document of the answer to a POST."""
    connection = http.client.HTTPConnection("127.0.0.1", local_aws.server.port, timeout=30)
    connection.request("POST", path, body, headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    assert "Traceback" not in text
    assert (text.count("\n"), len(text) < 600) == (0, True), text[:600]
    return response.status, response.headers.get("x-amzn-ErrorType", ""), json.loads(text)


@bodies
def test_json_out_of_bounds_is_refused_in_one_line(value: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]{5,120}$"):
        json_document.read(f'{{"a": {value}}}'.encode())


@given(st.recursive(st.none() | st.booleans() | st.text() | st.integers(-(2**70), 2**70), st.lists, max_leaves=20))
def test_all_other_json_is_read_as_it_is(value: Any) -> None:
    assert json_document.read(json.dumps(value).encode()) == value
    assert json_document.read(json.dumps(value, ensure_ascii=False).encode()) == value


def test_what_is_just_within_bounds_is_read() -> None:
    """A hundred levels, many collections side by side, both halves of a pair, the largest double."""
    for text in ("[" * 100 + "]" * 100, "[" + "[]," * 5000 + "{}]", '"\\ud83d\\ude00"', "1.7976931348623157e308"):
        assert json.dumps(json_document.read(text.encode()))


@bodies
def test_mcp_answers_a_parse_error(local_aws: ControlPlane, value: str) -> None:
    """-32700 with an id of null, as JSON-RPC wants."""
    path = f"/gateways/{local_aws.gateway()['gatewayId']}/mcp"
    body = f'{{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": {{"a": {value}}}}}'.encode()
    status, _, document = post(local_aws, path, body, {"Content-Type": "application/json"})
    assert (status, document["id"], document["error"]["code"]) == (400, None, -32700)


TARGETS = {
    "dynamodb": "DynamoDB_20120810.ListTables",
    "secretsmanager": "secretsmanager.ListSecrets",
    "cognito-idp": "AWSCognitoIdentityProviderService.ListUserPools",
}


@bodies
@pytest.mark.parametrize(
    ("service", "path"),
    [
        ("bedrock-agentcore", "/gateways/"),
        ("lambda", "/2015-03-31/functions"),
        ("lambda", "/2015-03-31/functions/nobody/invocations"),
        *((service, "/") for service in TARGETS),
    ],
)
def test_services_answer_an_error_of_theirs(local_aws: ControlPlane, value: str, service: str, path: str) -> None:
    headers = {**local_aws.signed(service), "X-Amz-Target": TARGETS.get(service, "")}
    status, kind, document = post(local_aws, path, f'{{"a": {value}}}'.encode(), headers)
    known = ("SerializationException", "ResourceNotFoundException")
    assert (status, (kind or document["__type"]) in known) == (404 if kind == known[1] else 400, True)


@bodies
def test_local_aws_s_own_pages_answer_400(local_aws: ControlPlane, value: str) -> None:
    status, _, document = post(local_aws, "/_local/faults", f'{{"operation": {value}}}'.encode(), {})
    assert (status, list(document)) == (400, ["message"])


@pytest.mark.parametrize(
    "part", [b"[" * 20_000, b'{"alg": ' + b"9" * 5000 + b"}", b'"\\ud800"', b"NaN", b"[]", b"\xff"]
)
def test_a_token_out_of_bounds_lets_nobody_in(local_aws: ControlPlane, part: bytes) -> None:
    import base64

    pool = local_aws.client("cognito-idp").create_user_pool(PoolName="bounds")["UserPool"]["Id"]
    discovery = f"{local_aws.endpoint}/{pool}/.well-known/openid-configuration"
    authorizer = {"customJWTAuthorizer": {"discoveryUrl": discovery, "allowedClients": ["a"]}}
    gateway = local_aws.gateway(authorizerType="CUSTOM_JWT", authorizerConfiguration=authorizer)
    encoded = base64.urlsafe_b64encode(part).decode().rstrip("=")
    head = base64.urlsafe_b64encode(b'{"alg": "RS256"}').decode().rstrip("=")
    for token in (f"{encoded}.{encoded}.a", f"{head}.{encoded}.a"):
        headers = {"Authorization": f"Bearer {token}"}
        status, _, document = post(local_aws, f"/gateways/{gateway['gatewayId']}/mcp", b"{}", headers)
        assert (status, document["error"]["code"]) == (401, -32001)


@pytest.mark.parametrize(
    ("path", "service", "megabytes"),
    [
        ("/_local/faults", "", 1),
        ("/cognito/nobody/oauth2/token", "", 1),
        ("/gateways/nobody/mcp", "", 7),
        ("/gateways/", "bedrock-agentcore", 10),
        ("/", "cognito-idp", 1),
        ("/", "", 16),
    ],
)
def test_size_is_judged_before_anything_is_read(
    local_aws: ControlPlane, path: str, service: str, megabytes: int
) -> None:
    """By Content-Length alone; and without one, once there is more than the limit."""
    headers = local_aws.signed(service) if service else {}
    connection = http.client.HTTPConnection("127.0.0.1", local_aws.server.port, timeout=30)
    connection.putrequest("POST", path)
    for name, value in {**headers, "Content-Length": str(megabytes * 1024 * 1024 + 1)}.items():
        connection.putheader(name, value)
    connection.endheaders()
    # Nothing of the body is sent.
    response = connection.getresponse()
    assert (response.status, json.loads(response.read())["__type"]) == (413, "RequestEntityTooLargeException")
    connection.close()

    def chunks() -> Iterator[bytes]:
        yield from (b" " * 1024 * 1024 for _ in range(megabytes))
        yield b" "

    status, _, document = post(local_aws, path, chunks(), headers)  # type: ignore[arg-type]
    assert (status, document["__type"]) == (413, "RequestEntityTooLargeException")


@pytest.mark.parametrize(
    ("path", "cure"),
    [
        ("/gateways/shop-0123456789", "/gateways/shop-0123456789/mcp"),
        ("/gateways/shop-0123456789/", "/gateways/shop-0123456789/mcp"),
        ("/gateways", "/gateways/GATEWAY_ID/mcp"),
        ("/mcp", "/gateways/GATEWAY_ID/mcp"),
        ("/mcp/", "/gateways/GATEWAY_ID/mcp"),
        ("/cognito/shop", "/cognito/DOMAIN/oauth2/token"),
        ("/oauth2/token", "/cognito/DOMAIN/oauth2/token"),
        ("/_local", "/_local/status"),
        ("/_local/nothing", "GET /_local/status"),
    ],
)
def test_a_wrong_address_is_answered_with_the_right_one(local_aws: ControlPlane, path: str, cure: str) -> None:
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    for method, document in (("POST", ping), ("GET", None)):
        status, answer = local_aws.http(method, path, document, {"Content-Type": "application/json"})
        assert status == 404
        assert cure in answer["message"]


def test_a_wrong_path_of_a_gateway_names_the_right_one(local_aws: ControlPlane) -> None:
    gateway_id = local_aws.gateway()["gatewayId"]
    status, answer = local_aws.http("POST", f"/gateways/{gateway_id}/sse", {})
    assert (status, f"/gateways/{gateway_id}/mcp" in answer["message"]) == (404, True)


def test_a_bucket_may_be_called_like_an_address(local_aws: ControlPlane) -> None:
    s3 = local_aws.client("s3")
    s3.create_bucket(Bucket="mcp", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    s3.put_object(Bucket="mcp", Key="gateways", Body=b"1")
    assert s3.get_object(Bucket="mcp", Key="gateways")["Body"].read() == b"1"


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:s3:::bucket",
        "arn:aws:lambda:us-west-2:123456789012:function:a",
        "arn:aws:bedrock-agentcore:us-west-2:210987654321:gateway/shop-0123456789",
        "arn:aws:bedrock-agentcore:eu-west-1:123456789012:gateway/shop-0123456789",
        "arn:aws:bedrock-agentcore:us-west-2:210987654321:runtime/shop-0123456789",
        "shop",
    ],
)
def test_foreign_arns_are_refused_by_every_call_about_tags(local_aws: ControlPlane, arn: str) -> None:
    headers = local_aws.signed("bedrock-agentcore")
    path = f"/tags/{quote(arn, safe='')}"
    for method, more, body in (("GET", "", None), ("POST", "", {"tags": {"a": "b"}}), ("DELETE", "?tagKeys=a", None)):
        status, answer = local_aws.http(method, path + more, body, headers)
        assert (status, "resourceArn" in answer["message"]) == (400, True)


def test_a_region_that_there_is_not_is_refused(local_aws: ControlPlane) -> None:
    for service in ("sts", "secretsmanager", "bedrock-agentcore-control"):
        call: dict[str, Callable[[Any], Any]] = {
            "sts": lambda client: client.get_caller_identity(),
            "secretsmanager": lambda client: client.list_secrets(),
            "bedrock-agentcore-control": lambda client: client.list_gateways(),
        }
        with pytest.raises(ClientError, match="should be scoped to a valid region"):
            call[service](local_aws.client(service, region="nowhere-1"))


def test_a_call_that_moto_does_not_understand_gets_its_problems(local_aws: ControlPlane) -> None:
    """By the service's model, and not as a failure of the server that clients would try again."""
    with pytest.raises(ClientError, match=r"ValidationException.*Value at 'SecretId'") as error:
        local_aws.client("secretsmanager").describe_secret(SecretId=None)
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_long_names_are_kept_short_in_the_log_of_requests(local_aws: ControlPlane) -> None:
    local_aws.http("DELETE", "/_local/requests")
    local_aws.http("POST", f"/gateways/{local_aws.gateway()['gatewayId']}/mcp", {"method": "x" * 100_000})
    assert max(len(call["operation"]) for call in local_aws.http("GET", "/_local/requests")[1]) == 200
