"""The published JSON Schema of stack files: complete, true to the service, and kept by every file of this project."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.session import get_session
from jsonschema import Draft202012Validator

from agentcore_provider import stack_config
from agentcore_provider.rules import oauth2_credential_provider

REPOSITORY = Path(__file__).parents[2]
FOLDER = REPOSITORY / "agentcore_provider" / "stack_config"
MODELINE = "# yaml-language-server: $schema="
FILES = [*REPOSITORY.glob("Pulumi.*.yaml"), *REPOSITORY.glob("examples/*/Pulumi.*.yaml")]
FILES += [REPOSITORY / "examples" / "environments" / "shared.yaml"]


@pytest.mark.parametrize(
    ("partial", "name"), [(False, "stack_file.schema.json"), (True, "partial_stack_file.schema.json")]
)
def test_the_published_schema_is_the_one_that_the_command_prints(partial: bool, name: str) -> None:
    schema = stack_config.stack_file_schema(partial=partial)
    Draft202012Validator.check_schema(schema)
    assert json.loads((FOLDER / name).read_text()) == schema, f"agentcore config schema > {name}"


@pytest.mark.parametrize("file", FILES, ids=lambda it: str(it.relative_to(REPOSITORY)))
def test_every_stack_file_keeps_the_schema_that_it_names(file: Path) -> None:
    first = file.read_text().splitlines()[0]
    named = (
        file.parent / first.removeprefix(MODELINE) if first.startswith(MODELINE) else FOLDER / "stack_file.schema.json"
    )
    found = Draft202012Validator(json.loads(named.read_text())).iter_errors(yaml.safe_load(file.read_text()))
    assert [f"{it.json_path}: {it.message}" for it in found] == []


def test_every_stack_file_with_gateways_names_its_schema() -> None:
    with_gateways = [it for it in FILES if "agentcore:gateways:" in it.read_text()]
    assert len(with_gateways) >= 7
    assert [it for it in with_gateways if not it.read_text().startswith(MODELINE)] == []


def test_every_choice_and_form_has_a_title() -> None:
    """Messages about a value say with it what is wanted."""
    nodes = [*_nodes(stack_config.schema())]
    assert len([it for it in nodes if "anyOf" in it]) > 10
    wordless = [it for it in nodes if ("anyOf" in it or {"pattern", "examples"} <= it.keys()) and "title" not in it]
    assert wordless == []


def _nodes(node: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(node, Mapping):
        yield node
    for below in node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ():
        yield from _nodes(below)


def _properties(node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, Mapping):
        if isinstance(node.get("properties"), Mapping):
            yield from ((name, it) for name, it in node["properties"].items() if isinstance(it, dict))
        for below in node.values():
            yield from _properties(below)
    elif isinstance(node, list):
        for below in node:
            yield from _properties(below)


def test_every_key_says_what_it_is_for() -> None:
    schema = stack_config.schema()
    for name, node in _properties(schema):
        meant = {**schema["$defs"].get(node.get("$ref", "").rpartition("/")[2], {}), **node}
        assert meant.get("description"), name


@pytest.mark.parametrize("partial", [False, True])
def test_editors_show_what_a_key_is_for(partial: bool) -> None:
    schema = stack_config.stack_file_schema(partial=partial)
    for name, node in _properties(schema):
        # Editors read what a reference leads to, and nothing deeper.
        meant = {**schema["$defs"].get(node.get("$ref", "").rpartition("/")[2], {}), **node}
        assert meant.get("description"), name


def test_defaults_for_editors_are_the_ones_that_are_reported() -> None:
    nodes = [node for _, node in _properties(stack_config.schema())] + [*stack_config.schema()["$defs"].values()]
    report = {it["description"]: it["default"] for it in nodes if "default" in it}
    assert len(report) > 10
    for description, default in report.items():
        reported = default if isinstance(default, str) else json.dumps(default)
        assert re.search(rf"Default: {re.escape(reported)}\b", description), description


def test_editors_say_in_words_what_form_is_wanted() -> None:
    text = json.dumps(stack_config.stack_file_schema())
    for title in ("a gateway name", "the ARN of a role", "the ARN of a Lambda function"):
        assert f'"patternErrorMessage": "This is not {title}' in text


def test_the_page_names_every_key() -> None:
    page = (REPOSITORY / "docs" / "stack-files.md").read_text()
    assert sorted({name for name, _ in _properties(stack_config.schema()) if f"`{name}`" not in page}) == []
    further = stack_config.stack_file_schema()["properties"]["config"]["properties"]
    assert sorted(it for it in further if f"`{it}`" not in page) == []


def test_the_page_names_no_key_that_there_is_not() -> None:
    page = (REPOSITORY / "docs" / "stack-files.md").read_text()
    cells = [cell for line in page.splitlines() if line.startswith("| `") for cell in line.split("|")[1:4:2]]
    named = {key for cell in cells for key in re.findall(r"`([a-z][a-z_A-Z0-9]*)`", cell)}
    known = {name for name, _ in _properties(stack_config.schema())}
    assert sorted(named - known) == []


def test_the_list_of_examples_is_complete() -> None:
    listed = (REPOSITORY / "examples" / "README.md").read_text()
    folders = [it.name for it in (REPOSITORY / "examples").iterdir() if it.is_dir() and any(it.glob("*.*"))]
    assert len(folders) > 16
    assert [it for it in folders if f"[{it}]({it})" not in listed] == []


ENCRYPTED = {"secure": "v1:abc:def"}
GATEWAY = {"targets": {"crm": {"openapi": "crm.yaml"}}}


@pytest.mark.parametrize(
    ("place", "value", "partial", "accepted"),
    [
        (("targets", "crm", "credentials", "api_key"), {"key": ENCRYPTED}, False, True),
        (("targets", "crm", "credentials", "api_key"), {"key": "${secret:crm}"}, False, True),
        (("instructions",), ENCRYPTED, False, True),
        (("description",), ENCRYPTED, False, False),
        (("role_arn",), "${env:ROLE}", False, True),
        (("role_arn",), "shop-role", False, False),
        (("role_arn",), None, False, False),
        (("role_arn",), None, True, True),
        (("serch",), True, True, False),
        (("targets", "crm"), None, True, True),
        (("targets", "crm"), {"description": "CRM"}, True, True),
        (("targets", "crm"), {"description": "CRM"}, False, False),
    ],
)
def test_editors_take_what_the_program_takes(place: tuple[str, ...], value: Any, partial: bool, accepted: bool) -> None:
    gateway = json.loads(json.dumps(GATEWAY))
    holder = gateway
    for key in place[:-1]:
        holder = holder.setdefault(key, {})
    holder[place[-1]] = value
    validator = Draft202012Validator(stack_config.stack_file_schema(partial=partial))
    assert validator.is_valid({"config": {"agentcore:gateways": {"shop": gateway}}}) == accepted


@pytest.mark.parametrize(
    ("ours", "shape"),
    [
        ("passthrough.properties.protocol_type", "PassthroughProtocolType"),
        ("passthrough.properties.static_query_parameter_conflict_resolution", "StaticQueryParameterConflictResolution"),
        ("mcpServer.anyOf.1.properties.listing_mode", "ListingMode"),
        ("method", "RestApiMethod"),
        ("gateway.properties.exception_level", "ExceptionLevel"),
        ("credentials.properties.api_key.properties.location", "ApiKeyCredentialLocation"),
        ("credentials.properties.oauth.properties.grant_type", "OAuthGrantType"),
        ("credentials.properties.oauth.properties.credential_provider_vendor", "CredentialProviderVendorType"),
        ("credentials.properties.oauth.properties.client_authentication_method", "ClientAuthenticationMethodType"),
        (
            "privateEndpoint.properties.managedVpcResource.properties.endpointIpAddressType",
            "EndpointIpAddressType",
        ),
    ],
)
def test_choices_are_those_of_the_service_model(ours: str, shape: str) -> None:
    node: Any = stack_config.schema()["$defs"]
    for part in ours.split("."):
        node = node[int(part)] if part.isdigit() else node[part]
    model = get_session().get_service_model("bedrock-agentcore-control").shape_for(shape)
    assert sorted(node["enum"]) == sorted(model.enum)


def test_short_names_of_vendors_stand_for_all_vendors() -> None:
    oauth = stack_config.schema()["$defs"]["credentials"]["properties"]["oauth"]["properties"]
    named = {oauth2_credential_provider.vendor_of(it) for it in oauth["vendor"]["enum"]}
    assert named == set(oauth2_credential_provider.vendors())
