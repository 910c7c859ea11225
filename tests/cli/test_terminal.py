"""What the command shows on a terminal."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout

import pytest

from agentcore_provider.cli.terminal import progress, say, stdout


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("tell", [say, lambda text: stdout().print(text)], ids=["say", "answer"])
def test_a_line_reported_meanwhile_is_not_drawn_behind_what_shows_progress(
    tell: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes that line away first."""
    terminal = _Terminal()
    monkeypatch.setenv("TERM", "xterm")
    with redirect_stdout(terminal), redirect_stderr(terminal), progress("Looking"), progress("Looking closer"):
        limit = time.monotonic() + 10
        while "Looking" not in terminal.getvalue() and time.monotonic() < limit:
            time.sleep(0.01)
        tell("made it")
    before, _, after = terminal.getvalue().partition("made it")
    assert before.endswith("\x1b[2K")
    assert after.startswith("\n")
