"""Sign-in, list, call and search against local AWS: its own reading of OAuth and MCP judges this client."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from agentcore_provider.errors import McpError, NotSignedIn, TokenRefused
from agentcore_provider.local.server import Server
from agentcore_provider.mcp.session import call_tool, list_tools, search_tools
from agentcore_provider.mcp.token import fetch_token

_HANDLER = """
def handler(event, context):
    if event["order_id"] == "none":
        raise ValueError("no such order")
    return {"order_id": event["order_id"], "status": "SHIPPED"}
"""
_TOOL = {
    "name": "get_order",
    "description": "Tell where an order is",
    "inputSchema": {"type": "object", "properties": {"order_id": {"type": "string"}}, "required": ["order_id"]},
}


@dataclass(frozen=True)
class Shop:
    url: str
    token_endpoint: str
    client_id: str
    client_secret: str

    def token(self) -> str:
        return fetch_token(self.token_endpoint, self.client_id, self.client_secret, "shop/invoke").access_token


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with Server(port=0, monotonic=time.monotonic) as server:
        yield server.base_url


@pytest.fixture(scope="module")
def shop(base: str) -> Shop:
    """A gateway with Cognito sign-in and one Lambda tool, made with boto3 alone."""

    def client(service: str) -> Any:
        keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
        return boto3.client(service, endpoint_url=base, region_name="us-west-2", **keys)  # type: ignore[call-overload]

    cognito = client("cognito-idp")
    pool_id = cognito.create_user_pool(PoolName="shop")["UserPool"]["Id"]
    cognito.create_user_pool_domain(Domain="shop-mcp", UserPoolId=pool_id)
    scope = [{"ScopeName": "invoke", "ScopeDescription": "call tools"}]
    cognito.create_resource_server(UserPoolId=pool_id, Identifier="shop", Name="shop", Scopes=scope)
    app = cognito.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName="agent",
        GenerateSecret=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthScopes=["shop/invoke"],
    )["UserPoolClient"]

    iam = client("iam")
    principal = {"Service": "bedrock-agentcore.amazonaws.com"}
    trust = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    role = iam.create_role(RoleName="shop-mcp", AssumeRolePolicyDocument=_policy(trust))["Role"]["Arn"]
    invoke = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}
    iam.put_role_policy(RoleName="shop-mcp", PolicyName="invoke", PolicyDocument=_policy(invoke))
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("orders.py", _HANDLER)
    function = client("lambda").create_function(
        FunctionName="shop-mcp-orders",
        Runtime="python3.12",
        Handler="orders.handler",
        Role=role,
        Code={"ZipFile": code.getvalue()},
    )["FunctionArn"]

    control = client("bedrock-agentcore-control")
    discovery = f"{base}/{pool_id}/.well-known/openid-configuration"
    gateway = control.create_gateway(
        name="shop-mcp",
        roleArn=role,
        protocolType="MCP",
        protocolConfiguration={"mcp": {"searchType": "SEMANTIC"}},
        authorizerType="CUSTOM_JWT",
        authorizerConfiguration={
            "customJWTAuthorizer": {"discoveryUrl": discovery, "allowedClients": [app["ClientId"]]}
        },
    )
    gateway_id = gateway["gatewayId"]
    while control.get_gateway(gatewayIdentifier=gateway_id)["status"] != "READY":
        pass
    target = control.create_gateway_target(
        gatewayIdentifier=gateway_id,
        name="orders",
        targetConfiguration={"mcp": {"lambda": {"lambdaArn": function, "toolSchema": {"inlinePayload": [_TOOL]}}}},
        credentialProviderConfigurations=[{"credentialProviderType": "GATEWAY_IAM_ROLE"}],
    )
    ids = {"gatewayIdentifier": gateway_id, "targetId": target["targetId"]}
    while control.get_gateway_target(**ids)["status"] != "READY":
        pass
    url = f"{base}/gateways/{gateway_id}/mcp"
    return Shop(url, f"{base}/cognito/shop-mcp/oauth2/token", app["ClientId"], app["ClientSecret"])


def test_a_signed_in_client_lists_calls_and_finds_the_lambda_tool(shop: Shop) -> None:
    token = shop.token()
    assert "orders___get_order" in [tool.name for tool in list_tools(shop.url, token)]
    answer = call_tool(shop.url, token, "orders___get_order", {"order_id": "A-7"})
    assert (answer.is_error, answer.value) == (False, {"order_id": "A-7", "status": "SHIPPED"})
    assert [tool.name for tool in search_tools(shop.url, token, "where is my order")] == ["orders___get_order"]


def test_wrong_arguments_and_failing_handlers_are_answers_that_say_so(shop: Shop) -> None:
    token = shop.token()
    assert "order_id" in call_tool(shop.url, token, "orders___get_order", {"order": 7}).text
    failed = call_tool(shop.url, token, "orders___get_order", {"order_id": "none"})
    assert failed.is_error


def test_an_unknown_tool_is_an_error_of_the_gateway(shop: Shop) -> None:
    with pytest.raises(McpError, match="Unknown tool: orders___nothing"):
        call_tool(shop.url, shop.token(), "orders___nothing", {})


def test_no_token_and_a_foreign_token_are_refused_with_what_to_check(shop: Shop) -> None:
    with pytest.raises(TokenRefused, match=r"HTTP 401 .*no token was sent"):
        list_tools(shop.url)
    header, claims, _ = shop.token().split(".")
    with pytest.raises(TokenRefused, match=rf"HTTP 401 .*{shop.client_id}.*allowedClients"):
        list_tools(shop.url, f"{header}.{claims}.c2lnbmF0dXJl")


def test_sign_in_names_what_is_wrong(shop: Shop) -> None:
    with pytest.raises(NotSignedIn, match="invalid_client"):
        fetch_token(shop.token_endpoint, shop.client_id, "wrong", "shop/invoke")
    with pytest.raises(NotSignedIn, match="invalid_scope"):
        fetch_token(shop.token_endpoint, shop.client_id, shop.client_secret, "shop/admin")
