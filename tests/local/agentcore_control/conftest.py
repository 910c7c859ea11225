"""A gateway that targets come to."""

from __future__ import annotations

import pytest

from tests.support.control_plane import ControlPlane


@pytest.fixture(scope="module")
def gateway_id(local_aws: ControlPlane) -> str:
    """A gateway of the protocol MCP, READY."""
    found: str = local_aws.gateway()["gatewayId"]
    return found
