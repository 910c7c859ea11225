"""Keeps requests to AWS out while the state is read, and waits for those that are being answered."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator


class Gate:
    """Open to any number of requests, or closed for one reader."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._closing = threading.Lock()
        self._inside = 0
        self._is_closed = False

    @contextlib.contextmanager
    def passing(self) -> Iterator[None]:
        """Answer a request, once the gate is open."""
        with self._condition:
            self._condition.wait_for(lambda: not self._is_closed)
            self._inside += 1
        try:
            yield
        finally:
            with self._condition:
                self._inside -= 1
                self._condition.notify_all()

    @contextlib.contextmanager
    def closed(self, patience: float) -> Iterator[None]:
        """Let no request in. patience: seconds to wait for those inside, which may wait for requests of their own."""
        with self._closing:
            with self._condition:
                self._condition.wait_for(lambda: self._inside == 0, patience)
                self._is_closed = True
            try:
                yield
            finally:
                with self._condition:
                    self._is_closed = False
                    self._condition.notify_all()
