"""Look when something can have changed: how long AWS takes for what it has accepted is learned in this run.

The first look at a create, update or delete is due when most of the latest ones had arrived, and short steps follow.
While nothing is known the steps begin at once, and grow with the time that they have taken already.
"""

from __future__ import annotations

import statistics
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from agentcore_provider.aws.waiting import LONGEST_PAUSE, Clock, wait_until

T = TypeVar("T")

REMEMBERED = 5
"""Arrivals of one operation that are remembered: what AWS is like now counts."""
UNKNOWN_STEP, KNOWN_STEP = 0.1, 0.05
GROWTH = 0.1
"""A step's share of the time since the first look was due: so much of a wait may be in vain at most."""
LONGEST_SLEEP = 10.0
"""Seconds after which progress is reported, however long it has taken before."""
EARLIER = 0.04
"""Seconds by which what the first look found arrived may have been so earlier, where nothing else shows it."""


@dataclass(frozen=True)
class Accepted:
    """An operation that AWS has accepted, and when it answered so."""

    operation: str
    moment: float


class Arrivals:
    """Between which moments operations arrived, in seconds from their answer: when they were pending, and when not."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._latest: defaultdict[str, deque[tuple[float, float]]] = defaultdict(lambda: deque(maxlen=REMEMBERED))

    def expected(self, operation: str) -> float:
        """Seconds after which most of the latest had arrived; 0 while nothing is known."""
        with self._lock:
            latest = self._latest[operation]
            return statistics.median_high((pending + arrived) / 2 for pending, arrived in latest) if latest else 0.0

    def note(self, operation: str, *, pending: float | None, arrived: float) -> None:
        """Note one that has arrived.

        pending: seconds after which it was last found on its way; None if it never was. arrived: when it was found.
        """
        with self._lock:
            latest = self._latest[operation]
            if pending is None:
                # As late as others were pending, it may have been as well.
                pending = max((it for it, _ in latest if it < arrived), default=arrived - EARLIER)
            latest.append((max(pending, 0.0), arrived))

    def wait(
        self,
        observe: Callable[[], T],
        arrived: Callable[[T], bool],
        *,
        accepted: Accepted | None,
        sleep: Callable[[float], None],
        timeout: float,
        report: Callable[[str], None],
        waiting_for: str,
        cure: str,
    ) -> T:
        """Observe until what is observed has arrived, return it, and learn how long it took.

        accepted: what is waited for; None for what was going on already. sleep: see `looks`. Raises WaitTimeout.
        """
        pending: float | None = None

        def look() -> tuple[float, T]:
            return self._clock.now(), observe()

        def is_there(found: tuple[float, T]) -> bool:
            nonlocal pending
            looked, observed = found
            there = arrived(observed)
            if accepted is not None:
                spent = looked - accepted.moment
                if there:
                    self.note(accepted.operation, pending=pending, arrived=spent)
                pending = spent
            return there

        expected = self.expected(accepted.operation) if accepted is not None else 0.0
        _, observed = wait_until(
            look,
            is_there,
            clock=self._clock,
            timeout=timeout,
            report=report,
            waiting_for=waiting_for,
            cure=cure,
            due=looks(self._clock, timeout, expected=expected, sleep=sleep),
        )
        return observed


def looks(
    clock: Clock, timeout: float, *, expected: float, sleep: Callable[[float], None] | None = None
) -> Iterator[float]:
    """Yield the seconds spent so far whenever a look is due, until the time is up.

    expected: seconds after which most had arrived; 0 if that is not known. sleep: may return before its time, when
    there is something to look at already.
    """
    start = clock.now()
    step = KNOWN_STEP if expected else UNKNOWN_STEP
    sleep = sleep or clock.sleep
    if expected:
        sleep(min(expected, LONGEST_SLEEP, timeout))
    while True:
        yield clock.now() - start
        spent = clock.now() - start
        if spent >= timeout:
            return
        early = expected - spent
        # No sleep is as exact as a float.
        pause = min(early, LONGEST_SLEEP) if early > 0.001 else min(max(step, -early * GROWTH), LONGEST_PAUSE)
        sleep(min(pause, timeout - spent))
