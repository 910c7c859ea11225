"""Signals that end a command: the engine gets them first, saves its state and releases its lock."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator

from agentcore_provider.cli.terminal import say_if_open

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_ONE_SIGNAL = 1.0
"""Seconds within which signals count as one: some shells and supervisors send it to a process and to its group."""


@contextlib.contextmanager
def ending_in_order() -> Iterator[None]:
    """Makes SIGTERM and SIGHUP end the block as Ctrl-C does: what was started is undone or finished."""

    def end(number: int, _frame: object) -> None:
        raise _ended_by(number)

    with _handled(end, (signal.SIGTERM, signal.SIGHUP)):
        yield


@contextlib.contextmanager
def forwarded_to(process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> Iterator[None]:
    """Passes Ctrl-C, SIGTERM and SIGHUP on to a process that leads a group of its own, and waits until it has ended.

    Raises KeyboardInterrupt or SystemExit at the end of the block if one came. At the first the engine finishes its
    current operations, at the second it ends at once; the third kills it.
    """
    came: list[int] = []
    last = 0.0

    def forward(number: int, _frame: object) -> None:
        nonlocal last
        now = time.monotonic()
        if came and now - last < _ONE_SIGNAL:
            return
        last = now
        came.append(number)
        with contextlib.suppress(ProcessLookupError):
            if len(came) > 2:
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.send_signal(signal.SIGINT)
        if len(came) == 1:
            say_if_open(
                "Stopping: the engine finishes its current operations and saves its state; press Ctrl-C again to stop at once"
            )

    with _handled(forward, _ENDING):
        yield
        process.wait()
    if came:
        raise _ended_by(came[0])


def _ended_by(number: int) -> BaseException:
    return KeyboardInterrupt() if number == signal.SIGINT else SystemExit(128 + number)


@contextlib.contextmanager
def _handled(handler: Callable[[int, object], None], numbers: tuple[signal.Signals, ...]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in numbers}
    # Ignored signals, as under nohup, stay ignored.
    before = {number: was for number, was in before.items() if was is not signal.SIG_IGN}
    for number in before:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number, was in before.items():
            signal.signal(number, was)
