"""The requests that local AWS received, for tests that count calls."""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime, timezone

_MOST_KEPT = 20_000
_LONGEST_NAME = 200


class RequestLog:
    """The latest calls, oldest first."""

    def __init__(self) -> None:
        self._calls: deque[dict[str, object]] = deque(maxlen=_MOST_KEPT)
        self._lock = threading.Lock()

    def add(self, service: str, operation: str, status: int) -> None:
        """Record a call that was answered. status: the HTTP status; 0 if the answer was withheld."""
        time = datetime.now(timezone.utc).isoformat()
        # Both are what the caller wrote.
        service, operation = service[:_LONGEST_NAME], operation[:_LONGEST_NAME]
        with self._lock:
            self._calls.append({"time": time, "service": service, "operation": operation, "status": status})

    def list(self) -> list[dict[str, object]]:
        """All calls that are kept."""
        with self._lock:
            return list(self._calls)

    def clear(self) -> None:
        """Forget them."""
        with self._lock:
            self._calls.clear()
