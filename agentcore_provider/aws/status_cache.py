"""One request serves all who wait: threads that ask for the same list within a moment share one answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from agentcore_provider.aws.waiting import Clock

T = TypeVar("T")


class StatusCache(Generic[T]):
    """The latest answer per key, no older than the reader allows."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._fetching: dict[str, threading.Lock] = {}
        self._answers: dict[str, tuple[float, Mapping[str, T]]] = {}

    def read(self, key: str, fetch: Callable[[], Mapping[str, T]], *, since: float) -> Mapping[str, T]:
        """The answer of the key, fetched at or after `since` on the clock."""
        with self._lock:
            fetching = self._fetching.setdefault(key, threading.Lock())
        with fetching:
            began, answer = self._answers.get(key, (float("-inf"), {}))
            if began < since:
                began = self._clock.now()
                answer = fetch()
                self._answers[key] = (began, answer)
            return answer
