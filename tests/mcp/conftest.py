"""The gateway that the MCP room talks to in its tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support import mcp_gateway
from tests.support.mcp_gateway import ScriptedGateway


@pytest.fixture(scope="module")
def running_gateway() -> Iterator[ScriptedGateway]:
    with mcp_gateway.serve() as counterpart:
        yield counterpart


@pytest.fixture
def gateway(running_gateway: ScriptedGateway) -> ScriptedGateway:
    """A gateway on loopback that has not been asked anything yet."""
    running_gateway.searchable = True
    running_gateway.pages = 0
    running_gateway.calls.clear()
    running_gateway.token_requests.clear()
    return running_gateway


@pytest.fixture
def token() -> str:
    """A token that it accepts."""
    return mcp_gateway.GOOD_TOKEN
