"""Requests to gateways with the authorizer AWS_IAM: local AWS computes each signature again."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import boto3
import httpx2 as httpx
import pytest

from agentcore_provider.aws.connection import Connection, Settings
from agentcore_provider.aws.request_signature import RequestSignature
from agentcore_provider.errors import AwsUnreachable
from agentcore_provider.local.server import Server

LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with Server(port=0, monotonic=time.monotonic) as server:
        yield server.base_url


def _client(base: str, service: str) -> Any:
    return boto3.Session("local", "local", region_name="us-west-2").client(service, endpoint_url=base)


@pytest.fixture(scope="module")
def role(base: str) -> str:
    trust = {"Effect": "Allow", "Principal": {"Service": "bedrock-agentcore.amazonaws.com"}, "Action": "sts:AssumeRole"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    # Servers of one process share what they remember.
    name = f"inside-{base.rsplit(':', 1)[1]}"
    iam = _client(base, "iam")
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy)["Role"]["Arn"]
    allow = {"Effect": "Allow", "Action": "bedrock-agentcore:InvokeGateway", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.put_role_policy(RoleName=name, PolicyName="invoke", PolicyDocument=document)
    return str(arn)


@pytest.fixture(scope="module")
def url(base: str, role: str) -> str:
    control = _client(base, "bedrock-agentcore-control")
    made = control.create_gateway(
        name=role.rpartition("/")[2], roleArn=role, protocolType="MCP", authorizerType="AWS_IAM"
    )
    while control.get_gateway(gatewayIdentifier=made["gatewayId"])["status"] != "READY":
        pass
    return f"{base}/gateways/{made['gatewayId']}/mcp"


def _ask(url: str, settings: Settings, **headers: str) -> httpx.Response:
    signature = RequestSignature(Connection(settings))
    return httpx.post(url, json=LIST, auth=signature, headers=headers, trust_env=False)


def test_a_signed_request_is_let_in(base: str, url: str) -> None:
    settings = Settings("us-west-2", base, access_key="local", secret_key="local")
    assert _ask(url, settings).json()["result"] == {"tools": []}
    assert _ask(f"{url}?b=%2F&a=x%20y", settings, **{"X-Amz-Trace": "1"}).status_code == 200


def test_the_session_token_of_a_role_is_signed_too(base: str, url: str, role: str) -> None:
    settings = Settings("us-west-2", base, access_key="local", secret_key="local")
    as_role = Settings(
        "us-west-2", base, access_key="local", secret_key="local", assume_roles=json.dumps([{"roleArn": role}])
    )
    key = _client(base, "sts").assume_role(RoleArn=role, RoleSessionName="agent")["Credentials"]
    with_token = Settings(
        "us-west-2",
        base,
        access_key=key["AccessKeyId"],
        secret_key=key["SecretAccessKey"],
        token=key["SessionToken"],
    )
    assert RequestSignature(Connection(as_role)).access_key_id != RequestSignature(Connection(settings)).access_key_id
    for each in (as_role, with_token):
        asked = _ask(url, each)
        assert asked.status_code == 200, asked.text
        assert "x-amz-security-token" in asked.request.headers["authorization"]


@pytest.mark.parametrize(
    ("members", "reported"),
    [({"secret_key": "guessed"}, "does not match"), ({"region": "eu-west-1"}, "Region 'us-west-2'")],
)
def test_a_wrong_signature_is_refused(base: str, url: str, members: dict[str, str], reported: str) -> None:
    known = {"region": "us-west-2", "access_key": "local", "secret_key": "local"}
    answer = _ask(url, Settings(endpoint_url=base, **(known | members)))
    assert answer.status_code == 403
    assert reported in answer.text


def test_without_credentials_the_cure_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    with pytest.raises(AwsUnreachable, match="Sign in to AWS"):
        RequestSignature(Connection(Settings("us-west-2")))
