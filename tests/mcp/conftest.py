"""The gateway that the MCP room talks to in its tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture(scope="session")
def counterpart_module(load: Callable[[str], ModuleType]) -> ModuleType:
    return load("mcp/gateway_counterpart.py")


@pytest.fixture(scope="module")
def running_gateway(counterpart_module: ModuleType) -> Iterator[Any]:
    with counterpart_module.serve() as counterpart:
        yield counterpart


@pytest.fixture
def gateway(running_gateway: Any) -> Any:
    """A gateway on loopback that has not been asked anything yet."""
    running_gateway.searchable = True
    running_gateway.pages = 0
    running_gateway.calls.clear()
    running_gateway.token_requests.clear()
    return running_gateway


@pytest.fixture
def token(counterpart_module: ModuleType) -> str:
    return str(counterpart_module.GOOD_TOKEN)
