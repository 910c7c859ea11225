"""What registries and their records promise beyond what every resource does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agentcore_provider.errors import AgentCoreError, NameTaken, ResourceFailed
from tests.support.world import World

JWT = {"customJWTAuthorizer": {"discoveryUrl": "https://a.example.com/.well-known/openid-configuration"}}


def registries(world: World) -> Any:
    return world.client("agent-registry-control")


def of(outputs: dict[str, Any]) -> dict[str, str]:
    """The members of requests that identify the record."""
    return {"registryId": outputs["registry_id"], "recordId": outputs["record_id"]}


def test_a_registry_changes_in_place(world: World) -> None:
    """Name, description and approval; what is left out is removed, and what others set stays."""
    identifier, outputs, checked = world.made("registry", world.registry())
    provider, one = world.provider("registry"), {"registryId": outputs["registry_id"]}
    detection = {"scope": "ORGANIZATION", "enabled": True}
    registries(world).update_registry(**one, autoDetectionConfiguration={"optionalValue": detection})
    changed = {
        **checked,
        "name": world.unique("other"),
        "approval_configuration": {"autoApprovalRules": ["APPROVE_ALL"]},
    }
    del changed["description"]
    diff = provider.diff(identifier, outputs, changed)
    assert (diff.changes, diff.replaces) == (True, [])
    made = provider.update(identifier, outputs, changed).outs
    found = registries(world).get_registry(**one)
    assert "description" not in found
    assert (found["name"], found["autoDetection"]["configuration"]) == (changed["name"], detection)
    assert made["approval_configuration"] == found["approvalConfiguration"] == {"autoApprovalRules": ["APPROVE_ALL"]}


@pytest.mark.parametrize(
    ("change", "replaces"),
    [
        ({"encryption_configuration": {"kmsKeyArn": "arn:aws:kms:us-west-2:123456789012:key/" + 36 * "a"}}, True),
        ({"discovery_configuration": {"authorizerType": "CUSTOM_JWT", "authorizerConfiguration": JWT}}, True),
        ({"description": "new"}, False),
    ],
)
def test_what_an_update_of_a_registry_cannot_do_replaces(world: World, change: dict[str, Any], replaces: bool) -> None:
    """Another key, and another kind of authorizer."""
    identifier, outputs, checked = world.made("registry", world.registry())
    diff = world.provider("registry").diff(identifier, outputs, {**checked, **change})
    assert diff.replaces == (list(change) if replaces else [])


def test_another_configuration_of_the_authorizer_updates_in_place(world: World) -> None:
    """Of the same kind."""
    document = {"authorizerType": "CUSTOM_JWT", "authorizerConfiguration": JWT}
    identifier, outputs, checked = world.made("registry", world.registry(discovery_configuration=document))
    jwt = {"customJWTAuthorizer": {**JWT["customJWTAuthorizer"], "allowedClients": ["c"]}}
    changed = {**checked, "discovery_configuration": {**document, "authorizerConfiguration": jwt}}
    assert world.provider("registry").diff(identifier, outputs, changed).replaces == []
    world.provider("registry").update(identifier, outputs, changed)
    found = registries(world).get_registry(registryId=outputs["registry_id"])
    assert found["discoveryConfiguration"]["authorizerConfiguration"] == jwt


@pytest.mark.parametrize(
    ("approval", "statuses"),
    [("DRAFT", ["DRAFT", "DRAFT"]), ("SUBMIT", ["PENDING_APPROVAL"] * 2), ("APPROVE", ["APPROVED"] * 2)],
)
def test_a_deployment_approves_as_far_as_declared(world: World, approval: str, statuses: list[str]) -> None:
    """After the create, and after a change, which makes a new revision."""
    identifier, outputs, checked = world.made("registry_record", world.registry_record(approval=approval))
    changed = {**checked, "description": "orders, refunds and returns"}
    made = world.provider("registry_record").update(identifier, outputs, changed).outs
    assert [outputs["status"], made["status"]] == statuses
    assert registries(world).get_registry_record(**of(outputs))["status"] == statuses[1]


def test_a_record_that_waits_is_approved_when_the_program_declares_it(world: World) -> None:
    """Without a new revision."""
    identifier, outputs, checked = world.made("registry_record", world.registry_record(approval="SUBMIT"))
    provider, changed = world.provider("registry_record"), {**checked, "approval": "APPROVE"}
    assert provider.diff(identifier, outputs, changed).changes is True
    assert provider.update(identifier, outputs, changed).outs["status"] == "APPROVED"


def test_a_registry_may_be_named_by_its_arn(world: World) -> None:
    """Id and ARN are one registry: neither a refresh nor a change from one to the other replaces the record."""
    declared = world.registry_record()
    arn = f"arn:aws:agent-registry:us-west-2:123456789012:registry/{declared['registry_id']}"
    identifier, outputs, checked = world.made("registry_record", {**declared, "registry_id": arn})
    provider = world.provider("registry_record")
    read = provider.read(identifier, outputs)
    assert provider.diff(identifier, read.outs, checked).changes is False
    by_id = provider.check(checked, {**declared, "__context": checked["__context"]}).inputs
    assert provider.diff(identifier, read.outs, by_id).changes is False
    other = {**checked, "registry_id": arn[:-1] + ("a" if arn[-1] != "a" else "b")}
    assert provider.diff(identifier, read.outs, other).replaces == ["registry_id"]


def test_a_curators_decision_is_not_drift(world: World) -> None:
    """A rejected record is not approved again by a deployment that changes nothing."""
    identifier, outputs, checked = world.made("registry_record", world.registry_record())
    registries(world).update_registry_record_status(**of(outputs), status="REJECTED", statusReason="no owner")
    read = world.provider("registry_record").read(identifier, outputs)
    assert (read.outs["status"], read.outs["status_reason"]) == ("REJECTED", "no owner")
    assert world.provider("registry_record").diff(identifier, read.outs, checked).changes is False


def test_a_deprecated_record_can_only_be_replaced(world: World) -> None:
    """An update names the cure, and a create that finds it makes another one."""
    identifier, outputs, checked = world.made("registry_record", world.registry_record())
    registries(world).update_registry_record_status(**of(outputs), status="DEPRECATED", statusReason="old")
    provider = world.provider("registry_record")
    with pytest.raises(
        AgentCoreError, match=r"is DEPRECATED, which is final. Replace it with `pulumi up --replace URN`"
    ):
        provider.update(identifier, outputs, {**checked, "description": "new"})
    made = provider.create(checked)
    assert made.id != identifier
    assert made.outs["status"] == "APPROVED"


def test_descriptors_that_somebody_changed_are_drift(world: World) -> None:
    """Unless they are the same JSON in another form."""
    identifier, outputs, checked = world.made("registry_record", world.registry_record())
    provider, data = world.provider("registry_record"), checked["descriptors"]["mcpServer"]["data"]

    def set_data(text: str) -> Any:
        patch = {"mcpServer": {"optionalValue": {"data": {"optionalValue": text}}}}
        registries(world).update_registry_record(**of(outputs), descriptors={"optionalValue": patch})
        return provider.read(identifier, outputs)

    assert provider.diff(identifier, set_data(json.dumps(json.loads(data), indent=1)).outs, checked).changes is False
    read = set_data(json.dumps({**json.loads(data), "version": "9"}))
    assert provider.diff(identifier, read.outs, checked).changes is True
    provider.update(identifier, read.outs, checked)
    assert registries(world).get_registry_record(**of(outputs))["descriptors"]["mcpServer"]["data"] == data


def test_a_record_with_another_descriptor_is_changed_in_place(world: World) -> None:
    """The old descriptor is removed."""
    identifier, outputs, checked = world.made("registry_record", world.registry_record())
    changed = {**checked, "record_type": "CUSTOM", "descriptors": {"custom": {"data": '{"port": 80}'}}}
    assert world.provider("registry_record").diff(identifier, outputs, changed).replaces == []
    world.provider("registry_record").update(identifier, outputs, changed)
    found = registries(world).get_registry_record(**of(outputs))
    assert (found["recordType"], found["descriptors"]) == ("CUSTOM", changed["descriptors"])


def test_a_record_that_fails_is_removed_again(world: World) -> None:
    """With AWS's reason."""
    source = {"mcpServer": {"source": {"fromUrl": {"url": "https://mcp.example.com/mcp"}}}}
    inputs = world.checked("registry_record", world.registry_record(descriptors=source))
    with pytest.raises(ResourceFailed, match=r"was removed again.*does not synchronize"):
        world.provider("registry_record").create(inputs)
    assert registries(world).list_registry_records(registryId=inputs["registry_id"])["registryRecords"] == []


