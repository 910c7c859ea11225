"""What policy engines and policies promise beyond what every resource does."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from agentcore_provider.errors import AgentCoreError, NameTaken, ResourceFailed
from tests.support.world import World

FORBID = "forbid (principal, action, resource is AgentCore::Gateway)"


def engine(world: World) -> tuple[str, str]:
    """Id and owner of a new engine."""
    _, outputs, _ = world.made("policy_engine", world.policy_engine())
    return outputs["policy_engine_id"], outputs["__context"]["owner"]


def definition(condition: str) -> dict[str, Any]:
    return {"cedar": {"statement": f"{FORBID} when {{ {condition} }};"}}


class TestEngine:
    def test_a_description_is_changed_and_removed(self, world: World) -> None:
        """In place: the update has a form for each."""
        identifier, outputs, checked = world.made("policy_engine", world.policy_engine())
        provider = world.provider("policy_engine")
        for description in ("another", None):
            wanted = {**checked, "description": description}
            result = provider.diff(identifier, outputs, wanted)
            assert (result.changes, result.replaces) == (True, [])
            outputs = provider.update(identifier, outputs, wanted).outs
            assert provider.read(identifier, outputs).outs.get("description") == description

    def test_a_name_and_a_key_replace(self, world: World) -> None:
        """A generated name is another one then, so the new engine is made beside the old one."""
        identifier, outputs, checked = world.made("policy_engine", world.policy_engine())
        key = "arn:aws:kms:us-west-2:123456789012:key/11111111-2222-3333-4444-555555555555"
        provider = world.provider("policy_engine")
        result = provider.diff(identifier, outputs, {**checked, "encryption_key_arn": key})
        assert (result.replaces, result.delete_before_replace) == (["encryption_key_arn"], False)
        assert provider.diff(identifier, outputs, {**checked, "name": "another"}).replaces == ["name"]

    def test_another_owners_is_left_alone_unless_adopted(self, world: World) -> None:
        """With its policies."""
        inputs = {**world.policy_engine(), "name": f"theirs_{world.unique('n').replace('-', '_')}"}
        identifier, _, _ = world.made("policy_engine", inputs)
        ours = {**inputs, **world.context("policy_engine", "ours")}
        with pytest.raises(NameTaken):
            world.provider("policy_engine").create(world.checked("policy_engine", ours))
        adopting = {**inputs, **world.context("policy_engine", "ours", adopt=True)}
        assert world.provider("policy_engine").create(world.checked("policy_engine", adopting)).id == identifier


class TestPolicy:
    def test_a_statement_and_a_mode_update_in_place(self, world: World) -> None:
        """A mode that is left out is AWS's default again."""
        identifier, outputs, checked = world.made("policy", world.inputs("policy"))
        provider = world.provider("policy")
        wanted = {**checked, "definition": definition("true"), "enforcement_mode": "LOG_ONLY", "description": None}
        result = provider.diff(identifier, outputs, wanted)
        assert (result.changes, result.replaces) == (True, [])
        outputs = provider.update(identifier, outputs, wanted).outs
        found = provider.read(identifier, outputs).outs
        assert (found["enforcement_mode"], found.get("description")) == ("LOG_ONLY", None)
        assert found["definition"] == definition("true")
        outputs = provider.update(identifier, outputs, checked).outs
        found = provider.read(identifier, outputs).outs
        assert (found["enforcement_mode"], found["description"]) == ("ACTIVE", "nothing at all")

    def test_another_engine_replaces_and_the_name_is_free_first(self, world: World) -> None:
        """No two policies of an account share a name."""
        identifier, outputs, checked = world.made("policy", world.inputs("policy"))
        result = world.provider("policy").diff(identifier, outputs, {**checked, "policy_engine_id": "b-0123456789"})
        assert (result.replaces, result.delete_before_replace) == (["policy_engine_id"], True)

    def test_a_name_of_another_engine_is_an_error_at_once(self, world: World) -> None:
        """That names the engine; waiting would not help."""
        first, second = engine(world), engine(world)
        name = f"shared_{world.unique('n').replace('-', '_')}"
        world.made("policy", {**world.policy(*first), "name": name})
        with pytest.raises(NameTaken, match=rf"policy {name} exists in policy engine {first[0]}"):
            world.provider("policy").create(world.checked("policy", {**world.policy(*second), "name": name}))

    def test_one_that_is_not_as_declared_is_not_taken_over(self, world: World) -> None:
        """Unless the program adopts it; then it becomes what is declared."""
        engine_id, owner = engine(world)
        name = f"theirs_{world.unique('n').replace('-', '_')}"
        identifier, _, _ = world.made("policy", {**world.policy(engine_id, owner), "name": name})
        other = {**world.policy(engine_id, owner), "name": name, "definition": definition("true")}
        with pytest.raises(NameTaken, match="or not as it is now"):
            world.provider("policy").create(world.checked("policy", other))
        adopting = {**other, **world.context("policy", engine_owner=owner, adopt=True)}
        made = world.provider("policy").create(world.checked("policy", adopting))
        assert made.id == identifier
        assert made.outs["definition"] == definition("true")

    def test_what_aws_refuses_is_removed_and_reported(self, world: World) -> None:
        """With its reasons: a create leaves nothing, an update is sent again."""
        engine_id, owner = engine(world)
        unknown = {"cedar": {"statement": f"{FORBID} when {{ context.nothing }};"}}
        refused = world.checked("policy", world.policy(engine_id, owner, definition=unknown))
        with pytest.raises(ResourceFailed, match="`nothing`"):
            world.provider("policy").create(refused)
        control = world.client("bedrock-agentcore-control")
        assert control.list_policies(policyEngineId=engine_id)["policies"] == []
        identifier, outputs, checked = world.made("policy", world.policy(engine_id, owner))
        provider = world.provider("policy")
        with pytest.raises(ResourceFailed, match="`nothing`"):
            provider.update(identifier, outputs, {**checked, "definition": unknown})
        failed = provider.read(identifier, outputs)
        assert provider.diff(identifier, failed.outs, checked).changes is True
        provider.update(identifier, failed.outs, checked)
        assert provider.read(identifier, outputs).outs["status"] == "ACTIVE"


@pytest.mark.parametrize("operation", ["UpdatePolicy", "GetPolicy"])
@pytest.mark.parametrize("fault", [{"kind": "drop"}, {"kind": "status", "status": 500}])
def test_an_update_hit_by_a_fault_arrives_the_second_time(world: World, operation: str, fault: dict[str, Any]) -> None:
    """Whatever was lost."""
    identifier, outputs, checked = world.made("policy", world.inputs("policy"))
    wanted = {**checked, "definition": definition("true"), "description": "another"}
    provider = world.provider("policy")
    world.fault(operation=operation, **fault)
    with contextlib.suppress(AgentCoreError):
        provider.update(identifier, outputs, wanted)
    world.clear_faults()
    provider.update(identifier, outputs, wanted)
    read = provider.read(identifier, outputs)
    assert (read.inputs["definition"], read.inputs["description"]) == (definition("true"), "another")
