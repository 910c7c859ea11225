"""McpGateway: one call declares everything a gateway needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest

from agentcore_provider import EzAuth, JwtAuthorizer, McpGateway, People, targets
from agentcore_provider.arguments import callback_urls
from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.schema_object import SchemaObject
from agentcore_provider.rules.tool_schema import INLINE_BYTES

ARN = "arn:aws:lambda:eu-central-1:123456789012:function:orders"
TOOL = {"name": "find", "description": "Find orders", "inputSchema": {"type": "object"}}


def _function(text: str = "Find orders") -> targets.Lambda:
    return targets.Lambda(ARN, tools=[{**TOOL, "description": text}])


def test_one_call_declares_sign_in_role_gateway_and_targets(declare: Any) -> None:
    declared = declare(lambda: McpGateway("shop", targets={"orders": _function()}).mcp_url)
    assert list(declared.of("agentcore:EzAuth")) == ["shop"]
    assert list(declared.of(":Role")) == ["shop-gateway"]
    (gateway,) = declared.of("agentcore:Gateway").values()
    assert gateway["role_arn"] == "arn:aws:iam::123456789012:role/shop-gateway-1234567"
    assert gateway["authorizer_configuration"]["customJWTAuthorizer"]["allowedClients"] == ["client"]
    (target,) = declared.of("agentcore:GatewayTarget").values()
    assert target["name"] == "orders"
    assert declared.policy("shop-orders")[0]["Resource"] == ARN
    assert declared.result == "https://shop-1234567-0123456789.example.com/mcp"


@pytest.mark.parametrize(
    ("people", "callbacks"),
    [
        (True, [*callback_urls.ALL]),
        (People(callback_urls=["https://desk.example.com/done"]), ["https://desk.example.com/done"]),
        ({"callback_urls": ["https://desk.example.com/done"]}, ["https://desk.example.com/done"]),
        ({"refresh_token_validity_seconds": 86400}, [*callback_urls.ALL]),
        ({"callback_urls": None, "id_token_validity_seconds": None}, [*callback_urls.ALL]),
        ("late", [*callback_urls.ALL]),
        (False, None),
    ],
)
def test_a_gateway_accepts_people_that_its_sign_in_lets_in(declare: Any, people: Any, callbacks: Any) -> None:
    """With people the gateway takes the tokens of both clients, and advertises the scopes that MCP clients ask for."""

    def program() -> Any:
        late = People(**{it: pulumi.Output.from_input(None) for it in ("callback_urls", "id_token_validity_seconds")})
        chosen = late if people == "late" else people
        made = McpGateway("shop", targets={"orders": _function()}, ez_auth_arguments={"people": chosen})
        return pulumi.Output.all(**made.client_settings)

    declared = declare(program)
    (gateway,) = declared.of("agentcore:Gateway").values()
    jwt = gateway["authorizer_configuration"]["customJWTAuthorizer"]
    made = declared.of("agentcore:EzAuth")["shop"].get("people")
    assert (made and made["callback_urls"]) == callbacks
    assert (made and made["id_token_validity_seconds"]) == (3600 if callbacks else None)
    assert jwt["allowedClients"] == (["client", "people"] if callbacks else ["client"])
    assert jwt.get("allowedScopes") == (["shop/invoke"] if callbacks else None)
    assert declared.result.get("people_client_id") == ("people" if callbacks else None)


def test_people_as_a_whole_cannot_come_from_another_resource(declare: Any) -> None:
    """Whether there is a client for them decides what else is declared; their members may come from others."""

    def program() -> Any:
        late = pulumi.Output.from_input({"callback_urls": ["https://desk.example.com/done"]})
        return EzAuth("shop", people=late).client_id  # type: ignore[arg-type]

    with pytest.raises(InvalidInput, match=r'EzAuth "shop": people: comes as a whole from another resource'):
        declare(program)


def test_two_gateways_may_have_targets_of_the_same_name(declare: Any) -> None:
    def program() -> Any:
        return [McpGateway(name, targets={"orders": _function()}).gateway_id for name in ("shop", "desk")]

    declared = declare(program)
    assert {it["name"] for it in declared.of("agentcore:GatewayTarget").values()} == {"orders"}
    assert len({(it.typ, it.name) for it in declared.resources}) == len(declared.resources)


def test_nothing_is_made_that_is_given(declare: Any) -> None:
    issuer = JwtAuthorizer(discovery_url="https://login.example.com/.well-known/openid-configuration")

    def program() -> Any:
        gateway = McpGateway(
            "shop", targets={"orders": _function()}, authorizer=issuer, role_arn="arn:aws:iam::123456789012:role/own"
        )
        assert gateway.ez_auth is gateway.role is None
        return gateway.gateway_id

    declared = declare(program)
    assert declared.of("agentcore:EzAuth") == declared.of(":Role") == declared.of(":RolePolicy") == {}


def test_a_folder_becomes_a_function_that_is_called_with_its_own_tools(declare: Any, tmp_path: Path) -> None:
    (tmp_path / "handler.py").write_text(
        'def find(text: str) -> str:\n    """Find orders.\n\n    Args:\n        text: What to find.\n    """\n\n\nTOOLS = [find]\n'
    )
    declared = declare(
        lambda: McpGateway("shop", targets={"orders": targets.LambdaCode(tmp_path)}).targets["orders"].id
    )
    (target,) = declared.of("agentcore:GatewayTarget").values()
    function = target["target_configuration"]["mcp"]["lambda"]
    assert function["lambdaArn"] == "arn:aws:lambda:eu-central-1:123456789012:function:shop-orders-1234567"
    assert [tool["name"] for tool in function["toolSchema"]["inlinePayload"]] == ["find"]
    assert declared.policy("shop-orders")[0]["Resource"] == function["lambdaArn"]


def test_names_of_functions_stay_short_enough_for_iam_and_apart(declare: Any, tmp_path: Path) -> None:
    (tmp_path / "handler.py").write_text("TOOLS = []\n")
    long = {f"{'orders' * 12}-{number}": targets.LambdaCode(tmp_path) for number in range(2)}
    declared = declare(lambda: McpGateway("shop", targets=long).gateway_id)
    names = [*declared.of(":Function"), *declared.of(":Role")]
    assert len(set(names)) == 5
    assert max(map(len, names)) + len("-1234567") <= 64


@pytest.mark.parametrize("asked", [True, False])
def test_a_schema_travels_through_s3_when_asked_or_too_long(declare: Any, asked: bool) -> None:
    text = "Find orders" if asked else "x" * (INLINE_BYTES + 1)

    def program() -> Any:
        many = {"orders": _function(text), "stock": _function(text)}
        return McpGateway("shop", targets=many, schema_in_s3=asked).targets["orders"].id

    declared = declare(program)
    assert list(declared.of("s3/bucket:Bucket")) == ["shop-schemas"]
    stored = declared.of(":BucketObjectv2")["shop-orders"]
    assert json.loads(stored["content"])[0]["description"] == text
    target = declared.of("agentcore:GatewayTarget")["shop-orders"]
    schema = target["target_configuration"]["mcp"]["lambda"]["toolSchema"]
    assert schema == {"s3": {"uri": f"s3://shop-schemas-1234567/{stored['key']}"}}
    assert target["credential_provider_configurations"] == [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]


def test_a_short_schema_stays_in_the_document(declare: Any) -> None:
    assert declare(lambda: McpGateway("shop", targets={"orders": _function()}).id).of("s3/bucket:Bucket") == {}


def test_an_aws_document_and_further_arguments_are_targets_too(declare: Any) -> None:
    api = {"mcp": {"openApiSchema": {"inlinePayload": "openapi: 3.0.0\n"}}}
    key = {"credentialProviderType": "API_KEY"}

    def program() -> Any:
        described = {"target": api, "description": "Weather", "credentials": [key]}
        return McpGateway("shop", targets={"weather": described}, schema_in_s3=True).gateway_id

    declared = declare(program)
    target = declared.of("agentcore:GatewayTarget")["shop-weather"]
    assert target["description"] == "Weather"
    assert target["credential_provider_configurations"] == [key]
    assert declared.of(":BucketObjectv2")["shop-weather"]["key"].endswith(".yaml")


def test_a_changed_schema_is_another_object(declare: Any) -> None:
    def program() -> Any:
        return [SchemaObject(f"s{text}", content=pulumi.Output.from_input(text), bucket="b").uri for text in "ab"]

    first, second = declare(program).result
    assert first.rpartition("/")[2] != second.rpartition("/")[2]


def test_a_tools_file_that_is_missing_is_left_to_the_targets_preview(declare: Any) -> None:
    broken = targets.Lambda(ARN, tools="nowhere.json")
    declared = declare(lambda: McpGateway("shop", targets={"orders": broken}).id)
    (target,) = declared.of("agentcore:GatewayTarget").values()
    assert "nowhere.json" in str(target["__context"]["problems"])


def test_targets_without_names_are_reported(declare: Any) -> None:
    def program() -> None:
        with pytest.raises(InvalidInput, match=r"targets: is a list\. Give a dict of name to target"):
            McpGateway("shop", targets=[targets.McpServer("https://a.example.com/mcp")])  # type: ignore[arg-type]

    declare(program)


def test_what_is_not_a_authorizer_is_reported_with_the_other_problems(declare: Any) -> None:
    declared = declare(lambda: McpGateway("shop", targets={}, authorizer=5).gateway_id)  # type: ignore[arg-type]
    (gateway,) = declared.of("agentcore:Gateway").values()
    report = 'authorizer: is a int. Give an EzAuth, a JwtAuthorizer, "AWS_IAM" or "NONE".'
    assert report in gateway["__context"]["problems"], "what others have to say may follow"


def test_further_statements_go_to_the_role_that_is_made(declare: Any) -> None:
    """For what no permission is known of; a role of one's own has them itself."""
    own = {"Effect": "Allow", "Action": "es:ESHttpGet", "Resource": "*"}
    declared = declare(lambda: McpGateway("shop", targets={}, authorizer="NONE", role_statements=[own]).urn)
    assert declared.policy("shop-further") == [own]

    def both() -> None:
        with pytest.raises(InvalidInput, match=r"role_statements cannot be combined with role_arn="):
            McpGateway("shop", targets={}, authorizer="NONE", role_arn=ROLE_ARN, role_statements=[own])

    declare(both)


