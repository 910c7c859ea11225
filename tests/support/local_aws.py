"""Local AWS as tests see it: boto3 clients, what gateways need in it, and its own requests such as faults."""

from __future__ import annotations

import io
import itertools
import json
import urllib.request
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

import boto3
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
ECHO = "def handler(event, context): return event"
# Servers of one process share moto's memory, so names are unique in it.
_RUN = uuid.uuid4().hex[:6]
_numbers = itertools.count()


class LocalAws:
    """A local AWS at an address, whoever runs it."""

    def __init__(self, endpoint: str = "") -> None:
        self.endpoint = endpoint
        self._clients: dict[tuple[str, str, str, int | None], Any] = {}
        self._function_arn = ""

    def client(self, service: str, region: str = REGION, *, attempts: int | None = None) -> Any:
        """A boto3 client. attempts: tries of each call; default: boto3's."""
        # One that is started again may be at another address.
        key = (self.endpoint, service, region, attempts)
        if key not in self._clients:
            retries = {} if attempts is None else {"total_max_attempts": attempts, "mode": "standard"}
            self._clients[key] = boto3.client(
                service,
                endpoint_url=self.endpoint,
                region_name=region,
                aws_access_key_id="local",
                aws_secret_access_key="local",
                config=Config(retries=retries, parameter_validation=self.validates),
            )
        return self._clients[key]

    validates = True
    """Whether boto3 checks arguments before it sends them."""

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """A request to local AWS's own paths, such as GET /_local/status."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.endpoint + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as response:
            text = response.read()
        return json.loads(text) if text else None

    def fault(self, **fault: Any) -> None:
        """Let an operation fail; see POST /_local/faults."""
        self.ask("POST", "/_local/faults", fault)

    def clear_faults(self) -> None:
        """Remove all faults."""
        self.ask("DELETE", "/_local/faults")

    def requests(self) -> list[str]:
        """The operations that were requested since `forget_requests`, in order."""
        return [request["operation"] for request in self.ask("GET", "/_local/requests")]

    def forget_requests(self) -> None:
        """Empty `requests`."""
        self.ask("DELETE", "/_local/requests")

    def unique(self, prefix: str) -> str:
        """A name that no other test of this process uses."""
        return f"{prefix}-{_RUN}-{next(_numbers)}"

    def role(
        self,
        *,
        name: str = "",
        principal: str = "bedrock-agentcore.amazonaws.com",
        account: str = ACCOUNT,
        gateways: str = "*",
        of: str = "gateway",
    ) -> str:
        """A role that the principal may assume, for these gateways of the account, or resources `of` another kind; its ARN."""
        trust: dict[str, Any] = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": "sts:AssumeRole"}
        if principal.startswith("bedrock-agentcore"):
            trust["Condition"] = {
                "StringEquals": {"aws:SourceAccount": account},
                "ArnLike": {"aws:SourceArn": f"arn:aws:bedrock-agentcore:*:{account}:{of}/{gateways}"},
            }
        name = name or self.unique("role")
        made = self.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))
        return str(made["Role"]["Arn"])

    def execution_role(self, **options: Any) -> str:
        """A role of `role` that may invoke functions, use credentials and ask policy engines; returns its ARN."""
        arn = self.role(**options)
        for action in ("lambda:InvokeFunction", "bedrock-agentcore:*", "secretsmanager:GetSecretValue"):
            self.allow(arn, action, "*")
        return arn

    def allow(self, role_arn: str, action: str, resource: str, *, effect: str = "Allow", name: str = "") -> None:
        """Put an inline policy onto a role; name: of the policy, default: one more."""
        self.client("iam").put_role_policy(
            RoleName=role_arn.rpartition("/")[2],
            PolicyName=name or self.unique("policy"),
            PolicyDocument=policy({"Effect": effect, "Action": action, "Resource": resource}),
        )

    def function(self, code: str = ECHO) -> str:
        """A new Lambda function with this code; returns its ARN."""
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as files:
            files.writestr("index.py", code)
        made = self.client("lambda").create_function(
            FunctionName=self.unique("function"),
            Runtime="python3.11",
            Role=self.role(principal="lambda.amazonaws.com"),
            Handler="index.handler",
            Code={"ZipFile": archive.getvalue()},
        )
        return str(made["FunctionArn"])

    @property
    def function_arn(self) -> str:
        """A function that returns its event, the same each time."""
        self._function_arn = self._function_arn or self.function()
        return self._function_arn


class ServedAws(LocalAws):
    """A local AWS of this process. Its clock stands until a test moves `now`, unless `monotonic` is another."""

    def __init__(self, *, monotonic: Callable[[], float] | None = None, **settings: Any) -> None:
        self.now = 1000.0
        self.server = Server(port=0, monotonic=monotonic or (lambda: self.now), **settings)
        super().__init__(self.server.base_url)

    def close(self) -> None:
        """Stop it."""
        self.server.close()


def lambda_configuration(function_arn: str, tools: Any = None) -> dict[str, Any]:
    """A target configuration; tools: a list, or where they are; default: TOOLS."""
    schema = tools if isinstance(tools, dict) else {"inlinePayload": TOOLS if tools is None else tools}
    return {"mcp": {"lambda": {"lambdaArn": function_arn, "toolSchema": schema}}}


def policy(*statements: dict[str, Any]) -> str:
    """A policy document of IAM."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
