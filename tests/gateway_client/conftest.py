"""A client of this process, and a local AWS of this process."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from agentcore_provider import GatewayClient

# What servers of one process hold is shared, and this file may be loaded more than once in it.
_RUN = uuid.uuid4().hex[:6]
_numbers = itertools.count()


@pytest.fixture(scope="module")
def _world(load: Callable[[str], ModuleType]) -> Iterator[Any]:
    world = load("providers/conftest.py").World()
    yield world
    world.server.close()


@pytest.fixture
def world(_world: Any) -> Iterator[Any]:
    """A local AWS with a role and a function in it; see tests/providers/conftest.py."""
    _world.no_faults()
    yield _world
    _world.no_faults()


@pytest.fixture
def tools(load: Callable[[str], ModuleType]) -> list[dict[str, Any]]:
    """The definition of one tool."""
    return list(load("providers/conftest.py").TOOLS)


@pytest.fixture
def client_of(world: Any) -> Callable[..., GatewayClient]:
    """Clients by their owner, on local AWS."""
    return lambda owner="me", **more: GatewayClient(
        "us-west-2", endpoint_url=world.server.base_url, owner=owner, **more
    )


@pytest.fixture
def client(client_of: Callable[..., GatewayClient]) -> GatewayClient:
    """The client of one owner."""
    return client_of()


@pytest.fixture
def name() -> str:
    """A gateway's name that no other test has."""
    return f"gateway-{_RUN}-{next(_numbers)}"


@pytest.fixture
def members(world: Any, name: str) -> dict[str, Any]:
    """CreateGateway's input of a gateway that no other test has."""
    return {"name": name, "roleArn": world.role_arn, "protocolType": "MCP", "authorizerType": "NONE"}


@pytest.fixture
def target(world: Any, tools: list[dict[str, Any]]) -> dict[str, Any]:
    """CreateGatewayTarget's input of a Lambda target."""
    function = {"lambdaArn": world.function_arn, "toolSchema": {"inlinePayload": tools}}
    return {"name": "orders", "targetConfiguration": {"mcp": {"lambda": function}}}
