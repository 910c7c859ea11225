"""What rules of gateways promise beyond what every resource does."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from agentcore_provider.errors import NameTaken
from agentcore_provider.providers import process
from tests.support.world import World


@pytest.fixture
def gateway(world: World) -> tuple[str, str]:
    """Id and owner of a gateway with two HTTP targets."""
    return world.http_gateway("primary", "canary")


def to(name: str) -> list[dict[str, Any]]:
    return [{"routeToTarget": {"staticRoute": {"targetName": name}}}]


def in_aws(world: World, gateway_id: str) -> dict[int, str]:
    """Rule ids by priority."""
    listed = world.client("bedrock-agentcore-control").list_gateway_rules(gatewayIdentifier=gateway_id)["gatewayRules"]
    return {it["priority"]: it["ruleId"] for it in listed}


class TestReplacement:
    def test_another_gateway_replaces_and_the_old_rule_stays_until_then(self, world: World, gateway: Any) -> None:
        """Both can stand side by side, each in its gateway."""
        identifier, outputs, checked = world.made("gateway_rule", world.rule(*gateway))
        moved = {**checked, "gateway_identifier": "other-0123456789"}
        result = world.provider("gateway_rule").diff(identifier, outputs, moved)
        assert (result.replaces, result.delete_before_replace) == (["gateway_identifier"], False)

    def test_a_description_that_is_removed_replaces_in_the_same_place(self, world: World, gateway: Any) -> None:
        """UpdateGatewayRule cannot clear it, and two rules cannot share a priority."""
        identifier, outputs, checked = world.made("gateway_rule", world.rule(*gateway))
        del checked["description"]
        result = world.provider("gateway_rule").diff(identifier, outputs, checked)
        assert (result.replaces, result.delete_before_replace) == (["description"], True)


class TestAnotherNameInPulumi:
    def test_the_rule_outlives_the_old_resource(self, world: World, gateway: Any) -> None:
        """Also where the delete comes in the next process: the new resource has taken the rule over."""
        old, outputs, _ = world.made("gateway_rule", world.rule(*gateway))
        new, now, checked = world.made("gateway_rule", world.rule(*gateway))
        assert new == old
        process.forget()
        provider = world.provider("gateway_rule")
        assert provider.diff(new, now, checked).changes is False
        provider.delete(old, outputs)
        assert in_aws(world, gateway[0]) == {100: old.partition("/")[2]}
        provider.delete(new, now)
        assert in_aws(world, gateway[0]) == {}

    def test_a_destroy_deletes_both(self, world: World, gateway: Any) -> None:
        """Nothing is asked about resources that are to go."""
        made = [world.made("gateway_rule", world.rule(*gateway)) for _ in range(2)]
        process.forget()
        for identifier, outputs, _ in made:
            world.provider("gateway_rule").delete(identifier, outputs)
        assert in_aws(world, gateway[0]) == {}

    def test_a_change_beside_it_is_an_error_that_names_the_cure(self, world: World, gateway: Any) -> None:
        """The rule is then none that the new resource declares; of another gateway it is somebody else's."""
        world.made("gateway_rule", world.rule(*gateway))
        for owner, cure in ((gateway[1], True), ("another's", False)):
            changed = world.rule(gateway[0], owner, actions=to("canary"))
            with pytest.raises(NameTaken) as error:
                world.provider("gateway_rule").create(world.checked("gateway_rule", changed))
            assert ("first change the name alone, then the rest in another deployment" in str(error.value)) is cure


