"""Writing to log groups, which requests do at the same time."""

from __future__ import annotations

import threading

from moto.logs.models import LogGroup

_writing = threading.Lock()  # moto's streams are not safe for several threads


def write(group: LogGroup, stream: str, timestamp: int, message: str) -> None:
    """Add an event to a stream of the group, which is made for its first one. timestamp: milliseconds since the epoch."""
    with _writing:
        if stream not in group.streams:
            group.create_log_stream(stream)
        group.put_log_events(stream, [{"timestamp": timestamp, "message": message}])
