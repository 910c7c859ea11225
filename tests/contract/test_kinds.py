"""Each kind of credential and of target in AWS's model has one object, and all packages take their kinds from there."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import botocore.session

import agentcore_provider
from agentcore_provider import credential_kinds
from agentcore_provider.resources.credentials import RECORDS

PACKAGE = Path(agentcore_provider.__file__).parent


def _schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((PACKAGE / "stack_config/gateways.schema.json").read_text())["$defs"]
    return loaded


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
