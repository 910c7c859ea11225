"""Time that passes only when somebody sleeps."""

from __future__ import annotations

import pytest


class FakeClock:
    """Starts at 1000 and remembers every sleep."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()
