"""Send no faster than the service takes requests, over all threads of the process.

A window slides over the requests of one rate: a request goes when fewer than the allowed number were in AWS's hands
within the last second. AWS counts a request somewhere between its sending and its answer, so a place is free again
one second after the answer, or after the time a request takes to get there, when the answer takes longer: whatever
the threads and the network do, no second sees more than the rate.

Where AWS throttles all the same, because others use the account too or its limit is lower, the rate is halved, and
then grows back by a tenth of itself a second: additive increase, multiplicative decrease, as TCP does.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from agentcore_provider.aws.slots import Slots
from agentcore_provider.aws.waiting import Clock

SECOND = 1.0
# A request that was sent this long ago has been counted, even if AWS is still at work on it. Between two busy processes
# of one machine requests are on their way for half a second.
ARRIVAL_SECONDS = 1.0
SLOWEST_A_SECOND = 0.2


class Request:
    """A request that has a place in the window: given it at `granted`, sent and answered later."""

    def __init__(self, granted: float) -> None:
        self.granted = granted
        self.sent: float | None = None
        self.answered: float | None = None

    def counted_by(self, now: float) -> float:
        """When AWS has counted the request for certain, or at the earliest, as far as that is known now."""
        answered = now if self.answered is None else self.answered
        return answered if self.sent is None else min(answered, self.sent + ARRIVAL_SECONDS)


class Window:
    """Who may send now: pure bookkeeping, of one thread at a time.

    per_second: the most that the service takes in any one second.
    """

    def __init__(self, per_second: float) -> None:
        self._most = float(per_second)
        self.allowed = self._most
        """Requests a second that are let go now: fewer than the most after AWS throttled."""
        self._requests: list[Request] = []
        self._shrunk = float("-inf")

    def enter(self, now: float) -> Request | float:
        """A place for a request that goes now, or the seconds after which it is worth asking again."""
        places, seconds = (int(self.allowed), SECOND) if self.allowed >= 1 else (1, SECOND / self.allowed)
        self._requests = [it for it in self._requests if it.counted_by(now) + seconds > now]
        if len(self._requests) < places:
            request = Request(now)
            self._requests.append(request)
            return request
        # All of these are lower bounds, so nobody sleeps too long; the next to be free decides.
        free = sorted(it.counted_by(now) + seconds for it in self._requests)
        return free[len(free) - places] - now

    def took(self) -> None:
        """AWS took a request: allow a little more."""
        self.allowed = min(self._most, self.allowed + self._most / 10 / max(self.allowed, 1.0))

    def throttled(self, request: Request, now: float) -> None:
        """AWS throttled the request: allow half, once for all that were under way together."""
        if request.granted > self._shrunk:
            self.allowed = max(self.allowed / 2, SLOWEST_A_SECOND)
            self._shrunk = now


class RateLimiter:
    """A window for many threads, which stand in line for it.

    per_second: the most that the service takes in any one second.
    """

    def __init__(self, per_second: float, clock: Clock) -> None:
        self._clock = clock
        self._window = Window(per_second)
        self._line = Slots(clock, 1)
        self._lock = threading.Lock()

    @property
    def allowed(self) -> float:
        """Requests a second that are let go now."""
        return self._window.allowed

    @contextmanager
    def request(self) -> Iterator[Request]:
        """Wait for a place and hold it until the request is answered, whatever the answer is."""
        request = self._enter()
        try:
            yield request
        finally:
            with self._lock:
                request.answered = self._clock.now()

    def took(self) -> None:
        """AWS took a request."""
        with self._lock:
            self._window.took()

    def throttled(self, request: Request) -> None:
        """AWS throttled the request."""
        with self._lock:
            self._window.throttled(request, self._clock.now())

    def _enter(self) -> Request:
        with self._line.taken():
            while True:
                with self._lock:
                    place = self._window.enter(self._clock.now())
                if isinstance(place, Request):
                    return place
                self._clock.sleep(max(place, 0.001))
