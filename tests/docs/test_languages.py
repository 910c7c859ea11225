"""Programs on the page of other languages are parts of the examples, which are deployed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.blocks import blocks

_PROJECT = Path(__file__).parents[2]


@pytest.mark.parametrize(("language", "program"), [("typescript", "25-typescript/index.ts"), ("go", "26-go/main.go")])
def test_a_gateway_on_the_page_is_the_one_of_the_example(language: str, program: str) -> None:
    (block,) = (it for it in blocks(_PROJECT / "docs" / "languages.md") if it.language == language)
    declaration = _stripped(block.text.partition("})")[0])
    assert "orders" in declaration
    assert declaration in _stripped((_PROJECT / "examples" / program).read_text(encoding="utf-8"))


def _stripped(program: str) -> str:
    return "\n".join(line.strip() for line in program.strip().splitlines())
