"""Local AWS in the test's process, with a clock that stands until a test moves it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.control_plane import ControlPlane


def _served(**settings: Any) -> Iterator[ControlPlane]:
    control_plane = ControlPlane(**settings)
    yield control_plane
    control_plane.close()


@pytest.fixture(scope="module")
def local_aws() -> Iterator[ControlPlane]:
    """Everything is ready at once."""
    yield from _served()


@pytest.fixture(scope="module")
def slow_aws() -> Iterator[ControlPlane]:
    """Gateways take 5 seconds, targets 2, domains 60, policies 2, on a clock that tests move."""
    yield from _served(ready_after={"gateway": 5.0, "target": 2.0, "domain": 60.0, "policy": 2.0})


@pytest.fixture
def limited_aws() -> Iterator[ControlPlane]:
    """With the service's quotas; targets take 2 seconds."""
    yield from _served(enforce_limits=True, ready_after={"target": 2.0})


@pytest.fixture
def hesitant_aws() -> Iterator[ControlPlane]:
    """Roles and permissions take 5 seconds from IAM to the service."""
    yield from _served(ready_after={"permission": 5.0})
