"""What stands in users' state about every resource stays as it is: type tokens, and outputs under their own names."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from agentcore_provider import ApiKeyCredentialProvider, EzAuth, Gateway, GatewayTarget, OAuth2CredentialProvider
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
