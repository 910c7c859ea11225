"""Threads on a clock that a test owns: one runs at a time, and time passes when all of them wait.

What happens is the same in every run, since threads change only where they wait: in a sleep or for a condition.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections import deque
from collections.abc import Callable

from simulated_aws import Clock, Killed


class _Thread:
    """One thread, which runs when it gets its turn."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.turn = threading.Semaphore(0)
        self.work = work
        self.waits = 0
        """Number of its latest wait: a timer of an older one means nothing."""
        self.error: BaseException | None = None
        self.ended = False


class SimulatedTime(Clock):
    """The clock of threads that `start` has started. For all other threads a sleep is over at once."""

    def __init__(self) -> None:
        super().__init__()
        self._own = threading.local()
        self._back = threading.Semaphore(0)
        self._threads: list[_Thread] = []
        self._runnable: deque[_Thread] = deque()
        self._timers: list[tuple[float, int, _Thread, int]] = []
        self._numbers = itertools.count()

    def start(self, work: Callable[[], object]) -> None:
        """Start a thread; it runs in `run`."""
        thread = _Thread(work)
        self._threads.append(thread)
        self._runnable.append(thread)
        threading.Thread(target=self._live, args=(thread,), daemon=True).start()

    def run(self) -> None:
        """Run all threads until they have ended. Raises the first error of one."""
        while self._runnable or self._timers:
            if not self._runnable:
                moment, _, thread, wait = heapq.heappop(self._timers)
                if thread.ended or thread.waits != wait:
                    continue
                self.time = max(self.time, moment)
                self._runnable.append(thread)
            thread = self._runnable.popleft()
            thread.turn.release()
            self._back.acquire()
        threads, self._threads = self._threads, []
        for thread in threads:
            if thread.error is not None:
                raise thread.error
        assert all(it.ended for it in threads), "threads wait for each other"

    def sleep(self, seconds: float) -> None:
        if not self.alive:
            raise Killed
        if self._thread is None:
            super().sleep(seconds)
        else:
            self.wait(seconds)

    def condition(self) -> threading.Condition:
        return _Condition(self)

    def wait(self, seconds: float | None) -> None:
        """Let others run until somebody wakes this thread up, or the seconds have passed."""
        thread = self._thread
        assert thread is not None
        thread.waits += 1
        if seconds is not None:
            heapq.heappush(self._timers, (self.time + seconds, next(self._numbers), thread, thread.waits))
        self._back.release()
        thread.turn.acquire()
        thread.waits += 1

    def wake(self, thread: _Thread) -> None:
        """Let a thread that waits run."""
        thread.waits += 1
        self._runnable.append(thread)

    @property
    def _thread(self) -> _Thread | None:
        return getattr(self._own, "thread", None)

    def _live(self, thread: _Thread) -> None:
        self._own.thread = thread
        thread.turn.acquire()
        try:
            thread.work()
        except BaseException as error:
            thread.error = error
        thread.ended = True
        self._back.release()


class _Condition(threading.Condition):
    """A condition of threads of which one runs at a time, so it needs no lock."""

    def __init__(self, time: SimulatedTime) -> None:
        super().__init__()
        self._time = time
        self._sleepers: list[_Thread] = []

    def __enter__(self) -> bool:
        return True

    def __exit__(self, *_: object) -> None:
        return None

    def wait(self, timeout: float | None = None) -> bool:
        thread = self._time._thread
        assert thread is not None, "nobody else could wake the main thread up"
        self._sleepers.append(thread)
        self._time.wait(timeout)
        woken = thread not in self._sleepers
        if not woken:
            self._sleepers.remove(thread)
        return woken

    def notify(self, n: int = 1) -> None:
        for thread in self._sleepers[:n]:
            self._sleepers.remove(thread)
            self._time.wake(thread)

    def notify_all(self) -> None:
        self.notify(len(self._sleepers))
