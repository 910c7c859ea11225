"""Links of the pages that are no part of the site lead somewhere; `make docs` judges those of the site."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
EXAMPLES = PROJECT / "examples"
PAGES = [*PROJECT.glob("*.md"), *EXAMPLES.rglob("*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [it for it in links if not (page.parent / it).exists()] == []


def test_the_headings_that_links_name_are_there() -> None:
    links = [
        (page.parent / path, anchor)
        for page in PAGES
        for path, anchor in re.findall(r"\]\(([^)#:]+)#([^)]+)\)", page.read_text(encoding="utf-8"))
    ]
    assert links
    headings = {
        page: {
            re.sub(r"[^\w -]", "", it.lower()).replace(" ", "-")
            for it in re.findall(r"(?m)^#+ (.+)$", page.read_text(encoding="utf-8"))
        }
        for page, _ in links
    }
    assert [(page.name, anchor) for page, anchor in links if anchor not in headings[page]] == []


def test_the_page_of_examples_names_every_example() -> None:
    named = set(re.findall(r"^\| \[([\w-]+)\]\(\1\) \|", (EXAMPLES / "README.md").read_text(encoding="utf-8"), re.M))
    assert named == {it.name for it in EXAMPLES.iterdir() if any(it.glob("*.py")) or (it / "Pulumi.yaml").exists()}
