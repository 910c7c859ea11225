"""Registry and RegistryRecord: the documents that their arguments become, and problems that the program's side finds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agentcore_provider import EzAuth, Gateway, JwtAuthorizer, McpGateway, Registry, RegistryRecord
from agentcore_provider.errors import InvalidInput

ROLE = "arn:aws:iam::123456789012:role/shop"
KEY = "arn:aws:kms:us-west-2:123456789012:key/11111111-2222-3333-4444-555555555555"
TOKENS = JwtAuthorizer(
    discovery_url="https://login.example.com/.well-known/openid-configuration", allowed_clients=["agents"]
)
CUSTOM = {"record_type": "CUSTOM", "descriptors": {"custom": {"data": "{}"}}}


def only(declared: Any, kind: str) -> dict[str, Any]:
    (found,) = declared.of(f"agentcore:{kind}").values()
    return dict(found)


def test_arguments_become_documents(declare: Any) -> None:
    """The defaults, and all of them."""
    found = only(declare(lambda: Registry("tools")), "Registry")
    assert found["discovery_configuration"] == {"authorizerType": "AWS_IAM"}
    assert found["approval_configuration"] == {"autoApprovalRules": []}
    made = declare(lambda: Registry("tools", authorizer=TOKENS, auto_approve=True, kms_key_arn=KEY))
    found = only(made, "Registry")
    jwt = TOKENS.authorizer_configuration()
    assert found["discovery_configuration"] == {"authorizerType": "CUSTOM_JWT", "authorizerConfiguration": jwt}
    assert found["approval_configuration"] == {"autoApprovalRules": ["APPROVE_ALL"]}
    assert found["encryption_configuration"] == {"kmsKeyArn": KEY}


def test_people_and_agents_search_with_tokens_of_ez_auth(declare: Any) -> None:
    """Its authorizer is that of a gateway."""
    found = only(declare(lambda: Registry("tools", authorizer=EzAuth("agents"))), "Registry")
    assert found["discovery_configuration"]["authorizerType"] == "CUSTOM_JWT"
    assert "customJWTAuthorizer" in found["discovery_configuration"]["authorizerConfiguration"]


def test_a_gateway_becomes_a_server_with_an_address(declare: Any) -> None:
    """Of the version that the record has."""

    def program() -> None:
        gateway = Gateway("shop", role_arn=ROLE, authorizer="AWS_IAM", name="the-shop")
        RegistryRecord("shop", registry_id="abcdefghijkl", gateway=gateway, record_version="1.2.0")

    found = only(declare(program), "RegistryRecord")
    assert (found["record_type"], found["approval"], found["registry_id"]) == ("MCP", "SUBMIT", "abcdefghijkl")
    server = json.loads(found["descriptors"]["mcpServer"]["data"])
    assert (server["name"], server["version"]) == ("com.amazonaws.bedrock-agentcore/the-shop", "1.2.0")
    assert [it["type"] for it in server["remotes"]] == ["streamable-http"]


@pytest.mark.parametrize(
    ("arguments", "report"),
    [
        (CUSTOM, "needs exactly one of registry and registry_id"),
        ({**CUSTOM, "registry": "abcdefghijkl"}, "registry: is of type str. Pass a Registry"),
        ({"registry_id": "abcdefghijkl"}, "needs gateway, or record_type and descriptors"),
        ({"registry_id": "abcdefghijkl", "record_type": "MCP"}, "needs gateway, or record_type and descriptors"),
        ({"registry_id": "abcdefghijkl", "gateway": "shop"}, "gateway: is of type str. Pass a Gateway"),
        ({"registry_id": "abcdefghijkl", "gateway": McpGateway}, "of an McpGateway its .gateway"),
    ],
)
def test_arguments_that_contradict_each_other_are_refused(arguments: Any, report: str) -> None:
    """At the line of the program."""
    with pytest.raises(InvalidInput, match=report):
        RegistryRecord("shop", **arguments)


def test_a_gateway_has_no_descriptors(declare: Any) -> None:
    """They are made of it."""

    def program() -> None:
        gateway = Gateway("shop", role_arn=ROLE, authorizer="AWS_IAM")
        with pytest.raises(InvalidInput, match="descriptors: cannot be combined with gateway"):
            RegistryRecord("shop", registry_id="abcdefghijkl", gateway=gateway, descriptors={})
        with pytest.raises(InvalidInput, match="needs exactly one of gateway and record_type"):
            RegistryRecord("shop", registry_id="abcdefghijkl", gateway=gateway, record_type="MCP")
        with pytest.raises(InvalidInput, match=r"authorizer: is a Gateway\. Pass an EzAuth, a JwtAuthorizer"):
            Registry("tools", authorizer=gateway)  # type: ignore[arg-type]

    declare(program)


def test_a_record_is_where_its_registry_is(declare: Any) -> None:
    """Its Region is the default, and another one is a problem."""

    def program(**arguments: Any) -> None:
        registry = Registry("tools", region="eu-west-1")
        RegistryRecord("shop", registry=registry, **CUSTOM, **arguments)

    record = only(declare(program), "RegistryRecord")
    assert [it for it in record["__context"].get("problems", ()) if it] == []
    problems = only(declare(lambda: program(region="us-east-1")), "RegistryRecord")["__context"]["problems"]
    assert any("region: the registry is in eu-west-1, and this in us-east-1" in it for it in problems), problems
