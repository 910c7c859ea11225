"""A shop that works, whole, on a local AWS in this process, made with boto3 alone: each test breaks one thing of it."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agentcore_provider.mcp.token import fetch_token
from tests.support.local_aws import CONTROL, ServedAws

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


class ShopAws(ServedAws):
    """A local AWS of this process with the function of all shops. Its clock is the machine's."""

    def __init__(self) -> None:
        super().__init__(monotonic=time.monotonic)
        self.order_function = self.function(_HANDLER)

    def await_status(self, *statuses: str, gateway_id: str, target_id: str | None = None) -> None:
        """Wait until a gateway, or a target of it, has one of these."""
        control = self.client(CONTROL)
        while True:
            found = (
                control.get_gateway_target(gatewayIdentifier=gateway_id, targetId=target_id)
                if target_id
                else control.get_gateway(gatewayIdentifier=gateway_id)
            )
            if found["status"] in statuses:
                return

    def make_role(self, name: str, function: str) -> str:
        """A role for gateways of this name that may invoke a function; returns its ARN."""
        arn = self.role(name=name, gateways=f"{name}-*")
        self.allow(name, "lambda:InvokeFunction", function, name="orders")
        return arn


@dataclass
class Shop:
    """A gateway with Cognito sign-in and one Lambda target, as a stack would export it."""

    aws: ShopAws
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
    aws: ShopAws,
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
    role = aws.make_role(name, aws.order_function)
    discovery_url = f"{aws.endpoint}/{pool_id}/.well-known/openid-configuration"
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
        "mcp_url": f"{aws.endpoint}/gateways/{made['gatewayId']}/mcp",
        "gateway_id": made["gatewayId"],
        "gateway_arn": made["gatewayArn"],
        "token_endpoint": f"{aws.endpoint}/cognito/{name}/oauth2/token",
        "client_id": app["ClientId"],
        "client_secret": app["ClientSecret"],
        "scope": "shop/invoke",
    }
    aws.await_status("READY", "FAILED", gateway_id=made["gatewayId"])
    shop = Shop(aws, name, outputs, role, discovery_url, "", document)
    if targets:
        configuration = {"lambda": {"lambdaArn": aws.order_function, "toolSchema": {"inlinePayload": [TOOL]}}}
        shop.target_id = shop.add_target("orders", configuration, {"credentialProviderType": "GATEWAY_IAM_ROLE"})
    return shop
