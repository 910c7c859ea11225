"""An agent on local AWS, and the authorization server of its credential providers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.agent import Agent, AuthorizationServer
from tests.support.control_plane import ControlPlane


@pytest.fixture
def server() -> Iterator[AuthorizationServer]:
    found = AuthorizationServer()
    yield found
    found.http.server.shutdown()
    found.http.server.server_close()


@pytest.fixture
def agent(local_aws: ControlPlane, server: AuthorizationServer) -> Agent:
    return Agent(local_aws, server)