@pytest.mark.parametrize("noun", ["registry", "registry_record"])
def test_what_somebody_else_made_is_left_alone_unless_adopted(world: World, noun: str) -> None:
    """Names are unique in the account, and in the registry."""
    inputs = {**world.inputs(noun), "name": world.unique("theirs")}
    world.made(noun, inputs)
    mine = {**inputs, "description": "mine", **world.context(noun)}
    with pytest.raises(NameTaken, match=r"exists and was not made by this resource"):
        world.provider(noun).create(world.checked(noun, mine))
    mine["__context"]["adopt"] = True
    _, outputs, _ = world.made(noun, mine)
    assert outputs["description"] == "mine"


@pytest.mark.parametrize(
    ("noun", "wrong", "reported"),
    [
        ("registry", {"name": "-a"}, "name: "),
        (
            "registry",
            {"discovery_configuration": {"authorizerType": "NONE"}},
            "discovery_configuration.authorizerType: is 'NONE'",
        ),
        ("registry", {"discovery_configuration": {"authorizerType": "CUSTOM_JWT"}}, "is required with CUSTOM_JWT"),
        ("registry", {"encryption_configuration": {"kmsKeyArn": "alias/a"}}, "encryption_configuration.kmsKeyArn: "),
        ("registry_record", {"registry_id": "two words"}, "registry_id: "),
        ("registry_record", {"record_type": "SERVER"}, "record_type: is 'SERVER'"),
        (
            "registry_record",
            {"record_type": "CUSTOM"},
            "descriptors: has mcpServer, and the record is of the type CUSTOM",
        ),
        ("registry_record", {"descriptors": {}}, "descriptors: has nothing"),
        (
            "registry_record",
            {"descriptors": {"mcpServer": {"data": "[1]"}}},
            "descriptors.mcpServer.data: is not the JSON",
        ),
        ("registry_record", {"approval": "LATER"}, "approval: is 'LATER'"),
        ("registry_record", {"provenance": []}, "provenance: is reserved for AWS"),
    ],
)
def test_problems_are_reported_at_preview(world: World, noun: str, wrong: dict[str, Any], reported: str) -> None:
    """By the names of the inputs."""
    result = world.provider(noun).check({}, {**world.inputs(noun), **wrong})
    assert any(reported in it.reason for it in result.failures), result.failures
