"""A local AWS of the test process itself, with a clock that stands until a test moves it."""

from __future__ import annotations

import io
import itertools
import json
import urllib.request
import uuid
import zipfile
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from agentcore_provider.local.server import Server

ACCOUNT, REGION = "123456789012", "us-west-2"
CONTROL = "bedrock-agentcore-control"
TOOLS = [
    {
        "name": "find_order",
        "description": "Find an order",
        "inputSchema": {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]},
    }
]
# What servers of one process hold is shared, and this file may be loaded more than once in it.
_RUN = uuid.uuid4().hex[:6]
_numbers = itertools.count()


class LocalAws:
    """Clients of one server, and the things that gateways need."""

    def __init__(self, **settings: Any) -> None:
        self.now = 1000.0
        self.server = Server(port=0, monotonic=lambda: self.now, **settings)
        self.base_url = self.server.base_url
        self._clients: dict[str, Any] = {}
        self._lambda_arn = ""

    def client(self, service: str, attempts: int = 1, region: str = REGION) -> Any:
        """A client that tries only once, unless told otherwise."""
        key = f"{service} {attempts} {region}"
        if key not in self._clients:
            self._clients[key] = boto3.client(
                service,
                endpoint_url=self.base_url,
                region_name=region,
                aws_access_key_id="local",
                aws_secret_access_key="local",
                # The judge is local AWS, not the client.
                config=Config(retries={"total_max_attempts": attempts, "mode": "standard"}, parameter_validation=False),
            )
        return self._clients[key]

    @property
    def control(self) -> Any:
        """The AgentCore control plane."""
        return self.client(CONTROL)

    def unique(self, prefix: str) -> str:
        """A name that no other test of this process uses."""
        return f"{prefix}-{_RUN}-{next(_numbers)}"

    def role(self, *, principal: str = "bedrock-agentcore.amazonaws.com", account: str = ACCOUNT) -> str:
        """An execution role that may invoke every function and use every credential; returns its ARN."""
        iam, name = self.client("iam"), self.unique("role")
        trust = {
            "Effect": "Allow",
            "Principal": {"Service": principal},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": account},
                "ArnLike": {"aws:SourceArn": f"arn:aws:bedrock-agentcore:*:{account}:gateway/*"},
            },
        }
        arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_policy(trust))["Role"]["Arn"]
        self.allow(arn, "lambda:InvokeFunction", "*")
        for action in ("bedrock-agentcore:Get*", "secretsmanager:GetSecretValue"):
            self.allow(arn, action, "*")
        return arn

    def allow(self, role_arn: str, action: str, resource: str, effect: str = "Allow") -> None:
        """Put one more inline policy onto a role."""
        self.client("iam").put_role_policy(
            RoleName=role_arn.rpartition("/")[2],
            PolicyName=self.unique("policy"),
            PolicyDocument=_policy({"Effect": effect, "Action": action, "Resource": resource}),
        )

    def function(self) -> str:
        """A Lambda function; returns its ARN."""
        if not self._lambda_arn:
            archive = io.BytesIO()
            with zipfile.ZipFile(archive, "w") as files:
                files.writestr("index.py", "def handler(event, context): return event")
            self._lambda_arn = self.client("lambda").create_function(
                FunctionName=self.unique("function"),
                Runtime="python3.11",
                Role=self.role(),
                Handler="index.handler",
                Code={"ZipFile": archive.getvalue()},
            )["FunctionArn"]
        return self._lambda_arn

    def gateway(self, **members: Any) -> dict[str, Any]:
        """CreateGateway's answer."""
        document = {
            "name": self.unique("gateway"),
            "roleArn": members.pop("roleArn", None) or self.role(),
            "authorizerType": "NONE",
            "protocolType": "MCP",
            **members,
        }
        answer: dict[str, Any] = self.control.create_gateway(
            **{name: value for name, value in document.items() if value is not None}
        )
        return answer

    def lambda_target(self, gateway_id: str, **members: Any) -> dict[str, Any]:
        """The members of a CreateGatewayTarget request that the service accepts."""
        return {
            "gatewayIdentifier": gateway_id,
            "name": self.unique("target"),
            "targetConfiguration": lambda_configuration(self.function()),
            "credentialProviderConfigurations": [{"credentialProviderType": "GATEWAY_IAM_ROLE"}],
            **members,
        }

    def create_target(self, gateway_id: str, configuration: Any, credentials: Any = None) -> dict[str, Any]:
        """CreateGatewayTarget's answer. credentials: None sends none."""
        given = self.lambda_target(gateway_id, targetConfiguration=configuration)
        given["credentialProviderConfigurations"] = credentials
        answer: dict[str, Any] = self.control.create_gateway_target(
            **{name: value for name, value in given.items() if value is not None}
        )
        return answer

    def lambda_configuration(self, tools: Any = None) -> dict[str, Any]:
        """A target configuration with these tools: a list, or where they lie; one tool unless told otherwise."""
        return lambda_configuration(self.function(), tools)

    def http(self, method: str, path: str, document: Any = None, headers: dict[str, str] | None = None) -> Any:
        """Status and JSON body of a request without boto3, which would refuse some of them itself."""
        data = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(self.base_url + path, data=data, method=method, headers=headers or {})
        try:
            with urllib.request.urlopen(request) as response:
                status, body = response.status, response.read()
        except urllib.error.HTTPError as error:
            status, body = error.code, error.read()
        return status, json.loads(body) if body else None

    def signed(self, service: str) -> dict[str, str]:
        """Headers that name a service, as a signature does."""
        scope = f"local/20260101/{REGION}/{service}/aws4_request"
        return {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"}


def lambda_configuration(function_arn: str, tools: Any = None) -> dict[str, Any]:
    """A target configuration with a tool schema of its own."""
    schema = tools if isinstance(tools, dict) else {"inlinePayload": TOOLS if tools is None else tools}
    return {"mcp": {"lambda": {"lambdaArn": function_arn, "toolSchema": schema}}}


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _served(**settings: Any) -> Iterator[LocalAws]:
    local_aws = LocalAws(**settings)
    yield local_aws
    local_aws.server.close()


@pytest.fixture(scope="module")
def local_aws() -> Iterator[LocalAws]:
    """Everything is ready at once."""
    yield from _served()


@pytest.fixture(scope="module")
def slow_aws() -> Iterator[LocalAws]:
    """Gateways take 5 seconds, targets 2, domains 60, on a clock that tests move."""
    yield from _served(ready_after={"gateway": 5.0, "target": 2.0, "domain": 60.0})


@pytest.fixture
def limited_aws() -> Iterator[LocalAws]:
    """With the service's quotas; targets take 2 seconds."""
    yield from _served(enforce_limits=True, ready_after={"target": 2.0})


@pytest.fixture
def hesitant_aws() -> Iterator[LocalAws]:
    """Roles and permissions take 5 seconds from IAM to the service."""
    yield from _served(ready_after={"permission": 5.0})
