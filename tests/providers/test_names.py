"""Names are unique in AWS: what is replaced, renamed or moved neither loses its name nor takes another's."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from agentcore_provider.errors import NameTaken
from agentcore_provider.providers import context
from agentcore_provider.providers.naming import local_user
from tests.support.world import World


def _names(world: World, gateway_id: str) -> dict[str, str]:
    listed = world.client("bedrock-agentcore-control").list_gateway_targets(gatewayIdentifier=gateway_id)
    return {item["targetId"]: item["name"] for item in listed["items"]}


@pytest.mark.parametrize("noun", ["ez_auth", "gateway", "gateway_target"])
def test_a_forced_replacement_under_the_same_name_keeps_the_one_there_is(world: World, noun: str) -> None:
    """`pulumi up --replace` creates first and then deletes the old one, which here is the new one, too."""
    if noun == "gateway_target":
        gateway_id, gateway, _ = world.made("gateway", world.gateway())
        inputs = world.target(gateway_id, gateway["__context"]["owner"])
    else:
        inputs = getattr(world, noun)()
    provider = world.provider(noun)
    identifier, old, checked = world.made(noun, inputs)
    replacement = provider.create(checked)
    assert replacement.id == identifier
    assert replacement.outs is not None
    provider.delete(identifier, old)
    assert provider.read(identifier, replacement.outs).id == identifier
    kept = provider.update(identifier, replacement.outs, checked).outs
    provider.delete(identifier, provider.read(identifier, kept).outs)
    assert provider.read(identifier, replacement.outs).id == ""


def test_another_given_name_stands_beside_the_old_one(world: World) -> None:
    identifier, outputs, checked = world.made("gateway", world.gateway(name="first-name"))
    result = world.provider("gateway").diff(identifier, outputs, {**checked, "name": "second-name"})
    assert (result.replaces, result.delete_before_replace) == (["name"], False)


@pytest.mark.parametrize("wish", ["description", "*"])
def test_what_the_program_wants_replaced_is_replaced_and_its_name_freed_before(world: World, wish: str) -> None:
    inputs = world.gateway(**world.context("gateway", replace_on_changes=[wish]))
    identifier, outputs, checked = world.made("gateway", inputs)
    result = world.provider("gateway").diff(identifier, outputs, {**checked, "description": "another"})
    assert (result.replaces, result.delete_before_replace) == (["description"], True)
    assert world.provider("gateway").diff(identifier, outputs, checked).changes is False


def test_under_a_new_urn_the_mark_follows_so_that_nothing_else_takes_it_over(world: World) -> None:
    provider = world.provider("gateway")
    identifier, outputs, checked = world.made("gateway", world.gateway())
    moved = provider.check(checked, world.gateway()).inputs
    assert moved["name"] == checked["name"]
    assert provider.diff(identifier, outputs, moved).changes is True
    updated = provider.update(identifier, outputs, moved).outs
    assert provider.diff(identifier, updated, moved).changes is False
    with pytest.raises(NameTaken):
        provider.create(checked)


def test_a_target_under_a_new_urn_is_not_a_change(world: World) -> None:
    gateway_id, _, _ = world.made("gateway", world.gateway())
    identifier, outputs, checked = world.made("gateway_target", world.target(gateway_id))
    urn = {context.KEY: {**checked[context.KEY], "urn": "urn:pulumi:test::project::type::elsewhere"}}
    assert world.provider("gateway_target").diff(identifier, outputs, {**checked, **urn}).changes is False


def test_two_targets_swap_their_names(world: World) -> None:
    gateway_id, _, _ = world.made("gateway", world.gateway())
    provider = world.provider("gateway_target")
    made = [world.made("gateway_target", world.target(gateway_id, name=name)) for name in ("one", "two")]
    with ThreadPoolExecutor(2) as threads:
        swapped = [
            threads.submit(provider.update, identifier, outputs, {**checked, "name": name})
            for (identifier, outputs, checked), name in zip(made, ("two", "one"), strict=True)
        ]
        assert [it.result().outs["name"] for it in swapped] == ["two", "one"]
    assert _names(world, gateway_id) == {made[0][1]["target_id"]: "two", made[1][1]["target_id"]: "one"}


def _renamed(world: World, count: int) -> tuple[str, list[Any], list[dict[str, Any]]]:
    """A gateway, its targets, and the inputs by which each gets the name of the next, the last that of the first."""
    gateway_id, _, _ = world.made("gateway", world.gateway())
    names = [f"circle-{number}" for number in range(count)]
    made = [world.made("gateway_target", world.target(gateway_id, name=name)) for name in names]
    wanted = [{**checked, "name": name} for (_, _, checked), name in zip(made, names[1:] + names[:1], strict=True)]
    return gateway_id, made, wanted


def test_more_targets_than_a_gateway_has_places_change_names_in_a_circle(world: World) -> None:
    """All at once: whoever waits for a name keeps nobody else from a place."""
    gateway_id, made, wanted = _renamed(world, 12)
    provider = world.provider("gateway_target")
    with ThreadPoolExecutor(12) as threads:
        updates = [
            threads.submit(provider.update, identifier, outputs, inputs)
            for (identifier, outputs, _), inputs in zip(made, wanted, strict=True)
        ]
        assert [it.result().outs["name"] for it in updates] == [it["name"] for it in wanted]
    assert _names(world, gateway_id) == {
        outputs["target_id"]: inputs["name"] for (_, outputs, _), inputs in zip(made, wanted, strict=True)
    }


def test_targets_change_names_in_a_circle_one_after_the_other(world: World) -> None:
    """As with `--parallel 1`, where the engine asks for the next difference while it waits for this update."""
    gateway_id, made, wanted = _renamed(world, 3)
    provider = world.provider("gateway_target")
    for (identifier, outputs, _), inputs in zip(made, wanted, strict=True):
        assert provider.diff(identifier, outputs, inputs).changes is True
    for (identifier, outputs, _), inputs in zip(made, wanted, strict=True):
        assert provider.update(identifier, outputs, inputs).outs["name"] == inputs["name"]
    assert sorted(_names(world, gateway_id).values()) == ["circle-0", "circle-1", "circle-2"]


def test_a_name_that_stays_taken_is_reported_and_the_old_one_kept(world: World) -> None:
    gateway_id, _, _ = world.made("gateway", world.gateway())
    provider = world.provider("gateway_target")
    made = [world.made("gateway_target", world.target(gateway_id, name=name)) for name in ("one", "two")]
    identifier, outputs, checked = made[0]

    def asked(request: Any) -> None:
        """As Pulumi's host calls: the engine's request is at hand, and not handed on."""
        provider.update(identifier, outputs, {**checked, "name": "two"})

    with pytest.raises(NameTaken, match="another target with the name two"):
        asked(provider_pb2.UpdateRequest(timeout=1.0))
    assert sorted(_names(world, gateway_id).values()) == ["one", "two"]


@pytest.mark.parametrize("known", [0, 1, 2])
def test_a_search_type_not_known_yet_makes_the_name_not_known_yet(world: World, known: int) -> None:
    from pulumi.output import UNKNOWN, Unknown

    documents: list[Any] = [UNKNOWN, {"mcp": UNKNOWN}, {"mcp": {"searchType": UNKNOWN}}]
    checked = world.checked("gateway", world.gateway(protocol_configuration=documents[known]))
    assert isinstance(checked["name"], Unknown)


@pytest.mark.parametrize("unnamed", [KeyError("getpwuid(): uid not found: 54321"), OSError("No username set")])
def test_a_user_without_a_name_has_a_number(unnamed: Exception) -> None:
    """As in a container that runs under a number: `pulumi up` there is no traceback."""

    def ask() -> str:
        raise unnamed

    assert local_user(ask) == str(os.getuid())
    assert local_user(lambda: "ada") == "ada"


@pytest.mark.parametrize(("given", "generated"), [(None, True), ("same", False), ("another", True)])
def test_a_name_that_ignore_changes_put_back_is_as_it_was(world: World, given: str | None, generated: bool) -> None:
    """The engine hands it to check as if the program gave it; what the program says travels beside."""
    checked = world.checked("gateway", world.gateway())
    reported = {"same": checked["name"]}.get(given or "", given)
    program = {**world.gateway(), "name": checked["name"]}
    program[context.KEY] = {**checked[context.KEY], **({"given": {"name": reported}} if reported else {})}
    again = world.provider("gateway").check(checked, program).inputs
    assert again["name"] == checked["name"]
    assert ("name" in again[context.KEY]["generated"]) == generated
    assert "given" not in again[context.KEY]
