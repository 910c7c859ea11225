"""Providers of this process against a local AWS of this process."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import pytest

from tests.support.world import World


@pytest.fixture(scope="module")
def _world() -> Iterator[World]:
    world = World(monotonic=time.monotonic)
    yield world
    world.close()


@pytest.fixture
def world(_world: World) -> Iterator[World]:
    """A local AWS without faults, and providers that deploy to it."""
    _world.clear_faults()
    yield _world
    _world.clear_faults()


@pytest.fixture
def slow_permissions() -> Iterator[World]:
    """A world in which AgentCore finds a role only after several requests for it: each takes a second."""
    seconds = itertools.count()
    world = World(monotonic=lambda: float(next(seconds)), ready_after={"permission": 5.0})
    yield world
    world.close()