ROLE_ARN = "arn:aws:iam::123456789012:role/shop"


def test_a_lock_of_a_gateway_is_for_its_mcp_servers(declare: Any) -> None:
    """It leaves targets alone whose tools cannot change by themselves, and those with another tools_lock."""
    url, digest = "https://tools.example.com/mcp", "5d41402abc4b2a76b9719d911017c592"
    document = {"mcp": {"mcpServer": {"endpoint": url}}}
    listed = {
        "stock": targets.McpServer(url),
        "again": document,
        "open": {"target": document, "tools_lock": False},
        "known": {"target": targets.McpServer(url), "tools_lock": digest},
        "fixed": targets.McpServer(url, tool_schema=[TOOL]),
        "live": targets.McpServer(url, listing_mode="DYNAMIC"),
        "orders": _function(),
    }
    gateway = {"authorizer": "NONE", "protocol_configuration": {"mcp": {}}}
    declared = declare(lambda: McpGateway("shop", tools_lock=True, targets=listed, **gateway).mcp_url)
    made = declared.of("agentcore:GatewayTarget")
    assert {name: it["__context"].get("tools_lock") for name, it in made.items()} == {
        "shop-stock": True,
        "shop-again": True,
        "shop-open": None,
        "shop-known": digest,
        "shop-fixed": None,
        "shop-live": None,
        "shop-orders": None,
    }


def test_a_lock_of_a_gateway_takes_no_fingerprint(declare: Any) -> None:
    lock: Any = "5d41402abc4b2a76b9719d911017c592"
    with pytest.raises(InvalidInput, match=r'McpGateway "shop": tools_lock: is a str'):
        declare(lambda: McpGateway("shop", tools_lock=lock, targets={"orders": _function()}).mcp_url)