class TestDrift:
    def test_what_somebody_changed_is_a_difference(self, world: World, gateway: Any) -> None:
        """And an update sets it right again."""
        identifier, outputs, checked = world.made("gateway_rule", world.rule(*gateway))
        gateway_id, _, rule_id = identifier.partition("/")
        control = world.client("bedrock-agentcore-control")
        control.update_gateway_rule(gatewayIdentifier=gateway_id, ruleId=rule_id, actions=to("canary"), conditions=[])
        provider = world.provider("gateway_rule")
        read = provider.read(identifier, outputs)
        assert read.inputs["actions"] == to("canary")
        assert provider.diff(identifier, read.outs, checked).changes is True
        made = provider.update(identifier, read.outs, checked)
        assert (made.outs["actions"], made.outs["conditions"]) == (to("primary"), checked["conditions"])

    def test_the_order_of_fallbacks_counts(self, world: World) -> None:
        """Unlike that of paths and models."""
        provider = world.provider("gateway_rule")

        def rule(*targets: str) -> dict[str, Any]:
            fallback = {"targetFallback": [{"targetName": it} for it in targets]}
            action = {"routeToTarget": {"staticRoute": {"targetName": "a", "fallback": fallback}}}
            return world.rule("shop-0123456789", actions=[action])

        one = world.checked("gateway_rule", rule("b", "c"))
        stored = {**one, "__managed": sorted(it for it in one if not it.startswith("__"))}
        assert provider.diff("id", stored, {**one, "actions": rule("c", "b")["actions"]}).changes is True


class TestPriorities:
    def test_one_that_is_taken_is_an_error_unless_adopted(self, world: World, gateway: Any) -> None:
        """A rule that something else made is left alone."""
        theirs, _, _ = world.made("gateway_rule", world.rule(*gateway))
        mine = world.rule(*gateway, actions=to("canary"))
        with pytest.raises(NameTaken, match=r"has a rule with priority 100 .*was not made by this resource.*adopt"):
            world.provider("gateway_rule").create(world.checked("gateway_rule", mine))
        mine["__context"]["adopt"] = True
        adopted, outputs, _ = world.made("gateway_rule", mine)
        assert (adopted, outputs["actions"]) == (theirs, to("canary"))

    def test_two_rules_exchange_them(self, world: World, gateway: Any) -> None:
        """Each waits for the other's: neither is deleted."""
        first, second = (world.made("gateway_rule", world.rule(*gateway, priority=it)) for it in (100.0, 200.0))
        self.update(world, [(first, 200.0), (second, 100.0)])
        assert in_aws(world, gateway[0]) == {100: second[0].partition("/")[2], 200: first[0].partition("/")[2]}

    def test_three_rules_take_turns(self, world: World, gateway: Any) -> None:
        """As a rule in front of the others makes all of them move."""
        made = [world.made("gateway_rule", world.rule(*gateway, priority=it)) for it in (1.0, 2.0, 3.0)]
        self.update(world, [(made[0], 2.0), (made[1], 3.0), (made[2], 1.0)])
        ids = [it[0].partition("/")[2] for it in made]
        assert in_aws(world, gateway[0]) == {2: ids[0], 3: ids[1], 1: ids[2]}

    def test_one_that_stays_taken_is_an_error(self, world: World, gateway: Any) -> None:
        """And the rule has its old priority again."""
        world.made("gateway_rule", world.rule(*gateway, priority=1.0))
        identifier, outputs, checked = world.made("gateway_rule", world.rule(*gateway, priority=2.0))
        checked["__context"]["urn"] += "-moved"
        provider = world.provider("gateway_rule")
        with pytest.raises(NameTaken, match="the gateway has another gateway rule with the priority 1"):
            provider.update(identifier, outputs, {**checked, "priority": 1.0})
        assert in_aws(world, gateway[0])[2] == identifier.partition("/")[2]

    def update(self, world: World, wanted: list[tuple[Any, float]]) -> None:
        """All at once, as the engine does."""
        provider = world.provider("gateway_rule")
        changed = [(it[0], it[1], {**it[2], "priority": priority}) for it, priority in wanted]
        for identifier, outputs, inputs in changed:
            assert provider.diff(identifier, outputs, inputs).replaces == []
        threads = [threading.Thread(target=provider.update, args=it) for it in changed]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
