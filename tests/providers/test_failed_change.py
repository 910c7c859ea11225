"""A change that AWS began and did not finish: the next `up` sends it again, and a delete reports the reasons at once."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.errors import ResourceFailed
from tests.support.world import World

UPDATED_BY = {"gateway": "UpdateGateway", "gateway_target": "UpdateGatewayTarget"}
DELETED_BY = {"gateway": "DeleteGateway", "gateway_target": "DeleteGatewayTarget"}
# Much less than it took to give up on what never comes.
SOON = {"delete": 30.0, "update": 30.0}


def made(world: World, noun: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
    if noun == "gateway":
        return world.made(noun, world.gateway(**world.context(noun, timeouts=SOON)))
    gateway_id, _, _ = world.made("gateway", world.gateway())
    return world.made(noun, world.target(gateway_id, **world.context("target", timeouts=SOON)))


def fail(world: World, operation: str, reason: str = "no capacity today") -> None:
    world.fault(operation=operation, kind="fail", reason=reason)


@pytest.mark.parametrize("noun", UPDATED_BY)
def test_an_update_that_failed_is_sent_again_by_the_next_up(world: World, noun: str) -> None:
    identifier, outputs, checked = made(world, noun)
    wanted, provider = {**checked, "description": "another"}, world.provider(noun)
    fail(world, UPDATED_BY[noun])
    with pytest.raises(ResourceFailed, match=r"UPDATE_UNSUCCESSFUL: no capacity today\. .*sends the update again"):
        provider.update(identifier, outputs, wanted)
    world.forget_requests()
    # The engine keeps what the state held before.
    assert provider.diff(identifier, outputs, wanted).changes is True
    assert provider.update(identifier, outputs, wanted).outs["status"] == "READY"
    assert world.requests().count(UPDATED_BY[noun]) == 1


@pytest.mark.parametrize("noun", UPDATED_BY)
def test_an_update_that_fails_again_reports_the_new_reasons(world: World, noun: str) -> None:
    identifier, outputs, checked = made(world, noun)
    wanted, provider = {**checked, "description": "another"}, world.provider(noun)
    for reason in ("first reason", "second reason"):
        fail(world, UPDATED_BY[noun], reason)
        with pytest.raises(ResourceFailed, match=reason):
            provider.update(identifier, outputs, wanted)


@pytest.mark.parametrize("noun", UPDATED_BY)
def test_a_refresh_shows_a_failed_update_as_a_difference(world: World, noun: str) -> None:
    """Also where AWS has taken over the document: the next `up` sends it again, and then nothing is left to do."""
    identifier, outputs, checked = made(world, noun)
    wanted, provider = {**checked, "description": "another"}, world.provider(noun)
    fail(world, UPDATED_BY[noun])
    with pytest.raises(ResourceFailed):
        provider.update(identifier, outputs, wanted)
    read = provider.read(identifier, outputs)
    assert read.outs["status"] == "UPDATE_UNSUCCESSFUL"
    diff = provider.diff(identifier, read.outs, wanted)
    assert (diff.changes, diff.replaces) == (True, [])
    updated = provider.update(identifier, read.outs, wanted).outs
    assert updated["status"] == "READY"
    assert provider.diff(identifier, updated, wanted).changes is False


@pytest.mark.parametrize("noun", DELETED_BY)
def test_a_delete_that_fails_reports_the_reasons_and_does_not_wait(world: World, noun: str) -> None:
    identifier, outputs, checked = made(world, noun)
    provider = world.provider(noun)
    fail(world, DELETED_BY[noun])
    with pytest.raises(ResourceFailed, match=r"AWS could not delete .*FAILED: no capacity today\. Remove the cause"):
        provider.delete(identifier, outputs)
    assert provider.diff(identifier, provider.read(identifier, outputs).outs, checked).changes is True
    provider.delete(identifier, outputs)
    assert provider.read(identifier, outputs).id == ""


def test_an_update_that_failed_in_taking_a_target_over_is_sent_again(world: World) -> None:
    """The state knows nothing of it yet, and AWS has the document already."""
    gateway_id, _, _ = world.made("gateway", world.gateway())
    world.made("gateway_target", world.target(gateway_id, name="theirs"))
    mine = world.target(gateway_id, name="theirs", description="mine", **world.context("target", adopt=True))
    wanted, provider = world.checked("gateway_target", mine), world.provider("gateway_target")
    fail(world, "UpdateGatewayTarget")
    with pytest.raises(ResourceFailed, match="no capacity today"):
        provider.create(wanted)
    assert provider.create(wanted).outs["status"] == "READY"
