"""Each kind of credential and of target in AWS's model has one object, and all packages take their kinds from there."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any, get_args

import botocore.session

import agentcore_provider
from agentcore_provider import credential_kinds, stack_config, target_kinds, targets
from agentcore_provider.cli.options import TargetType
from agentcore_provider.resources.credentials import RECORDS

PACKAGE = Path(agentcore_provider.__file__).parent
# Names that belong to nothing but a kind of target.
NAMES = ("openApiSchema", "smithyModel", "mcpServer", "apiGateway", "agentcoreRuntime")
BELOW = ("target_kinds", "local")
NAMED_IN = {
    # Examples, help and choices of the command, and docstrings of the client.
    "cli/app.py",
    "cli/deploy/create_mcp_gateway.py",
    "cli/options.py",
    "gateway_client/gateway_target_methods.py",
    "gateway_client/whole_gateway_methods.py",
    # A descriptor of the Agent Registry has the name of a kind of target.
    "resources/registry_record.py",
    "rules/registry_record.py",
}


def _schema() -> dict[str, Any]:
    definitions: dict[str, Any] = stack_config.schema()["$defs"]
    return definitions


def _shape(*members: str) -> Any:
    model = botocore.session.get_session().get_service_model("bedrock-agentcore-control")
    shape = model.operation_model("CreateGatewayTarget").input_shape
    for member in members:
        shape = shape.member if member == "[]" else shape.members[member]
    return shape


class TestCredentialKinds:
    configuration = ("credentialProviderConfigurations", "[]")

    def test_each_type_of_the_model_has_one_object(self) -> None:
        types = [kind.type for kind in credential_kinds.KINDS]
        assert sorted(types) == sorted(_shape(*self.configuration, "credentialProviderType").enum)

    def test_the_members_are_those_of_the_model(self) -> None:
        """A new member of a credential fails here until a key stands for it."""
        provider = (*self.configuration, "credentialProvider")
        for kind in credential_kinds.KINDS:
            members = _shape(*provider, kind.member).members if kind.member else ()
            assert sorted(kind.keys.values()) == sorted(members), kind.type
        assert {kind.member for kind in credential_kinds.KINDS} - {""} == set(_shape(*provider).members)

    def test_each_has_a_record_whose_fields_are_its_keys(self) -> None:
        assert set(RECORDS) == set(credential_kinds.KINDS)
        for kind, record in RECORDS.items():
            fields = {field.name for field in dataclasses.fields(record)}  # type: ignore[arg-type]
            assert fields == set(kind.keys), kind.type

    def test_each_is_a_key_of_stack_files(self) -> None:
        kinds = _schema()["credentials"]["properties"]
        assert set(kinds) == set(credential_kinds.BY_KEY)
        for kind in credential_kinds.KINDS:
            described = kinds[kind.key]
            described = _schema()[described["$ref"].rpartition("/")[2]] if "$ref" in described else described
            assert set(kind.keys) <= set(described.get("properties", {})), kind.key


class TestTargetKinds:
    def test_each_member_of_the_model_has_one_object(self) -> None:
        """A new kind of target in botocore's model fails here until an object stands for it."""
        families = _shape("targetConfiguration").members
        members = [(family, member) for family, shape in families.items() for member in shape.members]
        assert sorted(kind.path for kind in target_kinds.KINDS) == sorted(members)
        assert len(target_kinds.BY_KEY) == len(target_kinds.BY_NAME) == len(target_kinds.KINDS)

    def test_each_member_of_a_kind_has_a_key(self) -> None:
        """A new member of a kind fails here until a key stands for it; what is inside a part is listed there."""
        for kind in target_kinds.KINDS:
            shape = _shape("targetConfiguration", *kind.path)
            tops = {path.partition(".")[0] for path in kind.keys.values()}
            assert tops == {""} or tops == set(shape.members), kind.name
            for key, names in kind.parts.items():
                part = _at(shape, kind.keys[key])
                assert set(names.values()) == set(part.members), f"{kind.name}.{key}"

    def test_a_document_is_built_and_read_by_the_same_keys(self) -> None:
        for kind in target_kinds.KINDS:
            values = {key: {"inlinePayload": key} if not path else key for key, path in kind.keys.items()}
            document = kind.document(values)
            assert target_kinds.of(document) is kind
            assert kind.values(kind.content(document)) == values  # type: ignore[arg-type]

    def test_each_has_a_record_whose_fields_hold_its_keys(self) -> None:
        assert targets.RECORDS.keys() == target_kinds.BY_KEY.keys()
        for key, record in targets.RECORDS.items():
            assert record.kind is target_kinds.BY_KEY[key]
            assert set(record.kind.keys) <= {field.name for field in dataclasses.fields(record)}, key

    def test_each_is_a_key_of_stack_files(self) -> None:
        schema = _schema()
        described = schema["target"]
        kinds = {it["required"][0] for it in described["oneOf"]}
        assert kinds == {*target_kinds.BY_KEY, *targets.SHORTCUTS, "builtin", "target_configuration"}
        for kind in target_kinds.KINDS:
            properties = set(_properties(schema, described["properties"][kind.key]))
            # Of a kind with one key, the stack file has its text alone.
            assert set(kind.keys) <= properties or (not properties and list(kind.keys) == [kind.short_key]), kind.key

    def test_kinds_that_are_created_from_a_text(self) -> None:
        """What scripts and the command offer are the kinds with a source."""
        assert list(get_args(target_kinds.SourcedName)) == list(target_kinds.SOURCED)
        assert [it.value for it in TargetType] == list(target_kinds.SOURCED)
        assert all(kind.source_key in kind.keys for kind in target_kinds.SOURCED.values())

    def test_no_package_above_lists_kinds_of_its_own(self) -> None:
        """AWS's names of the kinds are written here; of what is above, only where a command or method names one."""
        keys = (kind.key for kind in target_kinds.KINDS if "_" in kind.key)
        named = re.compile("|".join([*(rf"\b{member}\b" for member in NAMES), *(f'"{key}"' for key in keys)]))
        above = (it for it in PACKAGE.rglob("*.py") if it.relative_to(PACKAGE).parts[0] not in BELOW)
        found = {it.relative_to(PACKAGE).as_posix() for it in above if named.search(it.read_text(encoding="utf-8"))}
        assert found == NAMED_IN


def _at(shape: Any, path: str) -> Any:
    for member in path.split("."):
        shape = shape.members[member]
    return shape.member if shape.type_name == "list" else shape


def _properties(schema: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    """The keys of an object in the stack file's schema, through references and alternatives."""
    described = {**schema.get(described.get("$ref", "").rpartition("/")[2], {}), **described}
    found: dict[str, Any] = dict(described.get("properties", {}))
    for one in described.get("anyOf", ()):
        found |= _properties(schema, one)
    return found
