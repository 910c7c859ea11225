"""A shop that works, whole, on a local AWS in this process, made with boto3 alone: each test breaks one thing of it."""

from __future__ import annotations

import io
import json
import time
import urllib.request
import uuid
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from typer.testing import Result

from agentcore_provider.local.server import Server
from agentcore_provider.mcp.token import fetch_token

ACCOUNT = "123456789012"
_HANDLER = """
def handler(event, context):
    if event["order_id"] == "none":
        raise ValueError("no such order")
    return {"order_id": event["order_id"], "status": "SHIPPED"}
"""
TOOL = {
    "name": "get_order",
    "description": "Tell where an order is",
    "inputSchema": {"type": "object", "properties": {"order_id": {"type": "string"}}, "required": ["order_id"]},
}


class LocalAws:
    """Local AWS of this process and what tests make in it."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._session = boto3.Session("local", "local", region_name="us-west-2")
        self._clients: dict[str, Any] = {}
        self.function = self._make_function()

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = self._session.client(service, endpoint_url=self.base)
        return self._clients[service]

    def fault(self, **fault: Any) -> None:
        data = json.dumps(fault).encode()
        request = urllib.request.Request(
            f"{self.base}/_local/faults", data, {"Content-Type": "application/json"}, method="POST"
        )
        urllib.request.urlopen(request).close()

    def clear_faults(self) -> None:
        urllib.request.urlopen(urllib.request.Request(f"{self.base}/_local/faults", method="DELETE")).close()

    def await_status(self, *statuses: str, gateway_id: str, target_id: str | None = None) -> None:
        control = self.client("bedrock-agentcore-control")
        while True:
            seen = (
                control.get_gateway_target(gatewayIdentifier=gateway_id, targetId=target_id)
                if target_id
                else control.get_gateway(gatewayIdentifier=gateway_id)
            )
            if seen["status"] in statuses:
                return

    def make_role(self, name: str, function: str) -> str:
        trust = {
            "Effect": "Allow",
            "Principal": {"Service": "bedrock-agentcore.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": ACCOUNT},
                "ArnLike": {"aws:SourceArn": f"arn:aws:bedrock-agentcore:us-west-2:{ACCOUNT}:gateway/{name}-*"},
            },
        }
        role = self.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
        self.allow(name, "lambda:InvokeFunction", function)
        return str(role)

    def allow(self, role: str, action: str, resource: str) -> None:
        statement = {"Effect": "Allow", "Action": action, "Resource": resource}
        self.client("iam").put_role_policy(RoleName=role, PolicyName="orders", PolicyDocument=policy(statement))

    def _make_function(self) -> str:
        name = f"orders-{uuid.uuid4().hex[:8]}"
        role = self.client("iam").create_role(
            RoleName=name,
            AssumeRolePolicyDocument=policy(
                {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ),
        )["Role"]["Arn"]
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("orders.py", _HANDLER)
        made = self.client("lambda").create_function(
            FunctionName=name,
            Runtime="python3.12",
            Handler="orders.handler",
            Role=role,
            Code={"ZipFile": code.getvalue()},
        )
        return str(made["FunctionArn"])


@dataclass
class Shop:
    """A gateway with Cognito sign-in and one Lambda target, as a stack would export it."""

    aws: LocalAws
    name: str
    outputs: dict[str, str]
    role: str
    discovery_url: str
    target_id: str
    document: dict[str, Any] = field(repr=False)

    @property
    def gateway_id(self) -> str:
        return self.outputs["gateway_id"]

    @property
    def url(self) -> str:
        return self.outputs["mcp_url"]

    def token(self) -> str:
        it = self.outputs
        return fetch_token(it["token_endpoint"], it["client_id"], it["client_secret"], it["scope"]).access_token

    def change_authorizer(self, **members: Any) -> None:
        """Replace the authorizer's members beside discoveryUrl."""
        authorizer = {"discoveryUrl": self.discovery_url} | members
        self.update(authorizerConfiguration={"customJWTAuthorizer": authorizer})

    def update(self, **members: Any) -> None:
        control = self.aws.client("bedrock-agentcore-control")
        control.update_gateway(gatewayIdentifier=self.gateway_id, **(self.document | members))
        self.aws.await_status("READY", "UPDATE_UNSUCCESSFUL", gateway_id=self.gateway_id)

    def add_target(self, name: str, configuration: dict[str, Any], *credentials: dict[str, Any]) -> str:
        made = self.aws.client("bedrock-agentcore-control").create_gateway_target(
            gatewayIdentifier=self.gateway_id,
            name=name,
            targetConfiguration={"mcp": configuration},
            credentialProviderConfigurations=list(credentials),
        )
        self.aws.await_status(
            "READY",
            "FAILED",
            "CREATE_PENDING_AUTH",
            gateway_id=self.gateway_id,
            target_id=made["targetId"],
        )
        return str(made["targetId"])


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@pytest.fixture(scope="module")
def local_aws() -> Iterator[LocalAws]:
    with Server(port=0, monotonic=time.monotonic) as server:
        yield LocalAws(server.base_url)


