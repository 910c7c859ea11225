"""What all threads of the process share of the limits of one account and Region."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from agentcore_provider.aws.clock import Clock
from agentcore_provider.aws.governor import Governor
from agentcore_provider.aws.rates import TARGET_OPERATIONS_IN_FLIGHT, rate_of


class Pacing:
    """The governors of one account and Region, and the places for target operations of its gateways."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._governors: dict[tuple[str, str], Governor] = {}
        self._places: defaultdict[str, threading.BoundedSemaphore] = defaultdict(
            lambda: threading.BoundedSemaphore(TARGET_OPERATIONS_IN_FLIGHT)
        )

    def governor(self, service: str, operation: str) -> Governor:
        """Lets an operation's requests go."""
        rate = rate_of(service, operation)
        with self._lock:
            governor = self._governors.get((service, rate.name))
            if governor is None:
                governor = self._governors[service, rate.name] = Governor(rate.per_second, self._clock)
            return governor

    @contextmanager
    def target_operation(self, gateway_id: str, tell: Callable[[str], None]) -> Iterator[None]:
        """Hold one of the five target operations that a gateway runs at a time, until it has arrived.

        tell: is told when all five are taken.
        """
        with self._lock:
            place = self._places[gateway_id]
        if not place.acquire(blocking=False):
            tell("waiting for one of the gateway's five places for target operations")
            place.acquire()
        try:
            yield
        finally:
            place.release()
