"""Requests of any form to a local AWS that runs as it does for users."""

from __future__ import annotations

import io
import re
import socket
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
import pytest
from botocore.config import Config

from tests.local import random_requests

SHORT = 400
LONG_SECONDS = 300.0
MEGABYTE = 1024 * 1024
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")
_HTML = re.compile(rb"<!doctype|<html", re.IGNORECASE)


class RunningLocalAws:
    """A process, and its output."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "agentcore_provider.local", "--port", "0"],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().split()[1]
        self.port = int(self.url.rpartition(":")[2])

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name="us-west-2",
            aws_access_key_id="local",
            aws_secret_access_key="local",
            config=Config(retries={"total_max_attempts": 1}),
        )

    def memory(self) -> int:
        """Bytes of its memory that are in use."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * 4096

    def ask(self, message: bytes) -> bytes:
        """Everything that is answered to a message after which nothing more comes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            answer = b""
            try:
                connection.sendall(message)
                connection.shutdown(socket.SHUT_WR)
                while part := connection.recv(65536):
                    answer += part
            except (BrokenPipeError, ConnectionResetError):
                pass
            return answer


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningLocalAws]:
    local_aws = RunningLocalAws(tmp_path)
    yield local_aws
    local_aws.process.terminate()
    local_aws.process.communicate(timeout=30)


def populate(running: RunningLocalAws, requests: ModuleType) -> Any:
    """Gateways, a function, a user pool and a bucket; returns what exists."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("index.py", "def handler(event, context): return event")
    trust = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": '
        '["bedrock-agentcore.amazonaws.com", "lambda.amazonaws.com"]}}]}'
    )
    policy = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
    iam = running.client("iam")
    role = iam.create_role(RoleName="first", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.put_role_policy(RoleName="first", PolicyName="first", PolicyDocument=policy)
    function = running.client("lambda").create_function(
        FunctionName="asked",
        Runtime="python3.12",
        Role=role,
        Handler="index.handler",
        Code={"ZipFile": archive.getvalue()},
    )["FunctionArn"]
    idp = running.client("cognito-idp")
    pool = idp.create_user_pool(PoolName="asked")["UserPool"]["Id"]
    scope = [{"ScopeName": "all", "ScopeDescription": "all"}]
    idp.create_resource_server(UserPoolId=pool, Identifier="asked", Name="asked", Scopes=scope)
    idp.create_user_pool_domain(Domain="asked-domain", UserPoolId=pool)
    client = idp.create_user_pool_client(
        UserPoolId=pool,
        ClientName="asked",
        GenerateSecret=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthScopes=["asked/all"],
    )["UserPoolClient"]
    running.client("s3").create_bucket(Bucket="asked", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    control = running.client("bedrock-agentcore-control")
    given: dict[str, Any] = {"roleArn": role, "protocolType": "MCP"}
    search: dict[str, Any] = {"mcp": {"searchType": "SEMANTIC"}}
    discovery = f"{running.url}/{pool}/.well-known/openid-configuration"
    jwt = {"customJWTAuthorizer": {"discoveryUrl": discovery, "allowedClients": [client["ClientId"]]}}
    gateways = [
        control.create_gateway(name="asked-none", authorizerType="NONE", protocolConfiguration=search, **given),
        control.create_gateway(name="asked-jwt", authorizerType="CUSTOM_JWT", authorizerConfiguration=jwt, **given),
        control.create_gateway(name="asked-iam", authorizerType="AWS_IAM", **given),
    ]
    schema = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
    tools = [{"name": "find", "description": "Find an order", "inputSchema": schema}]
    target = control.create_gateway_target(
        gatewayIdentifier=gateways[0]["gatewayId"],
        name="asked",
        targetConfiguration={"mcp": {"lambda": {"lambdaArn": function, "toolSchema": {"inlinePayload": tools}}}},
        credentialProviderConfigurations=[{"credentialProviderType": "GATEWAY_IAM_ROLE"}],
    )
    return requests.Known(
        gateway_ids=tuple(gateway["gatewayId"] for gateway in gateways),
        names={
            "gatewayIdentifier": (*(gateway["gatewayId"] for gateway in gateways), gateways[0]["gatewayArn"]),
            "targetId": (target["targetId"],),
            "roleArn": (role,),
            "roleName": ("first",),
            "userPoolId": (pool,),
            "clientId": (client["ClientId"],),
            "bucket": ("asked",),
            "functionName": ("asked", function),
            "lambdaArn": (function,),
            "resourceArn": (gateways[0]["gatewayArn"], "arn:aws:s3:::asked", function),
            "domain": ("asked-domain",),
        },
        client=(client["ClientId"], client["ClientSecret"]),
        domain="asked-domain",
        tool="asked___find",
        function="asked",
    )


def problem(sent: Any, answer: bytes) -> str | None:
    """What is wrong with an answer; None if nothing is."""
    status = _STATUS.match(answer.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n"))
    if status is None:
        # Some messages are no HTTP/1 that could be answered.
        return None if sent.raw is not None else "no answer"
    if status[1] == b"500":
        return "500"
    if _HTML.search(answer):
        return "HTML"
    return "a traceback" if b"Traceback (most recent call last)" in answer else None


def walk(running: RunningLocalAws, requests: Iterator[Any], statuses: Counter[str]) -> Iterator[str]:
    """Send requests, and yield what is wrong."""
    for sent in requests:
        message = sent.message(running.port)
        answer = running.ask(message)
        statuses[answer[9:12].decode(errors="replace") or "none"] += 1
        found = problem(sent, answer)
        if found is not None:
            yield f"{found}\n  to {message[:1500]!r}\n  answered {answer[-700:]!r}"


def assert_it_serves_on(running: RunningLocalAws) -> None:
    assert running.process.poll() is None
    assert b'"status": "ok"' in running.ask(
        f"GET /_local/health HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n\r\n".encode()
    )
    assert "Traceback" not in running.log.read_text(errors="replace")


def test_random_requests_are_answered_as_aws_does(running: RunningLocalAws) -> None:
    """No 500, no HTML, no traceback, whatever is sent."""
    requests = random_requests
    stream = requests.RandomRequests(1, populate(running, requests))
    assert list(walk(running, islice(stream, SHORT), Counter())) == []
    assert_it_serves_on(running)


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_random_requests_for_minutes(running: RunningLocalAws, capsys: pytest.CaptureFixture[str]) -> None:
    """The same for five minutes, in which memory stays flat. Prints how many requests there were."""
    requests = random_requests
    stream = iter(requests.RandomRequests(time.time_ns(), populate(running, requests)))
    statuses: Counter[str] = Counter()
    wrong: list[str] = []
    measured: list[int] = []
    began = time.monotonic()
    for tenth in range(10):
        while time.monotonic() - began < LONG_SECONDS * (tenth + 1) / 10:
            wrong += walk(running, islice(stream, 100), statuses)
        measured.append(running.memory() // MEGABYTE)
    with capsys.disabled():
        count = sum(statuses.values())
        print(
            f"\n{count} random requests in {LONG_SECONDS:g} s, {dict(sorted(statuses.items()))}; MB of memory: {measured}"
        )
    assert wrong[:5] == []
    assert_it_serves_on(running)
    # Some of the requests are valid, and what they make stays.
    assert max(measured[5:]) < max(measured[:5]) * 1.1
