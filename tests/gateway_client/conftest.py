"""A client of this process, and a local AWS of this process."""

from __future__ import annotations

import itertools
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from agentcore_provider import GatewayClient
from tests.support.local_aws import TOOLS
from tests.support.world import World

# What servers of one process hold is shared, and this file may be loaded more than once in it.
_RUN = uuid.uuid4().hex[:6]
_numbers = itertools.count()


@pytest.fixture(scope="module")
def _world() -> Iterator[World]:
    world = World(monotonic=time.monotonic)
    yield world
    world.close()


@pytest.fixture
def world(_world: World) -> Iterator[World]:
    """A local AWS with a role and a function in it."""
    _world.clear_faults()
    yield _world
    _world.clear_faults()


@pytest.fixture
def tools() -> list[dict[str, Any]]:
    """The definition of one tool."""
    return list(TOOLS)


@pytest.fixture
def client_of(world: World) -> Callable[..., GatewayClient]:
    """Clients by their owner, on local AWS."""
    return lambda owner="me", **more: GatewayClient("us-west-2", endpoint_url=world.endpoint, owner=owner, **more)


@pytest.fixture
def client(client_of: Callable[..., GatewayClient]) -> GatewayClient:
    """The client of one owner."""
    return client_of()


@pytest.fixture
def name() -> str:
    """A gateway's name that no other test has."""
    return f"gateway-{_RUN}-{next(_numbers)}"


@pytest.fixture
def members(world: World, name: str) -> dict[str, Any]:
    """CreateGateway's input of a gateway that no other test has."""
    return {"name": name, "roleArn": world.role_arn, "protocolType": "MCP", "authorizerType": "NONE"}


@pytest.fixture
def target(world: World, tools: list[dict[str, Any]]) -> dict[str, Any]:
    """CreateGatewayTarget's input of a Lambda target."""
    function = {"lambdaArn": world.function_arn, "toolSchema": {"inlinePayload": tools}}
    return {"name": "orders", "targetConfiguration": {"mcp": {"lambda": function}}}
