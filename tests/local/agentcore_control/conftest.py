"""A gateway that targets come to."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(scope="module")
def gateway_id(local_aws: Any) -> str:
    """A gateway of the protocol MCP, READY."""
    found: str = local_aws.gateway()["gatewayId"]
    return found
