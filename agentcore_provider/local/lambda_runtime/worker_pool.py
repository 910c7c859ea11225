"""The warm workers of one function: each runs one invocation at a time, as many side by side as are called for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from agentcore_provider.local.lambda_runtime.worker import Worker

WORKERS_KEPT = 4
"""Idle workers of a function that wait for the next calls."""
IDLE_SECONDS = 600.0  # a worker nobody called for so long makes room
SURPLUS_SECONDS = 10.0  # idle workers beyond WORKERS_KEPT, which the next burst would want again


class WorkerPool:
    """Hands out workers, the most recently used first, and starts one when all are busy.

    Nobody waits for another's invocation to end: a function that calls itself, directly or through a gateway, would wait
    for itself.
    """

    def __init__(self, fingerprint: str, start: Callable[[], Worker]) -> None:
        self.fingerprint = fingerprint
        self._start = start
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._closed = False
        self._lock = threading.Lock()

    @property
    def busy(self) -> int:
        """How many workers have an invocation."""
        return len(self._busy)

    def take(self) -> Worker:
        """A worker for one invocation."""
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.alive:
                    self._busy.add(worker)
                    return worker
                worker.close()
        worker = self._start()
        with self._lock:
            # If the pool was closed meanwhile, the worker serves this one call and is closed in `give_back`.
            if not self._closed:
                self._busy.add(worker)
        return worker

    def give_back(self, worker: Worker) -> None:
        """Return a worker; one that died or that is no longer wanted is closed."""
        with self._lock:
            self._busy.discard(worker)
            keep = worker.alive and not self._closed
            if keep:
                worker.idle_since = time.monotonic()
                self._idle.append(worker)
        if not keep:
            worker.close()

    def prune(self) -> None:
        """Close the workers that nobody called for IDLE_SECONDS, and the surplus after SURPLUS_SECONDS."""
        now = time.monotonic()
        with self._lock:
            # The most recently used are last.
            surplus = len(self._idle) - WORKERS_KEPT
            stale = [
                worker
                for place, worker in enumerate(self._idle)
                if now - worker.idle_since >= (SURPLUS_SECONDS if place < surplus else IDLE_SECONDS)
            ]
            self._idle = [worker for worker in self._idle if worker not in stale]
        for worker in stale:
            worker.close()

    def close(self, *, busy_too: bool) -> None:
        """Close the idle workers, and the busy ones too or each when its invocation is over."""
        with self._lock:
            self._closed = True
            workers = [*self._idle, *(self._busy if busy_too else ())]
            self._idle = []
        for worker in workers:
            worker.close()
