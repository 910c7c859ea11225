"""Installing packages: nothing if nothing changed, one line if it fails."""

from __future__ import annotations

import pytest

from engine.packages import explain


@pytest.mark.parametrize(
    ("reported", "line"),
    [
        (
            "WARNING: Retrying after connection broken by 'NewConnectionError(...)'\n"
            "ERROR: Could not find a version that satisfies the requirement pip>=25.1\n",
            "the package index does not answer: check the network",
        ),
        ("ERROR: Could not install packages: [Errno 28] No space left on device\n", "make room on the disk"),
        ("ERROR: Cannot install a and b: conflict\nmore\n", "Cannot install a and b: conflict: fix that"),
        ("", "pip printed nothing"),
    ],
)
def test_every_failure_is_one_line_with_its_cure(reported: str, line: str) -> None:
    explained = explain(reported)
    assert explained.startswith("Installing the Python packages failed: ")
    assert line in explained
    assert "\n" not in explained
