"""How `--follow` waits before it reads logs again."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentcore_provider.aws.connection import Connection

Pause = Callable[[bool], object]
"""Waits before the next read. It gets whether the last one had anything new."""

# FilterLogEvents: 5 requests a second in an account and Region, of which others need some as well
# (https://repost.aws/knowledge-center/cloudwatch-logs-throttling); throttled requests wait by themselves.
_REQUESTS_A_SECOND = 2.0
_SHORTEST_SECONDS = 2.0
_LONGEST_SECONDS = 5.0
_GROWTH = 1.5
_LOCAL_SECONDS = 15.0


def of(connection: Connection, requests: Callable[[], int]) -> Pause:
    """The pause for this AWS. requests: how many a read makes."""
    wait = Interval(requests)
    return LocalLines(connection.endpoint_url or "", wait) if connection.is_on_this_machine else wait


class Interval:
    """Waits longer after each read without anything new, and never less than AWS's limit of requests requires."""

    def __init__(self, requests: Callable[[], int], wait: Callable[[float], object] | None = None) -> None:
        self._requests, self._seconds = requests, _SHORTEST_SECONDS
        self._wait = wait or threading.Event().wait

    def __call__(self, had_new: bool) -> None:
        self._seconds = _SHORTEST_SECONDS if had_new else min(self._seconds * _GROWTH, _LONGEST_SECONDS)
        self._wait(max(self._seconds, self._requests() / _REQUESTS_A_SECOND))


class LocalLines:
    """Waits until local AWS has new lines, which it reports at once; where another server answers, for an interval."""

    def __init__(self, endpoint: str, otherwise: Pause) -> None:
        self._endpoint, self._otherwise = endpoint.rstrip("/"), otherwise
        self._after: int | None = None

    def __call__(self, had_new: bool) -> None:
        from agentcore_provider.loopback import url_opener

        after = "" if self._after is None else f"?after={self._after}"
        try:
            # The first answer comes at once, so that nothing is missed between it and the first read.
            with url_opener(self._endpoint).open(
                f"{self._endpoint}/_local/logs{after}", timeout=_LOCAL_SECONDS
            ) as answer:
                self._after = int(json.load(answer)["number"])
        except (OSError, ValueError, TypeError, KeyError):
            self._after = None
            self._otherwise(had_new)
