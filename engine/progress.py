"""Lines that say what a setup does, and that it still does it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TextIO

_WORTH_TELLING_SECONDS = 2


class Progress:
    """Prints the progress of a long step: on a terminal every second, in a log every 20 seconds."""

    def __init__(self, stream: TextIO | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream or sys.stdout
        self._clock = clock
        self._is_terminal = self._stream.isatty()
        self._beat_seconds = 1.0 if self._is_terminal else 20.0

    def say(self, line: str) -> None:
        """One line."""
        print(line, file=self._stream, flush=True)

    @contextmanager
    def step(self, what: str, detail: Callable[[], str] = lambda: "") -> Iterator[None]:
        """A step that takes a while. detail: how far it is, asked at each sign of life."""
        self.say(f"{what} ...")
        started = self._clock()
        over = Event()

        def beat() -> None:
            while not over.wait(self._beat_seconds):
                self._sign_of_life(what, detail(), self._clock() - started)

        thread = Thread(target=beat, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
            if self._is_terminal:
                self._stream.write("\r\033[K")
                self._stream.flush()
        if (seconds := self._clock() - started) >= _WORTH_TELLING_SECONDS:
            self.say(f"  took {seconds:.0f} s")

    def _sign_of_life(self, what: str, detail: str, seconds: float) -> None:
        line = f"  {what}: {detail + ', ' if detail else ''}{seconds:.0f} s"
        if self._is_terminal:
            self._stream.write(f"\r\033[K{line}")
            self._stream.flush()
        else:
            self.say(line)
