"""Slots for a number of threads at a time: who comes first is served first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

from agentcore_provider.aws.waiting import Clock


class Slots:
    """So many threads at a time."""

    def __init__(self, clock: Clock, number: int) -> None:
        self._changed = clock.condition()
        self._free = number
        self._waiting = 0
        # Slots that were handed on to a thread that waits, which has yet to wake up.
        self._handed_on = 0

    def take(self, full: Callable[[], None] = lambda: None) -> None:
        """Take a slot, when there is one. full: is called when all are taken."""
        with self._changed:
            if self._free:
                self._free -= 1
                return
            self._waiting += 1
        # Outside: a report goes to the engine and back.
        full()
        with self._changed:
            while not self._handed_on:
                self._changed.wait()
            self._handed_on -= 1

    def release(self) -> None:
        """Hand the slot on."""
        with self._changed:
            if self._waiting:
                self._waiting -= 1
                self._handed_on += 1
                self._changed.notify()
            else:
                self._free += 1

    @contextmanager
    def taken(self, full: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Take a slot for as long as the block lasts."""
        self.take(full)
        try:
            yield
        finally:
            self.release()


class Slot:
    """One of these slots for one thread, which takes and releases it as its work goes on. Free after the block."""

    def __init__(self, slots: Slots, full: Callable[[], None]) -> None:
        self._slots, self._full = slots, full
        self._held = False

    def take(self) -> None:
        """Take the slot, unless it is held already."""
        if not self._held:
            self._slots.take(self._full)
            self._held = True

    def release(self) -> None:
        """Hand the slot on, if it is held."""
        if self._held:
            self._held = False
            self._slots.release()

    def __enter__(self) -> Slot:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.release()
