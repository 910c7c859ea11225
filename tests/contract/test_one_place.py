"""An argument of the API is written once: in the constructor of its resource. Everything else follows from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import agentcore_provider
from agentcore_provider import (
    ApiKeyCredentialProvider,
    Gateway,
    GatewayRateLimit,
    GatewayRule,
    GatewayTarget,
    OAuth2CredentialProvider,
    Policy,
    stack_config,
    targets,
)
from agentcore_provider.arguments import table
from agentcore_provider.arguments.members import member_name
from agentcore_provider.cli.deploy import import_gateway
from agentcore_provider.cli.deploy.imported_files import ImportedFiles
from agentcore_provider.stack_config import key_schemas
from agentcore_provider.stack_config.key_schemas import ModelShape

PRODUCT = Path(__file__).parents[2] / "agentcore_provider"
# Each resource with the rules of the module of its name.
IMMUTABLE = {
    it: import_module(f"agentcore_provider.rules.{it.__module__.rpartition('.')[2]}").IMMUTABLE
    for name in agentcore_provider.__all__
    if hasattr(it := getattr(agentcore_provider, name), "aws_name")
}
RESOURCES = [pytest.param(it, id=it.__name__) for it in IMMUTABLE]


class Example:
    """A resource with one argument that AWS's model has and one that it does not have."""

    aws_name = "Gateway"

    def __init__(self, resource_name: str, *, waf_configuration: Any = None, colour: str = "") -> None:
        """
        Args:
            resource_name: Logical name.
            waf_configuration: AWS's document of the
                firewall. Updates in place.
            colour: Of the gateway.

        Raises:
            ValueError: Never.
        """


def test_the_table_is_read_from_the_constructor() -> None:
    """Name and description come from the constructor, all else from AWS's model."""
    assert table.arguments(Example) == {
        "waf_configuration": table.Argument(
            name="waf_configuration",
            description="AWS's document of the firewall. Updates in place.",
            member="wafConfiguration",
            shape="WafConfiguration",
            update_only=True,
            sensitive=False,
        )
    }


def test_a_key_of_a_stack_file_follows_from_an_argument() -> None:
    """With the argument's description, the type of its signature, and the limits of AWS's model."""
    described = table.parameters(Example)
    assert key_schemas.of_argument(described["waf_configuration"], ModelShape("WafConfiguration")) == {
        "description": "AWS's own document of the firewall.",
        "$ref": "#/$defs/document",
    }
    assert key_schemas.of_argument(described["colour"]) == {
        "description": "Of the gateway.",
        "type": "string",
        "minLength": 1,
    }


def test_the_schema_file_repeats_nothing_that_follows() -> None:
    """Each keyword that the file states of a key differs from the one that follows from the argument."""
    repeated = [f"{where}: {keyword}" for where, keyword in _repeated(_written_schema())]
    assert repeated == []


def test_every_pattern_has_words_or_is_of_the_service() -> None:
    """A pattern of the file has a title and an example, by which a problem is described; others the rules report."""
    found = [it for it in _nodes(_written_schema()) if "pattern" in it]
    assert len(found) > 10
    assert [it["pattern"] for it in found if not {"title", "examples"} <= it.keys()] == []
    for node in _nodes(stack_config.schema()):
        re.compile(node.get("pattern", ""))


def _written_schema() -> dict[str, Any]:
    text = (PRODUCT / "stack_config" / "gateways.schema.json").read_text(encoding="utf-8")
    definitions: dict[str, Any] = json.loads(text)["$defs"]
    for key, record in {**targets.RECORDS, **targets.SHORTCUTS}.items():
        node = definitions.setdefault(member_name(key), {})
        node.setdefault("keysOf", [record.__name__])
    return definitions


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for below in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _nodes(below)


def _repeated(definitions: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for node in _nodes(definitions):
        classes = [it for it in node.get("keysOf", ()) if it not in definitions]
        structures = [ModelShape(node["membersOf"])] if "membersOf" in node else []
        for derived in [*map(key_schemas.of_class, classes), *map(key_schemas.of_structure, structures)]:
            yield from _same(derived, node, str(classes or structures))


def _same(derived: dict[str, Any], written: dict[str, Any], where: str) -> Iterator[tuple[str, str]]:
    for key in derived.keys() & written.keys():
        one, other = derived[key], written[key]
        if key == "properties":
            for name in one.keys() & other.keys():
                yield from _same(one[name], other[name], f"{where}.{name}")
        elif isinstance(one, dict) and isinstance(other, dict):
            yield from _same(one, other, f"{where}.{key}")
        elif one == other and not written.keys() & {"$ref", "anyOf", "type", "enum"} - {key}:
            yield where, key


@pytest.mark.parametrize("resource", RESOURCES)
def test_what_a_change_does_is_described_as_the_rules_have_it(resource: Any) -> None:
    """Of each immutable member the constructor states that a change replaces the resource."""
    described = {it.member: it.description for it in table.arguments(resource).values()}
    silent = [it for it in IMMUTABLE[resource] if it in described and not re.search("replaces", described[it])]
    assert silent == []


def test_every_argument_is_a_key_of_stack_files() -> None:
    """Those of a gateway, a target and a credential provider, unless a key of another form is there for them."""
    keys = {name: set(it.get("properties", ())) for name, it in stack_config.schema()["$defs"].items()}
    provider = stack_config.schema()["$defs"]["credentialProvider"]["properties"]
    missing = {
        "Gateway": set(table.arguments(Gateway)) - keys["gateway"],
        "GatewayRateLimit": set(table.arguments(GatewayRateLimit)) - keys["rateLimit"],
        "GatewayRule": set(table.arguments(GatewayRule)) - keys["rule"],
        "Policy": set(table.arguments(Policy)) - keys["policy"],
        "GatewayTarget": set(table.arguments(GatewayTarget)) - keys["target"],
        "OAuth2CredentialProvider": set(table.arguments(OAuth2CredentialProvider))
        - set(provider["oauth"]["properties"]),
        "ApiKeyCredentialProvider": set(table.arguments(ApiKeyCredentialProvider))
        - set(provider["api_key"]["properties"]),
    }
    assert missing == {
        "Gateway": {"authorizer_type", "authorizer_configuration"},
        "GatewayRateLimit": {"gateway_identifier"},
        "GatewayRule": {"gateway_identifier"},
        "Policy": {"policy_engine_id"},
        "GatewayTarget": {"gateway_identifier", "name"},
        "OAuth2CredentialProvider": set(),
        "ApiKeyCredentialProvider": {"api_key", "api_key_secret_config", "api_key_secret_source"},
    }


def test_an_argument_without_rules_of_its_own_is_named_in_one_file() -> None:
    """Nothing else in the package knows of it, by either name: it could have been added by writing one file."""
    files = [it for it in PRODUCT.rglob("*.py") if re.search("waf_?configuration", it.read_text(), re.IGNORECASE)]
    assert [it.relative_to(PRODUCT).as_posix() for it in files] == ["resources/gateway.py"]


@pytest.mark.parametrize("name", ["interceptor_configurations", "domain_override", "waf_configuration", "kms_key_arn"])
def test_an_import_describes_what_aws_has(name: str, tmp_path: Path) -> None:
    """Under the name of the argument."""
    found = {"name": "shop", "authorizer_type": "NONE", "protocol_type": "MCP", "tags": {}, name: [{"any": "value"}]}
    described = import_gateway.described(found, [], ImportedFiles(tmp_path, "shop"))
    assert described[name] == [{"any": "value"}]
