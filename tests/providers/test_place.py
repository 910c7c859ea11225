"""A resource belongs to the Region and account it was made in, whatever the stack says later."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi.dynamic import Config, ConfigureRequest

from agentcore_provider.errors import OtherAccount
from agentcore_provider.providers.loader import load
from tests.support.world import World

MADE_IN_AWS = ["api_key_credential_provider", "ez_auth", "gateway", "gateway_target", "oauth2_credential_provider"]
ELSEWHERE = "eu-west-1"


def inputs_of(world: World, noun: str) -> dict[str, Any]:
    if noun != "gateway_target":
        inputs: dict[str, Any] = getattr(world, noun)()
        return inputs
    gateway_id, outputs, _ = world.made("gateway", world.gateway())
    return world.target(gateway_id, outputs["__context"]["owner"])


def configured(world: World, noun: str, **config: str) -> Any:
    """The provider of a stack with another configuration than the one that made everything."""
    provider = load(noun)
    settings = {"aws:region": "us-west-2", "agentcore:endpointUrl": world.endpoint}
    provider.configure(ConfigureRequest(Config(settings | {f"aws:{it}": value for it, value in config.items()}, "p")))
    return provider


def of_another_account(world: World, noun: str) -> Any:
    role = {"roleArn": "arn:aws:iam::210987654321:role/deployer"}
    return configured(world, noun, assumeRoles=json.dumps([role]))


@pytest.mark.parametrize("noun", MADE_IN_AWS)
class TestEveryNoun:
    def test_a_stack_that_moves_to_another_region_replaces(self, world: World, noun: str) -> None:
        identifier, outputs, checked = world.made(noun, inputs_of(world, noun))
        result = configured(world, noun, region=ELSEWHERE).diff(identifier, outputs, checked)
        assert (result.changes, result.replaces, result.delete_before_replace) == (True, ["region"], False)

    def test_a_region_not_known_yet_is_not_a_change(self, world: World, noun: str) -> None:
        from pulumi.output import UNKNOWN

        identifier, outputs, checked = world.made(noun, inputs_of(world, noun))
        news = {**checked, "__context": {**checked["__context"], "region": UNKNOWN}}
        assert configured(world, noun, region=ELSEWHERE).diff(identifier, outputs, news).changes is False

    def test_it_is_read_updated_and_deleted_where_it_is(self, world: World, noun: str) -> None:
        identifier, outputs, checked = world.made(noun, inputs_of(world, noun))
        provider = configured(world, noun, region=ELSEWHERE)
        assert provider.read(identifier, outputs).id == identifier
        assert provider.update(identifier, outputs, checked).outs["__managed"] == outputs["__managed"]
        provider.delete(identifier, outputs)
        assert world.provider(noun).read(identifier, outputs).id == ""

    def test_the_credentials_of_another_account_touch_nothing(self, world: World, noun: str) -> None:
        """There AWS would answer "not found", which passes for deleted."""
        identifier, outputs, checked = world.made(noun, inputs_of(world, noun))
        provider = of_another_account(world, noun)
        report = r"belongs to AWS account 123456789012, .* belong to 210987654321. Sign in to account 123456789012"
        for attempt in (
            lambda: provider.read(identifier, outputs),
            lambda: provider.update(identifier, outputs, checked),
            lambda: provider.delete(identifier, outputs),
        ):
            with pytest.raises(OtherAccount, match=report):
                attempt()
        assert world.provider(noun).read(identifier, outputs).id == identifier

    def test_no_change_asks_nothing_of_aws(self, world: World, noun: str) -> None:
        identifier, outputs, checked = world.made(noun, inputs_of(world, noun))
        world.forget_requests()
        provider = configured(world, noun)
        again = provider.check(checked, checked).inputs
        assert provider.diff(identifier, outputs, again).changes is False
        assert world.requests() == []


@pytest.mark.parametrize("noun", ["ez_auth", "api_key_credential_provider"])
def test_an_id_that_names_its_region_is_read_there(world: World, noun: str) -> None:
    identifier, _, _ = world.made(noun, inputs_of(world, noun))
    assert configured(world, noun, region=ELSEWHERE).read(identifier, {}).id == identifier


def test_the_region_of_an_aws_provider_counts_before_the_stacks(world: World) -> None:
    inputs = world.gateway()
    inputs["__context"]["region"] = ELSEWHERE
    identifier, outputs, checked = world.made("gateway", inputs)
    assert f":{ELSEWHERE}:" in outputs["gateway_arn"]
    assert world.provider("gateway").diff(identifier, outputs, checked).changes is False
    world.provider("gateway").delete(identifier, outputs)
    assert world.provider("gateway").read(identifier, outputs).id == ""


def test_a_resource_keeps_the_mark_that_the_state_holds(world: World) -> None:
    """Also in a replacement under the old name, which would otherwise meet a other owner's resource."""
    identifier, outputs, checked = world.made("gateway", world.gateway())
    beside = {"__context": {**checked["__context"], "owner": "a mark made in another way"}}
    provider = world.provider("gateway")
    again = provider.check(checked, {**world.gateway(), **beside}).inputs
    assert again["__context"]["owner"] == checked["__context"]["owner"]
    assert provider.diff(identifier, outputs, again).changes is False
    replacement = provider.check({}, {**world.gateway(), **beside}).inputs
    assert provider.create(replacement).id == identifier
