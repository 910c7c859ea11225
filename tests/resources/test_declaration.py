"""What stands in users' state about every resource stays as it is: type tokens, and outputs under their own names."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from agentcore_provider import (
    ApiKeyCredentialProvider,
    EzAuth,
    Gateway,
    GatewayTarget,
    McpGateway,
    OAuth2CredentialProvider,
    Registry,
    WorkloadIdentity,
    targets,
)
from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.dynamic_resource import DynamicResource

SERVER = {"mcp": {"mcpServer": {"endpoint": "https://weather.example.com/mcp"}}}


def _all() -> list[DynamicResource]:
    gateway = Gateway("gateway", role_arn="arn:aws:iam::123456789012:role/shop", authorizer="NONE")
    return [
        gateway,
        GatewayTarget("target", gateway=gateway, target=SERVER),
        EzAuth("sign-in"),
        ApiKeyCredentialProvider("key", api_key="k"),
        OAuth2CredentialProvider("client", vendor="github", client_id="c", client_secret="s"),
    ]


def test_type_tokens_are_those_of_every_existing_stack(declare: Any) -> None:
    declared = declare(lambda: [it.id for it in _all()])
    assert {it.name: it.typ for it in declared.resources if it.name != "sign-in"} == {
        "gateway": "pulumi-python:dynamic/agentcore:Gateway",
        "target": "pulumi-python:dynamic/agentcore:GatewayTarget",
        "key": "pulumi-python:dynamic/agentcore:ApiKeyCredentialProvider",
        "client": "pulumi-python:dynamic/agentcore:OAuth2CredentialProvider",
    }
    assert [it.typ for it in declared.resources if it.name == "sign-in"] == [
        "pulumi-python:dynamic/agentcore:EzAuth",
        "pulumi-python:dynamic/agentcore:TokenEndpoint",
    ]


def test_the_mark_of_a_resource_follows_from_the_urn_that_the_engine_gives_it(declare: Any) -> None:
    declared = declare(lambda: [it.owner for it in _all()])
    for registered in declared.resources:
        assert registered.inputs["__context"]["urn"].endswith(f"{registered.typ}::{registered.name}")
    report = [it.inputs["__context"]["owner"] for it in declared.resources if not it.typ.endswith("TokenEndpoint")]
    assert sorted(report) == sorted(declared.result)


def test_every_documented_output_is_an_attribute(declare: Any) -> None:
    def program() -> None:
        for resource in _all():
            for name in type(resource).__annotations__:
                assert isinstance(getattr(resource, name), pulumi.Output), (type(resource).__name__, name)

    declare(program)


def test_an_import_that_pulumi_cannot_do_is_reported_with_what_does_the_same(declare: Any) -> None:
    def program() -> None:
        with pytest.raises(InvalidInput, match=r'EzAuth "shop": import_ .*Read it with EzAuth\.get\(\), or manage it'):
            EzAuth("shop", opts=pulumi.ResourceOptions(import_="us-west-2_abc"))

    declare(program)


ROLE = "arn:aws:iam::123456789012:role/shop"
GATEWAY = {"role_arn": ROLE, "authorizer": "AWS_IAM"}
SCHEMA = {"openapi": "3.0.0", "info": {"title": "t", "version": "1"}, "paths": {}}


@pytest.mark.parametrize("value", ["false", 0, pulumi.Output.from_input(False)], ids=["text", "number", "Output"])
@pytest.mark.parametrize(
    ("name", "declared"),
    [
        ("adopt", lambda it: WorkloadIdentity("shop", adopt=it)),
        ("auto_approve", lambda it: Registry("shop", auto_approve=it)),
        ("schema_in_s3", lambda it: McpGateway("shop", **GATEWAY, targets={"one": SERVER}, schema_in_s3=it)),
        (
            "OpenApi: upload",
            lambda it: McpGateway("shop", **GATEWAY, targets={"one": targets.OpenApi(SCHEMA, upload=it)}),
        ),
        ("OpenApi: fix", lambda it: McpGateway("shop", **GATEWAY, targets={"one": targets.OpenApi(SCHEMA, fix=it)})),
        (
            "Builtin: hosted",
            lambda it: McpGateway("shop", **GATEWAY, targets={"one": targets.Builtin("dynamodb", hosted=it)}),
        ),
    ],
)
def test_what_is_not_a_bool_does_not_count_as_true(declare: Any, name: str, declared: Any, value: object) -> None:
    """Such as `config.get("adopt")`, which is the text false, and an Output, which is always true."""

    def program() -> None:
        declared(value)

    found = declare(program)
    problems = [line for it in found.resources for line in it.inputs.get("__context", {}).get("problems", ())]
    assert f"{name}: is a {type(value).__name__}. Write True or False." in problems


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("false", "semantic_search: is a str. Write True or False."),
        (pulumi.Output.from_input(False), None),
    ],
)
def test_semantic_search_may_be_known_later(declare: Any, value: Any, problem: str | None) -> None:
    """It only decides what is in a document; any other value has to be a bool."""

    def program() -> None:
        Gateway("shop", **GATEWAY, semantic_search=value)

    (gateway,) = declare(program).of("agentcore:Gateway").values()
    assert (problem in gateway["__context"].get("problems", ())) is (problem is not None)
    if problem is None:
        assert gateway.get("protocol_configuration") is None


@pytest.mark.parametrize("more", [["name"], "name", pulumi.Output.from_input({"name": "a"})])
def test_further_members_are_a_dict(declare: Any, more: Any) -> None:
    """Anything else is refused at the line of the program."""

    def program() -> None:
        with pytest.raises(InvalidInput, match=r"more: is a \w+\. Pass a dict"):
            Registry("shop", more=more)
        with pytest.raises(InvalidInput, match=r"more: is a \w+\. Pass a dict"):
            Gateway("shop", **GATEWAY, more=more)

    declare(program)
