"""A signal that ends the command ends what it has started, in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agentcore_provider.cli.signals import ending_in_order, forwarded_to

# Prints when it is ready, and whether it was asked to end.
_CHILD = """
import os, signal
def end(number, frame):
    os.write(1, b"SIGINT\\n")
    os._exit(0)
signal.signal(signal.SIGINT, end)
os.write(1, b"ready\\n")
signal.pause()
"""
_SIGNALS = [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit), (signal.SIGHUP, SystemExit)]


@pytest.mark.parametrize(("number", "error"), _SIGNALS, ids=[it.name for it, _ in _SIGNALS])
def test_the_engine_is_interrupted_and_waited_for(number: signal.Signals, error: type[BaseException]) -> None:
    """Whatever ends the command, the engine gets the one signal at which it saves its state, and gets it once."""
    command = [sys.executable, "-c", _CHILD]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        before = signal.getsignal(number)
        with pytest.raises(error):
            _signalled_twice(process, number)
        assert (process.returncode, process.stdout.read()) == (0, "SIGINT\n")
        assert signal.getsignal(number) is before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_has_begun_is_undone(tmp_path: Path, number: signal.Signals) -> None:
    """Python itself would end at once, and leave drafts behind."""
    draft = tmp_path / "draft"
    with pytest.raises(SystemExit) as ended:
        _signalled_with(draft, number)
    assert (ended.value.code, draft.exists()) == (128 + number, False)


def test_what_is_ignored_stays_ignored() -> None:
    """As under nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ending_in_order():
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def _signalled_twice(process: subprocess.Popen[str], number: signal.Signals) -> None:
    with forwarded_to(process):
        os.kill(os.getpid(), number)
        os.kill(os.getpid(), number)


def _signalled_with(draft: Path, number: signal.Signals) -> None:
    with ending_in_order():
        draft.touch()
        try:
            os.kill(os.getpid(), number)
            signal.pause()
        finally:
            draft.unlink()
