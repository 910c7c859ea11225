"""One request serves all who wait: a list that one thread fetches is news for every thread that waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Generic, TypeVar

from agentcore_provider.aws.waiting import Clock

T = TypeVar("T")


class _Entry(Generic[T]):
    """The latest answer of one key."""

    def __init__(self, clock: Clock) -> None:
        self.changed = clock.condition()
        self.began = float("-inf")
        self.answer: Mapping[str, T] = {}
        self.fetching = False
        self.waiting = 0


class StatusCache(Generic[T]):
    """The latest answer per key, no older than the reader allows."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: dict[str, _Entry[T]] = {}

    def read(self, key: str, fetch: Callable[[], Mapping[str, T]], *, since: float) -> Mapping[str, T]:
        """The answer of the key, fetched at or after `since` on the clock."""
        entry = self._entry(key)
        with entry.changed:
            while entry.began < since and entry.fetching:
                entry.changed.wait()
            if entry.began >= since:
                return entry.answer
            entry.fetching = True
        began = self._clock.now()
        try:
            answer = fetch()
        except BaseException:
            with entry.changed:
                entry.fetching = False
                entry.changed.notify_all()
            raise
        with entry.changed:
            entry.fetching, entry.began, entry.answer = False, began, answer
            entry.changed.notify_all()
        return answer

    def sleep(self, key: str, seconds: float, *, since: float) -> float:
        """Let the seconds pass, unless somebody fetches an answer before, and wait for one that is on its way.

        Returns the moment from which on an answer is new: that of the fetch, if it began at or after `since`, or now.
        """
        entry, until = self._entry(key), self._clock.now() + seconds
        with entry.changed:
            known = entry.began
            while not (news := entry.began > known and entry.began >= since):
                left = until - self._clock.now()
                if left <= 0 and not entry.fetching:
                    break
                entry.changed.wait(None if entry.fetching else left)
            return entry.began if news else self._clock.now()

    @contextmanager
    def waiting(self, key: str) -> Iterator[None]:
        """Count this thread among those that wait for the key."""
        entry = self._entry(key)
        with entry.changed:
            entry.waiting += 1
        try:
            yield
        finally:
            with entry.changed:
                entry.waiting -= 1

    def is_shared(self, key: str) -> bool:
        """Whether several threads wait for the key."""
        entry = self._entry(key)
        with entry.changed:
            return entry.waiting > 1

    def _entry(self, key: str) -> _Entry[T]:
        with self._lock:
            if key not in self._entries:
                self._entries[key] = _Entry(self._clock)
            return self._entries[key]
