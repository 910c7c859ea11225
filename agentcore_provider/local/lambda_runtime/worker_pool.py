"""The warm workers of one function: each runs one invocation at a time, a few run side by side."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from agentcore_provider.local.lambda_runtime.worker import Worker

WORKERS_PER_FUNCTION = 4
IDLE_SECONDS = 600.0  # a worker nobody called for so long makes room


class WorkerPool:
    """Hands out workers, the most recently used first, and starts one when all are busy."""

    def __init__(self, fingerprint: str, start: Callable[[], Worker]) -> None:
        self.fingerprint = fingerprint
        self._start = start
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._starting = 0
        self._closed = False
        self._changed = threading.Condition()

    def take(self) -> Worker:
        """A worker for one invocation; waits for one while WORKERS_PER_FUNCTION are busy."""
        with self._changed:
            while True:
                while self._idle:
                    worker = self._idle.pop()
                    if worker.alive:
                        self._busy.add(worker)
                        return worker
                    worker.close()
                if len(self._busy) + self._starting < WORKERS_PER_FUNCTION:
                    self._starting += 1
                    break
                self._changed.wait()
        try:
            worker = self._start()
        except BaseException:
            with self._changed:
                self._starting -= 1
                self._changed.notify()
            raise
        with self._changed:
            self._starting -= 1
            if not self._closed:
                self._busy.add(worker)
                return worker
        # No longer wanted since it began to start: it serves this one call and is closed in `give_back`.
        return worker

    def give_back(self, worker: Worker) -> None:
        """Return a worker; one that died or that is no longer wanted is closed."""
        with self._changed:
            self._busy.discard(worker)
            keep = worker.alive and not self._closed
            if keep:
                worker.idle_since = time.monotonic()
                self._idle.append(worker)
            self._changed.notify()
        if not keep:
            worker.close()

    def prune(self) -> None:
        """Close the workers that nobody called for IDLE_SECONDS."""
        oldest = time.monotonic() - IDLE_SECONDS
        with self._changed:
            stale = [worker for worker in self._idle if worker.idle_since < oldest]
            self._idle = [worker for worker in self._idle if worker.idle_since >= oldest]
        for worker in stale:
            worker.close()

    def close(self, *, busy_too: bool) -> None:
        """Close the idle workers, and the busy ones too or each when its invocation is over."""
        with self._changed:
            self._closed = True
            workers = [*self._idle, *(self._busy if busy_too else ())]
            self._idle = []
            self._changed.notify_all()
        for worker in workers:
            worker.close()
