"""A gateway that targets come to."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from agentcore_provider.local import kept
from agentcore_provider.local.disk import pickling
from agentcore_provider.local.disk.pickling import Names, Present
from agentcore_provider.local.settings import Clock
from tests.support.control_plane import ControlPlane


@pytest.fixture(scope="module")
def gateway_id(local_aws: ControlPlane) -> str:
    """A gateway of the protocol MCP, READY."""
    found: str = local_aws.gateway()["gatewayId"]
    return found


@pytest.fixture(autouse=True)
def _comes_back_from_disk() -> Iterator[None]:
    """What each test leaves is the same after it was written to disk: so every kind of resource is that has a test."""
    yield
    stores = kept.contents()["agentcore_provider.local.store.records:stores"]
    content = pickling.dumps(stores, Names({}, {}))
    loaded = pickling.loads(content, Present(_nothing, _nothing, Clock(float), "", ""))  # type: ignore[arg-type]
    assert _plain(loaded) == _plain(stores)


def _nothing(*named: str) -> object:
    raise AssertionError(f"A record has {named}, which belongs to moto")


def _plain(value: object) -> object:
    """A value without its classes: of the work that a status waits for, whether it failed."""
    if isinstance(value, dict):
        return {key: _plain(it) for key, it in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(it) for it in value]
    if hasattr(value, "done"):
        return "work"
    if dataclasses.is_dataclass(value):
        kept_fields = [it.name for it in dataclasses.fields(value) if it.metadata.get("kept", True)]
        return {name: _plain(getattr(value, name)) for name in kept_fields if name != "monotonic"}
    return value
