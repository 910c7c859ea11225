"""What rate limits of gateways promise beyond what every resource does."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.errors import NameTaken
from agentcore_provider.providers import process
from tests.support.world import World

NOUN = "gateway_rate_limit"


@pytest.fixture
def gateway(world: World) -> tuple[str, str]:
    """Id and owner of a gateway."""
    return world.http_gateway()


def entries(rate: float, **dimensions: str) -> list[dict[str, Any]]:
    return [{"dimensions": dimensions or {"targetName": "*"}, "requests": [{"rate": rate, "period": "minute"}]}]


def in_aws(world: World, gateway_id: str) -> list[str]:
    """Ids of the gateway's rate limits."""
    control = world.client("bedrock-agentcore-control")
    return [it["rateLimitId"] for it in control.list_gateway_rate_limits(gatewayIdentifier=gateway_id)["rateLimits"]]


def adopting(inputs: dict[str, Any]) -> dict[str, Any]:
    return {**inputs, "__context": {**inputs["__context"], "adopt": True}}


class TestReplacement:
    def test_other_keys_replace_and_the_old_limit_stays_until_then(self, world: World, gateway: Any) -> None:
        """Both can be there side by side, as AWS makes the id."""
        identifier, outputs, checked = world.made(NOUN, world.rate_limit(*gateway))
        moved = {**checked, "dimension_keys": ["toolName"], "entries": entries(1, toolName="*")}
        result = world.provider(NOUN).diff(identifier, outputs, moved)
        assert (result.replaces, result.delete_before_replace) == (["dimension_keys"], False)

    def test_the_same_keys_in_another_order_are_freed_first(self, world: World, gateway: Any) -> None:
        """Their order decides what * may stand for, and AWS has no two limits of the same keys."""
        keys = ["targetName", "$.context.iam.principal"]
        both = {"targetName": "*", "$.context.iam.principal": "*"}
        inputs = world.rate_limit(*gateway, dimension_keys=keys, entries=entries(1, **both))
        identifier, outputs, checked = world.made(NOUN, inputs)
        result = world.provider(NOUN).diff(identifier, outputs, {**checked, "dimension_keys": keys[::-1]})
        assert (result.replaces, result.delete_before_replace) == (["dimension_keys"], True)

    def test_an_id_cannot_change(self, world: World, gateway: Any) -> None:
        """Also where AWS made the one that it has; naming that one changes nothing in AWS."""
        identifier, outputs, checked = world.made(NOUN, world.rate_limit(*gateway))
        provider = world.provider(NOUN)
        result = provider.diff(identifier, outputs, {**checked, "rate_limit_id": "per-target"})
        assert (result.replaces, result.delete_before_replace) == (["rate_limit_id"], True)
        own = identifier.partition("/")[2]
        assert provider.diff(identifier, outputs, {**checked, "rate_limit_id": own}).replaces == []

    def test_entries_and_description_change_in_place(self, world: World, gateway: Any) -> None:
        """A description that is removed is removed in AWS."""
        identifier, outputs, checked = world.made(NOUN, world.rate_limit(*gateway))
        wanted = {**checked, "entries": entries(5)}
        del wanted["description"]
        provider = world.provider(NOUN)
        assert provider.diff(identifier, outputs, wanted).replaces == []
        made = provider.update(identifier, outputs, wanted)
        assert (made.outs["entries"], made.outs.get("description")) == (entries(5), None)
        assert provider.diff(identifier, made.outs, wanted).changes is False


class TestAnotherNameInPulumi:
    def test_the_limit_outlives_the_old_resource(self, world: World, gateway: Any) -> None:
        """Also where the delete comes in the next process: the new resource has taken the limit over."""
        old, outputs, _ = world.made(NOUN, world.rate_limit(*gateway))
        new, now, checked = world.made(NOUN, world.rate_limit(*gateway))
        assert new == old
        process.forget()
        provider = world.provider(NOUN)
        assert provider.diff(new, now, checked).changes is False
        provider.delete(old, outputs)
        assert in_aws(world, gateway[0]) == [old.partition("/")[2]]
        provider.delete(new, now)
        assert in_aws(world, gateway[0]) == []


