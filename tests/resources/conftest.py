"""The mocked engine that programs are declared to."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def declare() -> Any:
    """Runs a program against memory and returns what it declared; see mocked_engine.declare."""
    if "mocked_engine" not in sys.modules:
        path = Path(__file__).parents[1] / "resources" / "mocked_engine.py"
        spec = importlib.util.spec_from_file_location("mocked_engine", path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules["mocked_engine"] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules["mocked_engine"].declare
