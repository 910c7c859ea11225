"""docs/performance.md takes the results between its marks."""

from __future__ import annotations

from docs import performance
from tests.bench.results import Result
from tests.bench.rows import ROWS
from tests.bench.test_results import UP

RESULT = Result(ROWS[0].name, ROWS[0].title, "2026-01-02", "a machine", (0.5, 1.5), 3, [UP], {}, [], {})


def test_figures_replace_figures() -> None:
    """What is written by hand stays, and writing twice changes nothing."""
    text = performance.PAGE.read_text(encoding="utf-8")
    assert text.count(performance.BEGIN) == text.count(performance.END) == 1
    once = performance.page(text, {RESULT.row: RESULT})
    assert "3.00 s (2.00 to 4.00)" in once
    assert once.partition(performance.BEGIN)[0] == text.partition(performance.BEGIN)[0]
    assert performance.page(once, {RESULT.row: RESULT}) == once


def test_rows_that_were_not_measured_are_named() -> None:
    """Every row is either in the page or named as missing."""
    text = performance.page(performance.BEGIN + performance.END, {RESULT.row: RESULT})
    assert f"### {RESULT.title}" in text
    assert all(f"`{row.name}`" in text for row in ROWS[1:])
