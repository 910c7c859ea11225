"""The lowest versions of the dependencies, which `make lowest` installs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.lowest import modules, pinned

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_every_dependency_has_a_lowest_version() -> None:
    """Those of the package and of local AWS, with their extras."""
    found = pinned(PYPROJECT.read_text())
    assert all(re.fullmatch(r"[\w.-]+(\[[\w,]+\])?==[\d.]+", it) for it in found)
    assert {it.partition("==")[0].partition("[")[0] for it in found} >= {"pulumi", "boto3", "typer", "moto", "PyJWT"}


def test_a_dependency_without_one_is_an_error() -> None:
    """Nobody could test its range."""
    with pytest.raises(ValueError, match="httpx"):
        pinned('dependencies = [\n    "mcp>=1.24,<3",  # why\n    "httpx<1",\n]\n')


def test_every_module_is_imported() -> None:
    """Also those that only a command or local AWS needs."""
    assert {"agentcore_provider.cli.app", "agentcore_provider.local.server"} - set(modules()) == set()
