"""What workload identities promise beyond what every resource does."""

from __future__ import annotations

import pytest

from agentcore_provider.errors import NameTaken
from tests.support.world import World

URLS = "allowed_resource_oauth2_return_urls"


def test_addresses_and_tags_change_in_place(world: World) -> None:
    """And are removed with the argument."""
    identifier, outputs, checked = world.made("workload_identity", world.workload_identity())
    provider = world.provider("workload_identity")
    changed = {**checked, URLS: ["https://other.example.com/back"], "tags": {"team": "other"}}
    assert provider.diff(identifier, outputs, changed).replaces == []
    made = provider.update(identifier, outputs, changed)
    read = provider.read(identifier, made.outs)
    assert (read.inputs[URLS], read.inputs["tags"]) == (["https://other.example.com/back"], {"team": "other"})
    without = {name: it for name, it in checked.items() if name != URLS}
    provider.update(identifier, made.outs, without)
    control = world.client("bedrock-agentcore-control")
    assert control.get_workload_identity(name=checked["name"])["allowedResourceOauth2ReturnUrls"] == []


def test_another_name_replaces(world: World) -> None:
    """Both can be there at once."""
    inputs = world.workload_identity(name=world.unique("clerk"))
    identifier, outputs, checked = world.made("workload_identity", inputs)
    result = world.provider("workload_identity").diff(identifier, outputs, {**checked, "name": "another"})
    assert (result.replaces, result.delete_before_replace) == (["name"], False)


def test_what_somebody_changed_is_drift(world: World) -> None:
    """And an update sets it back."""
    identifier, outputs, checked = world.made("workload_identity", world.workload_identity())
    world.client("bedrock-agentcore-control").update_workload_identity(
        name=checked["name"], allowedResourceOauth2ReturnUrls=["https://theirs.example.com"]
    )
    provider = world.provider("workload_identity")
    read = provider.read(identifier, outputs)
    assert provider.diff(identifier, read.outs, checked).changes is True
    provider.update(identifier, read.outs, checked)
    assert provider.read(identifier, outputs).inputs[URLS] == checked[URLS]


def test_an_identity_of_somebody_else_is_left_alone_unless_adopted(world: World) -> None:
    """Also one that a gateway has, by its id."""
    gateway_id, _, _ = world.made("gateway", world.gateway())
    with pytest.raises(NameTaken, match=r"exists and was not made by this resource"):
        world.provider("workload_identity").create(
            world.checked("workload_identity", world.workload_identity(name=gateway_id))
        )
    name = world.unique("theirs")
    world.client("bedrock-agentcore-control").create_workload_identity(name=name)
    mine = world.workload_identity(name=name)
    mine["__context"]["adopt"] = True
    _, outputs, _ = world.made("workload_identity", mine)
    assert outputs[URLS] == mine[URLS]


def test_an_address_without_a_scheme_is_reported(world: World) -> None:
    """As the model has it."""
    result = world.provider("workload_identity").check({}, world.workload_identity(**{URLS: ["clerk.example.com"]}))
    assert f"{URLS}[0]" in result.failures[0].reason
