"""Stay below the service's rates, over all threads of the process.

Source: https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/bedrock-agentcore-limits.html
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from agentcore_provider.aws.clock import Clock

# A tenth below the published rates: requests bunch up on their way.
WRITES_A_SECOND = 4.5
READS_A_SECOND = 9.0
TARGET_OPERATIONS_IN_FLIGHT = 5


class Pacer:
    """Hands out moments to send at, evenly spaced after a short burst.

    per_second: sustained rate. burst: requests that may go at once after a pause.
    """

    def __init__(self, per_second: float, clock: Clock, burst: int = 3) -> None:
        self._gap = 1 / per_second
        self._credit = self._gap * (burst - 1)
        self._clock = clock
        self._lock = threading.Lock()
        self._next = float("-inf")

    def wait_turn(self) -> None:
        with self._lock:
            now = self._clock.now()
            moment = max(now, self._next)
            self._next = max(self._next, now - self._credit) + self._gap
        if moment > now:
            self._clock.sleep(moment - now)


class Pacing:
    """The pacers of one account and Region, by service operation."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._pacers: dict[str, Pacer] = {}
        self._slots: defaultdict[str, threading.BoundedSemaphore] = defaultdict(
            lambda: threading.BoundedSemaphore(TARGET_OPERATIONS_IN_FLIGHT)
        )

    def wait_turn(self, operation: str) -> None:
        """Wait until the AgentCore operation may be sent: each write has a rate, reads share one."""
        reads = operation.startswith(("Get", "List"))
        key = "reads" if reads else operation
        with self._lock:
            pacer = self._pacers.get(key)
            if pacer is None:
                pacer = Pacer(READS_A_SECOND if reads else WRITES_A_SECOND, self._clock)
                self._pacers[key] = pacer
        pacer.wait_turn()

    @contextmanager
    def target_operation(self, gateway_id: str, tell: Callable[[str], None]) -> Iterator[None]:
        """Hold one of the five target operations that a gateway runs at a time, until it has arrived.

        tell: is told when all five are taken.
        """
        with self._lock:
            slot = self._slots[gateway_id]
        if not slot.acquire(blocking=False):
            tell("waiting for one of the gateway's five places for target operations")
            slot.acquire()
        try:
            yield
        finally:
            slot.release()
