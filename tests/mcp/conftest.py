"""The gateway that the MCP room talks to in its tests."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


def _load() -> ModuleType:
    """The counterpart as a module: test folders are no packages, and two rooms share it."""
    if "gateway_counterpart" not in sys.modules:
        path = Path(__file__).with_name("gateway_counterpart.py")
        spec = importlib.util.spec_from_file_location("gateway_counterpart", path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules["gateway_counterpart"] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules["gateway_counterpart"]


@pytest.fixture(scope="session")
def counterpart_module() -> ModuleType:
    return _load()


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
