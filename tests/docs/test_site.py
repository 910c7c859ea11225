"""The site that `make docs` makes, opened from its files in a real browser."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser import Browser

PROJECT = Path(__file__).parents[2]
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(30, 33, 41)"


@pytest.fixture(scope="module")
def site(not_run: Callable[[str], None], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site, built of the files of this checkout."""
    if importlib.util.find_spec("mkdocs") is None:
        not_run("The site was not built: install what builds it (make docs) and run this test again.")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(folder)]
    built = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    return folder


@pytest.fixture
def page(site: Path, browser: Browser) -> Any:
    """The first page of the site."""
    return browser.page((site / "index.html").as_uri())


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)], ids=["desk", "phone"])
def test_search_leads_from_a_word_to_its_place(page: Any, width: int, height: int) -> None:
    """A reader types a word that one page explains, clicks the first result, and stands before it."""
    page.look(width, height)
    if width < 500:
        page.click(".md-header__button[for=__search]")
    page.click(".md-search__input")
    page.type("PULUMI_PYTHON_CMD")
    first = ".md-search-result__item:first-child .md-search-result__link"
    # There are results before the whole word is typed.
    page.until(f"document.querySelector('{first}')?.href.endsWith('/automation.html?h=pulumi_python_cmd')")
    page.click(first)
    page.until("location.pathname.endsWith('/automation.html') && document.readyState == 'complete'")
    page.until("document.querySelector('mark')?.textContent == 'PULUMI_PYTHON_CMD'")
    assert page.complaints == []


def test_every_page_fits_a_phone_and_misses_nothing(page: Any, site: Path) -> None:
    """Nothing sticks out sideways, every script, style and picture is there, and no page reports an error."""
    page.look(390, 844)
    pages = [it for it in sorted(site.rglob("*.html")) if it.name != "404.html"]
    assert len(pages) > 40
    wide = []
    for it in pages:
        page.open(it.as_uri())
        if page.value("document.documentElement.scrollWidth > innerWidth"):
            wide.append(it.name)
    assert wide == []
    assert page.complaints == []


def test_colours_follow_the_system(page: Any) -> None:
    """A reader whose system turns dark in the evening reads in the dark, also on a page read before."""
    colour = "getComputedStyle(document.body).backgroundColor"
    for scheme, expected in (("light", LIGHT), ("dark", DARK), ("light", LIGHT)):
        page.look(1280, 900, scheme=scheme)
        page.until(f"{colour} == '{expected}'")
