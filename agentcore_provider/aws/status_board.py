"""One look serves all who wait: many threads asking for the same list within a moment share one answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from agentcore_provider.aws.clock import Clock


class StatusBoard:
    """The latest answer per key, no older than the reader allows.

    look: fetches the answer of a key from AWS.
    """

    def __init__(self, look: Callable[[str], Mapping[str, Any]], clock: Clock) -> None:
        self._look = look
        self._clock = clock
        self._lock = threading.Lock()
        self._looking: dict[str, threading.Lock] = {}
        self._seen: dict[str, tuple[float, Mapping[str, Any]]] = {}

    def read(self, key: str, *, since: float) -> Mapping[str, Any]:
        """The answer of the key, from a look that began at or after `since` on the clock."""
        with self._lock:
            looking = self._looking.setdefault(key, threading.Lock())
        with looking:
            began, answer = self._seen.get(key, (float("-inf"), {}))
            if began < since:
                began = self._clock.now()
                answer = self._look(key)
                self._seen[key] = (began, answer)
            return answer