@pytest.fixture
def make_shop(local_aws: LocalAws) -> Iterator[Callable[..., Shop]]:
    """Makes shops; see new_shop."""
    yield lambda **options: new_shop(local_aws, **options)
    local_aws.clear_faults()


@pytest.fixture
def shop(make_shop: Callable[..., Shop], project: Path, engine: Path) -> Shop:
    """A shop that the project's stack exports."""
    made = make_shop()
    export(engine, made)
    return made


@pytest.fixture
def environment(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A shell that uses local AWS, in a folder without a project."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_ENDPOINT_URL", local_aws.base)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    monkeypatch.setenv("AWS_REGION", "us-west-2")


@pytest.fixture
def examined(agentcore: Callable[..., Result]) -> Callable[..., Examined]:
    def examine(*arguments: str) -> Examined:
        result = agentcore("doctor", "--json", *arguments)
        assert "marker-secret" not in result.output
        layers = json.loads(result.stdout)["layers"] if result.stdout else []
        return Examined(result.exit_code, layers, result.output)

    return examine


@dataclass(frozen=True)
class Examined:
    """What the doctor answered."""

    exit_code: int
    layers: list[dict[str, str]]
    output: str

    def status_of(self, name: str) -> str:
        return self.layer(name)["status"]

    def layer(self, name: str) -> dict[str, str]:
        return next(layer for layer in self.layers if layer["name"] == name)

    def failing(self) -> dict[str, str]:
        """The one layer that fails; all before it are well or not checked, all after it not reached."""
        at = [index for index, layer in enumerate(self.layers) if layer["status"] == "failed"]
        assert len(at) == 1, self.output
        assert {layer["status"] for layer in self.layers[: at[0]]} <= {"ok", "not checked"}
        siblings = [layer for layer in self.layers[at[0] + 1 :] if not layer["name"].startswith("target ")]
        assert all(layer["status"] == "not reached" for layer in siblings), self.output
        return self.layers[at[0]]


def export(engine: Path, *shops: Shop) -> None:
    outputs = {"gateways": {shop.name: shop.outputs for shop in shops}}
    (engine / "outputs.json").write_text(json.dumps(outputs))


def new_shop(
    aws: LocalAws,
    *,
    search: bool = False,
    authorizer_type: str = "CUSTOM_JWT",
    targets: bool = True,
    versions: tuple[str, ...] = (),
) -> Shop:
    """A shop of its own in local AWS. search: with semantic search. versions: revisions of MCP that it speaks."""
    name = f"shop{uuid.uuid4().hex[:8]}"
    cognito, control = aws.client("cognito-idp"), aws.client("bedrock-agentcore-control")
    pool_id = cognito.create_user_pool(PoolName=name)["UserPool"]["Id"]
    cognito.create_user_pool_domain(Domain=name, UserPoolId=pool_id)
    scopes = [{"ScopeName": scope, "ScopeDescription": scope} for scope in ("invoke", "admin")]
    cognito.create_resource_server(UserPoolId=pool_id, Identifier="shop", Name="shop", Scopes=scopes)
    app = cognito.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName="agent",
        GenerateSecret=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthScopes=["shop/invoke"],
    )["UserPoolClient"]
    role = aws.make_role(name, aws.function)
    discovery_url = f"{aws.base}/{pool_id}/.well-known/openid-configuration"
    document: dict[str, Any] = {"name": name, "roleArn": role, "protocolType": "MCP", "authorizerType": authorizer_type}
    if authorizer_type == "CUSTOM_JWT":
        authorizer = {"discoveryUrl": discovery_url, "allowedClients": [app["ClientId"]]}
        document["authorizerConfiguration"] = {"customJWTAuthorizer": authorizer}
    mcp = {
        **({"searchType": "SEMANTIC"} if search else {}),
        **({"supportedVersions": list(versions)} if versions else {}),
    }
    if mcp:
        document["protocolConfiguration"] = {"mcp": mcp}
    made = control.create_gateway(**document)
    outputs = {
        "mcp_url": f"{aws.base}/gateways/{made['gatewayId']}/mcp",
        "gateway_id": made["gatewayId"],
        "gateway_arn": made["gatewayArn"],
        "token_endpoint": f"{aws.base}/cognito/{name}/oauth2/token",
        "client_id": app["ClientId"],
        "client_secret": app["ClientSecret"],
        "scope": "shop/invoke",
    }
    aws.await_status("READY", "FAILED", gateway_id=made["gatewayId"])
    shop = Shop(aws, name, outputs, role, discovery_url, "", document)
    if targets:
        configuration = {"lambda": {"lambdaArn": aws.function, "toolSchema": {"inlinePayload": [TOOL]}}}
        shop.target_id = shop.add_target("orders", configuration, {"credentialProviderType": "GATEWAY_IAM_ROLE"})
    return shop