class TestScope:
    def test_keys_that_are_taken_are_an_error_unless_adopted(self, world: World, gateway: Any) -> None:
        """A limit that something else made is left alone."""
        theirs, _, _ = world.made(NOUN, world.rate_limit(*gateway))
        mine = world.rate_limit(*gateway, entries=entries(7))
        with pytest.raises(NameTaken, match=r"has a rate limit by targetName .*was not made by this resource.*adopt"):
            world.provider(NOUN).create(world.checked(NOUN, mine))
        adopted, outputs, _ = world.made(NOUN, adopting(mine))
        assert (adopted, outputs["entries"]) == (theirs, entries(7))

    def test_of_a_gateway_that_is_not_the_programs_it_is_anothers(self, world: World, gateway: Any) -> None:
        """Even one that is just as declared."""
        world.made(NOUN, world.rate_limit(*gateway))
        with pytest.raises(NameTaken):
            world.provider(NOUN).create(world.checked(NOUN, world.rate_limit(gateway[0])))

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"rate_limit_id": "mine"}, "has the id"),
            ({"dimension_keys": ["$.context.iam.principal", "targetName"]}, "has the dimension keys"),
        ],
    )
    def test_what_no_update_can_change_is_not_taken_over(
        self, world: World, gateway: Any, change: dict[str, Any], why: str
    ) -> None:
        """Nor deleted: it may be somebody else's."""
        both = {"targetName": "*", "$.context.iam.principal": "*"}
        inputs = world.rate_limit(*gateway, dimension_keys=[*both], entries=entries(1, **both))
        theirs, _, _ = world.made(NOUN, inputs)
        mine = adopting({**inputs, **change, **world.context(NOUN, gateway_owner=gateway[1])})
        with pytest.raises(NameTaken, match=f"cannot be taken over: it {why}"):
            world.provider(NOUN).create(world.checked(NOUN, mine))
        assert in_aws(world, gateway[0]) == [theirs.partition("/")[2]]

    def test_an_id_that_is_taken_is_an_error(self, world: World, gateway: Any) -> None:
        """Whatever its keys are."""
        world.made(NOUN, world.rate_limit(*gateway, rate_limit_id="busy"))
        other = {"dimension_keys": ["toolName"], "entries": entries(1, toolName="*"), "rate_limit_id": "busy"}
        with pytest.raises(NameTaken, match=r"targetName \(busy\)"):
            world.provider(NOUN).create(world.checked(NOUN, world.rate_limit(*gateway, **other)))


class TestDrift:
    def test_what_somebody_changed_is_a_difference(self, world: World, gateway: Any) -> None:
        """And an update sets it right again."""
        identifier, outputs, checked = world.made(NOUN, world.rate_limit(*gateway))
        gateway_id, _, rate_limit_id = identifier.partition("/")
        world.client("bedrock-agentcore-control").update_gateway_rate_limit(
            gatewayIdentifier=gateway_id, rateLimitId=rate_limit_id, entries=entries(1), description="theirs"
        )
        provider = world.provider(NOUN)
        read = provider.read(identifier, outputs)
        assert (read.inputs["entries"], read.inputs["description"]) == (entries(1), "theirs")
        assert provider.diff(identifier, read.outs, checked).changes is True
        made = provider.update(identifier, read.outs, checked)
        assert (made.outs["entries"], made.outs["description"]) == (checked["entries"], "each target")

    def test_the_order_of_entries_makes_no_difference(self, world: World, gateway: Any) -> None:
        """The most specific one applies, wherever it is."""
        inputs = world.rate_limit(*gateway, entries=[*entries(1), *entries(9, targetName="orders")])
        identifier, outputs, checked = world.made(NOUN, inputs)
        turned = {**checked, "entries": checked["entries"][::-1]}
        assert world.provider(NOUN).diff(identifier, outputs, turned).changes is False
