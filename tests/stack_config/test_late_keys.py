"""In other languages values come from other resources: keys that decide what is declared have to be in the program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi
import pytest

from agentcore_provider import component_plugin, stack_config
from agentcore_provider.stack_config import json_schema
from agentcore_provider.stack_config.places import GATEWAYS

SERVER = {"mcp_server": "https://weather.example.com/mcp"}
LATE = pulumi.Output.from_input("late")


def declared(declare: Any, folder: Path, **arguments: Any) -> Any:
    """What the plugin declares for these arguments."""

    def program() -> None:
        component_plugin.Package().construct("shop", component_plugin.TYPE, {"authorizer": "none", **arguments})

    return declare(program, folder=folder, config={"aws:region": "us-west-2"})


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({"targets": LATE}, "targets"),
        ({"targets": {"one": LATE}}, "targets.one"),
        ({"targets": {"one": {"lambda": LATE}}}, "targets.one.lambda"),
        ({"targets": {"one": {**SERVER, "credentials": LATE}}}, "targets.one.credentials"),
        ({"targets": {"one": {**SERVER, "credentials": {"api_key": LATE}}}}, "targets.one.credentials.api_key"),
        ({"targets": {}, "rules": LATE}, "rules"),
        ({"targets": {}, "rules": {"one": LATE}}, "rules.one"),
        ({"targets": {}, "policies": LATE}, "policies"),
        ({"targets": {}, "consentPortal": LATE}, "consent_portal"),
        ({"targets": {}, "credentialProviders": LATE}, "credential_providers"),
        ({"targets": {}, "authorizer": LATE}, "authorizer"),
        ({"targets": {}, "observe": LATE}, "observe"),
        ({"targets": {}, "domain": LATE}, "domain"),
    ],
)
def test_keys_are_known_before(declare: Any, tmp_path: Path, arguments: Any, path: str) -> None:
    """A problem with its place, and no traceback."""
    with pytest.raises(Exception, match="comes as a whole from another resource") as raised:
        declared(declare, tmp_path, **arguments)
    assert f"{path}: comes as a whole from another resource, and its keys have to be known before" in str(
        raised.value.args[0]
    )


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"name": LATE}, "gateway_name: is a Output, and what the role trusts is named after it"),
        ({"targets": {"one": {"lambda": {"code": LATE}}}}, "folder: is a Output. Pass the path of a folder"),
    ],
)
def test_a_value_that_names_others_is_known_before(declare: Any, tmp_path: Path, arguments: Any, problem: str) -> None:
    """One line too."""
    with pytest.raises(Exception, match="is a Output") as raised:
        declared(declare, tmp_path, **{"targets": {}, **arguments})
    assert problem in str(raised.value.args[0])


def test_a_built_in_schema_is_known_before(declare: Any, tmp_path: Path) -> None:
    """It decides which tools there are."""
    found = declared(declare, tmp_path, targets={"one": {"builtin": LATE}}).of("agentcore:GatewayTarget")
    assert "name: is a Output. Pass the name of a built-in schema." in found["shop-one"]["__context"]["problems"]


def test_an_existing_gateway_may_be_made_by_another_resource(declare: Any, tmp_path: Path) -> None:
    """By its id, ARN or address."""

    def program() -> None:
        arn = "arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/desk-0123456789"
        inputs = {"gatewayId": pulumi.Output.from_input(arn), "targets": {"one": SERVER}}
        component_plugin.Package().construct("shop", component_plugin.TYPE, inputs)

    found = declare(program, folder=tmp_path, config={"aws:region": "us-west-2"}).of("agentcore:GatewayTarget")
    assert found["shop-one"]["target_configuration"]["mcp"]["mcpServer"]["endpoint"] == SERVER["mcp_server"]


def test_documents_and_values_may_come_late() -> None:
    """Whatever AWS's API alone describes, and the leaves."""
    for key in ("protocol_configuration", "domain_override", "waf_configuration", "tags", "description", "assume_role"):
        assert key in stack_config.schema()["$defs"]["gateway"]["properties"]
        assert not json_schema.has_own_keys((GATEWAYS, "shop", key)), key
    for key in ("metadata_configuration", "private_endpoint", "mcp_server", "openapi", "description"):
        assert not json_schema.has_own_keys((GATEWAYS, "shop", "targets", "one", key)), key
