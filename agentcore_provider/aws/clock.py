"""Time, handed in, so that tests spend none."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """What waiting needs of time."""

    def now(self) -> float:
        """Seconds on a clock that never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let that many seconds pass."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)
