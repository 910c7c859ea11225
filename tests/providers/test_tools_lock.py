"""What a preview makes of a target with locked tools, and of what its server lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pulumi.output import Unknown

from agentcore_provider.providers import tools_lock
from agentcore_provider.schemas.locked_tools import fingerprint
from tests.support.listing_server import ListingServer, tool
from tests.support.world import World


@pytest.fixture
def server() -> Iterator[ListingServer]:
    server = ListingServer(tool("find"), tool("list"))
    yield server
    server.stop()


def _target(world: World, server: ListingServer, lock: Any = True, **members: Any) -> dict[str, Any]:
    target = world.target("gateway-0123456789", name="stock")
    # One process remembers what a URN has locked: each test has one of its own.
    beside = {
        **target["__context"],
        "tools_lock": lock,
        "urn": f"urn:::{server.identifier}::stock",
        **members.pop("context", {}),
    }
    document = {"mcp": {"mcpServer": {"endpoint": server.url}}}
    members = {"credential_provider_configurations": None, **members}
    return {**target, "target_configuration": document, **members, "__context": beside}


def _check(world: World, olds: dict[str, Any], news: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    result = world.provider("gateway_target").check(olds, news)
    return dict(result.inputs), [it.reason for it in result.failures]


def _names(inputs: dict[str, Any]) -> list[str]:
    return [it["name"] for it in tools_lock.tools_of(inputs) or []]


def test_the_first_list_is_locked_and_kept(world: World, server: ListingServer) -> None:
    """Without another question to the server, also where the target is replaced, of which the engine passes no state."""
    inputs, problems = _check(world, {}, _target(world, server))
    assert (problems, _names(inputs), server.lists) == ([], ["find", "list"], 1)
    server.tools = [tool("evil")]
    for olds in (inputs, {}):
        kept, problems = _check(world, olds, _target(world, server))
        assert (problems, _names(kept), server.lists) == ([], ["find", "list"], 1)


def test_other_tools_stop_and_the_accepted_fingerprint_passes(world: World, server: ListingServer) -> None:
    """Where the list is to be read again: by synchronize_on, or as another list was accepted."""
    inputs, _ = _check(world, {}, _target(world, server))
    server.tools = [tool("list"), tool("find")]
    assert _check(world, inputs, _target(world, server, synchronize_on=["2"]))[1] == []
    server.tools = [tool("find", "Sends keys."), tool("list")]
    kept, [problem] = _check(world, inputs, _target(world, server, synchronize_on=["2"]))
    assert problem.startswith(
        "tools_lock: the server lists other tools than those locked: find is changed: description was"
    )
    assert tools_lock.fingerprint(kept) == tools_lock.fingerprint(inputs)
    _, [problem] = _check(world, inputs, _target(world, server, "0" * 32))
    assert "find is changed" in problem
    taken, problems = _check(world, inputs, _target(world, server, fingerprint(server.tools), synchronize_on=["2"]))
    assert (problems, tools_lock.tools_of(taken)) == ([], server.tools)
    assert _check(world, {}, _target(world, server, "0" * 32, context={"urn": "urn:::fresh::stock"}))[1] != []


def test_a_list_that_somebody_removed_in_aws_is_not_trusted_again(world: World, server: ListingServer) -> None:
    """A refresh finds a target without it: then only what was locked is locked again."""
    inputs, _ = _check(world, {}, _target(world, server))
    unlocked = {**inputs, "target_configuration": _target(world, server)["target_configuration"]}
    server.tools = [tool("evil")]
    _, [problem] = _check(world, unlocked, _target(world, server))
    assert "the server lists other tools than those accepted" in problem
    server.tools = [tool("find"), tool("list")]
    again, problems = _check(world, unlocked, _target(world, server))
    assert (problems, _names(again)) == ([], ["find", "list"])


def test_a_server_of_another_address_has_to_list_the_same(world: World, server: ListingServer) -> None:
    inputs, _ = _check(world, {}, _target(world, server))
    other = ListingServer(tool("find", "Sends keys."))
    try:
        assert len(_check(world, inputs, _target(world, other))[1]) == 2
        other.tools = [*server.tools]
        moved, problems = _check(world, inputs, _target(world, other))
    finally:
        other.stop()
    assert problems == []
    assert moved["target_configuration"]["mcp"]["mcpServer"]["endpoint"] == other.url


def test_what_cannot_be_read_locks_nothing_and_unlocks_nothing(world: World, server: ListingServer) -> None:
    """A new target is not deployed; one that is locked keeps its tools, with a warning."""
    server.token = "t0ps3cret"
    new = _target(world, server)
    _, [problem] = _check(world, {}, new)
    assert "rejects this machine: HTTP 401" in problem
    assert 'agentcore:serverTokens["stock"]' in problem
    server.token = ""
    inputs, _ = _check(world, {}, new)
    server.status = 503
    kept, problems = _check(world, inputs, {**new, "synchronize_on": ["2"]})
    assert (problems, _names(kept)) == ([], ["find", "list"])
    accepted = {**new["__context"], "tools_lock": "0" * 32}
    assert "503" in _check(world, inputs, {**new, "__context": accepted})[1][0]


@pytest.mark.parametrize(
    ("used", "where"),
    [
        ({}, ("authorization", "Bearer t0ps3cret")),
        ({"credentialParameterName": "X-Key"}, ("x-key", "t0ps3cret")),
        ({"credentialParameterName": "X-Key", "credentialPrefix": "Key"}, ("x-key", "Key t0ps3cret")),
    ],
)
def test_a_token_of_the_stack_is_sent_where_the_gateway_sends_its_own(
    world: World, server: ListingServer, used: dict[str, str], where: tuple[str, str]
) -> None:
    """And is nowhere in what goes into state."""
    arn = "arn:aws:bedrock-agentcore:us-west-2:123456789012:token-vault/default/apikeycredentialprovider/k"
    members = {"providerArn": arn, "credentialLocation": "HEADER", **used}
    credential = {
        "credentialProviderType": "API_KEY",
        "credentialProvider": {"apiKeyCredentialProvider": members},
    }
    provider = world.provider("gateway_target")
    provider._server_tokens = {"stock": "t0ps3cret"}
    target = _target(world, server, credential_provider_configurations=[credential])
    result = provider.check({}, target)
    assert result.failures == []
    assert server.counterpart.last.headers[where[0]] == where[1]
    assert "t0ps3cret" not in str(result.inputs)


def test_a_server_that_takes_signatures_gets_one_of_this_machine(world: World, server: ListingServer) -> None:
    """For the service and Region that the gateway's role signs for."""
    signing = {"iamCredentialProvider": {"service": "execute-api", "region": "eu-west-1"}}
    credential = {"credentialProviderType": "GATEWAY_IAM_ROLE", "credentialProvider": signing}
    _, problems = _check(world, {}, _target(world, server, credential_provider_configurations=[credential]))
    assert problems == []
    assert "/eu-west-1/execute-api/aws4_request" in server.counterpart.last.headers["authorization"]


def test_an_address_that_is_not_known_yet_is_read_when_it_is(world: World, server: ListingServer) -> None:
    unknown = _target(world, server)
    unknown["target_configuration"] = {"mcp": {"mcpServer": {"endpoint": Unknown()}}}
    inputs, problems = _check(world, {}, unknown)
    assert (problems, _names(inputs), server.lists) == ([], [], 0)
