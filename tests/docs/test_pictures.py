"""The pictures of the documents are what their scripts draw, of the code as it is."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).parents[2]
DOCS = PROJECT / "docs"


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ARCHITECTURE = script("architecture").PICTURES


@pytest.mark.parametrize("name", ARCHITECTURE)
def test_a_picture_of_the_architecture_is_the_one_that_its_script_draws(name: str) -> None:
    """`.venv/bin/python docs/architecture.py` draws them again."""
    assert (DOCS / name).read_text(encoding="utf-8") == ARCHITECTURE[name]() + "\n"


def test_the_picture_of_the_gateway_is_the_one_that_its_script_draws() -> None:
    """`.venv/bin/python docs/picture.py gateway` draws it again."""
    picture = script("picture")
    assert (DOCS / "gateway.svg").read_text(encoding="utf-8") == picture.svg(picture._SHOP) + "\n"


def test_every_package_is_in_the_picture() -> None:
    drawn = set(re.findall(r'font-weight="600"[^>]*>(\w+)<', (DOCS / "packages.svg").read_text(encoding="utf-8")))
    package = PROJECT / "agentcore_provider"
    assert drawn == {init.parent.name for init in package.glob("*/__init__.py")} | {"errors"}


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.svg")), ids=lambda page: page.name)
def test_a_picture_loads_nothing(page: Path) -> None:
    """A reader without network sees it whole."""
    addresses = re.findall(r"""(?:href|src|url)\s*[=(]\s*["']?([^"')\s]+)""", page.read_text(encoding="utf-8"))
    assert [it for it in addresses if not it.startswith("#")] == []


def test_no_page_leaves_its_pictures_to_a_script_from_the_network() -> None:
    assert [page.name for page in DOCS.rglob("*.md") if "```mermaid" in page.read_text(encoding="utf-8")] == []
