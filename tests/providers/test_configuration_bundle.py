"""What configuration bundles promise beyond what every resource does."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.errors import NameTaken
from tests.support.world import World


def prompts(text: str) -> dict[str, Any]:
    runtime = "arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/clerk-0123456789"
    return {runtime: {"configuration": {"system_prompt": text}}}


def versions(world: World, outputs: dict[str, Any]) -> list[dict[str, Any]]:
    control = world.client("bedrock-agentcore-control")
    found: list[dict[str, Any]] = control.list_configuration_bundle_versions(bundleId=outputs["bundle_id"])["versions"]
    return found


def test_a_change_adds_a_version_after_the_latest(world: World) -> None:
    """With its message; what does not belong to a version adds none."""
    identifier, outputs, checked = world.made("configuration_bundle", world.configuration_bundle())
    provider = world.provider("configuration_bundle")
    changed = {**checked, "components": prompts("Be polite."), "commit_message": "Politer"}
    assert provider.diff(identifier, outputs, changed).replaces == []
    made = provider.update(identifier, outputs, changed).outs
    newest, first = versions(world, outputs)
    assert (newest["versionId"], first["versionId"]) == (made["version_id"], outputs["version_id"])
    lineage = {"parentVersionIds": [first["versionId"]], "branchName": "mainline", "commitMessage": "Politer"}
    assert newest["lineageMetadata"] == lineage == made["lineage_metadata"]
    again = provider.update(identifier, made, {**changed, "commit_message": "Other words", "tags": {}}).outs
    assert again["version_id"] == made["version_id"]
    renamed = f"other_{outputs['name']}"
    assert provider.update(identifier, made, {**changed, "name": renamed}).outs["name"] == renamed


def test_a_version_that_somebody_added_is_drift(world: World) -> None:
    """Also a member that was only added; the next update comes after it."""
    identifier, outputs, checked = world.made("configuration_bundle", world.configuration_bundle())
    (runtime, content) = next(iter(checked["components"].items()))
    theirs = {runtime: {"configuration": {**content["configuration"], "model_id": "other"}}}
    world.client("bedrock-agentcore-control").update_configuration_bundle(
        bundleId=outputs["bundle_id"],
        components=theirs,
        parentVersionIds=[outputs["version_id"]],
        commitMessage="by hand",
    )
    provider = world.provider("configuration_bundle")
    read = provider.read(identifier, outputs)
    assert read.inputs["components"] == theirs
    assert provider.diff(identifier, read.outs, checked).changes is True
    assert provider.update(identifier, read.outs, checked).outs["components"] == checked["components"]
    assert len(versions(world, outputs)) == 3


@pytest.mark.parametrize("change", [{"branch_name": "trial"}, {"description": None}])
def test_what_an_update_cannot_do_replaces(world: World, change: dict[str, Any]) -> None:
    """Another branch, and a description that is removed."""
    identifier, outputs, checked = world.made("configuration_bundle", world.configuration_bundle())
    changed = {name: it for name, it in {**checked, **change}.items() if it is not None}
    assert world.provider("configuration_bundle").diff(identifier, outputs, changed).replaces == list(change)


def test_a_bundle_of_somebody_else_is_left_alone_unless_adopted(world: World) -> None:
    """Its name is unique in the account."""
    name = f"theirs_{world.unique('b').replace('-', '_')}"
    control = world.client("bedrock-agentcore-control")
    control.create_configuration_bundle(bundleName=name, components=prompts("Theirs."))
    mine = world.configuration_bundle(name=name)
    with pytest.raises(NameTaken, match=r"exists and was not made by this resource"):
        world.provider("configuration_bundle").create(world.checked("configuration_bundle", mine))
    mine["__context"]["adopt"] = True
    _, outputs, _ = world.made("configuration_bundle", mine)
    assert outputs["components"] == mine["components"]


@pytest.mark.parametrize(
    ("wrong", "reported"),
    [
        ({"components": {"9": {"configuration": {}}}}, "components"),
        ({"name": "with-hyphens"}, "name: "),
        ({"components": {"a": {"settings": {}}}}, "components.a"),
        ({"kms_key_arn": "alias/a"}, "kms_key_arn: "),
    ],
)
def test_problems_are_reported_at_preview(world: World, wrong: dict[str, Any], reported: str) -> None:
    """By the names of the arguments."""
    result = world.provider("configuration_bundle").check({}, {**world.configuration_bundle(), **wrong})
    assert any(it.reason.startswith(reported) for it in result.failures), result.failures
