"""The commit-msg hook refuses what the history of this repository does not have."""

from __future__ import annotations

import pytest

from engine.commit_message import problems


@pytest.mark.parametrize(
    "message",
    [
        "Read a stack once\n\nIt was read twice.\n",
        "Merge branch 'main'\n",
        "Read a stack once\n# a comment of git\n\nIt was read twice.\n",
    ],
)
def test_accepts(message: str) -> None:
    """A subject, a blank line, a body; and what git writes."""
    assert problems(message) == []


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        ("", "first line is empty"),
        ("Read a stack once\n", "no body"),
        ("Read a stack once\n\n# comment\n", "no body"),
        ("Read a stack once\nIt was read twice.\n", "second line is not blank"),
        (f"{'x' * 61}\n\nwhy\n", "61 characters"),
    ],
)
def test_refuses(message: str, problem: str) -> None:
    """One line for what to change."""
    assert problem in "\n".join(problems(message))
