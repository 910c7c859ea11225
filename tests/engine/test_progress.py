"""Progress: what is done, and how long it took if that is worth telling."""

from __future__ import annotations

import io

import pytest

from engine.progress import Progress


def test_a_long_step_reports_how_long_it_took() -> None:
    reported, clock = io.StringIO(), iter([0.0, 65.0])
    with Progress(reported, clock=lambda: next(clock)).step("Building"):
        pass
    assert reported.getvalue() == "Building ...\n  took 65 s\n"


def test_a_short_step_is_one_line_and_a_failed_one_leaves_the_word_to_its_error() -> None:
    reported, clock = io.StringIO(), iter([0.0, 0.1, 5.0, 90.0])
    progress = Progress(reported, clock=lambda: next(clock))
    with progress.step("Fetching"):
        pass
    with pytest.raises(OSError, match="gone"), progress.step("Building"):
        raise OSError("gone")
    assert reported.getvalue() == "Fetching ...\nBuilding ...\n"
