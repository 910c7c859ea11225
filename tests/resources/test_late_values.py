"""What the engine knows late may stand anywhere: in names, in protocols, inside tools and documents."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from agentcore_provider import Gateway, GatewayRole, GatewayTarget, targets

ARN = "arn:aws:lambda:eu-central-1:123456789012:function:orders"
TOOL = {"name": "find", "description": "Find", "inputSchema": {"type": "object"}}
API = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "paths": {"/orders": {"get": {"operationId": "listOrders", "responses": {"200": {"description": "Orders"}}}}},
}


def late(value: Any) -> Any:
    return pulumi.Output.from_input(value)


def _target(declare: Any, target: Any) -> Any:
    def program() -> None:
        gateway = Gateway("shop", role_arn=GatewayRole("shop"), authorizer="NONE")
        GatewayTarget("orders", gateway=gateway, target=target())

    return declare(program).of("agentcore:GatewayTarget")["orders"]["target_configuration"]["mcp"]


@pytest.mark.parametrize("member", ["name", "description", "inputSchema"])
def test_a_member_of_a_tool(declare: Any, member: str) -> None:
    document = _target(declare, lambda: targets.Lambda(ARN, tools=[{**TOOL, member: late(TOOL[member])}]))
    assert document["lambda"]["toolSchema"] == {"inlinePayload": [TOOL]}


def test_the_address_inside_an_openapi_document(declare: Any) -> None:
    servers = {"servers": [{"url": "https://shop.example.com"}]}
    document = _target(
        declare, lambda: targets.OpenApi({**API, "servers": [{"url": late("https://shop.example.com")}]})
    )
    assert json.loads(document["openApiSchema"]["inlinePayload"]) == {**API, **servers}


def test_the_protocol_of_a_gateway(declare: Any) -> None:
    def program() -> None:
        Gateway(
            "shop", role_arn=GatewayRole("shop"), authorizer="NONE", protocol_type=late("MCP"), instructions=late("x")
        )

    gateway = declare(program).of("agentcore:Gateway")["shop"]
    assert gateway["protocol_configuration"] == {"mcp": {"searchType": "SEMANTIC", "instructions": "x"}}


def test_a_name_that_is_not_known_yet_is_not_a_problem_of_the_role(declare: Any) -> None:
    def program() -> None:
        Gateway("other", role_arn=GatewayRole("shop"), authorizer="NONE", name=late("shop-desk"))

    assert "problems" not in declare(program).of("agentcore:Gateway")["other"]["__context"]
