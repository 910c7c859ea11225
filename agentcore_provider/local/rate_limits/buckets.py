"""How much of a rate is left.

AWS documents neither how it counts nor how exact it is in the first moments. Here a bucket holds the whole rate, fills
evenly over its period, and each request takes its part: exact from the first request, and the same whenever a test asks.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field

_SECONDS = {"second": 1.0, "minute": 60.0}
_MOST = 100_000
_CLOSE = 1e-9


@dataclass(frozen=True)
class Bucket:
    """A rate, and what it is counted for. cost: what a request takes of it."""

    key: tuple[object, ...]
    metric: str
    rate: float
    period: str
    cost: float

    @property
    def seconds(self) -> float:
        """The period in seconds."""
        return _SECONDS[self.period]

    @property
    def size(self) -> float:
        """What a full bucket holds: of a rate below one a whole request all the same."""
        return max(self.rate, self.cost) if self.metric == "requests" and self.rate > 0 else self.rate


@dataclass
class _Level:
    left: float
    at: float


@dataclass
class Buckets:
    """The levels of all buckets; those that nothing has used for longest are forgotten when they are too many."""

    _levels: OrderedDict[tuple[object, ...], _Level] = field(default_factory=OrderedDict)
    _open: dict[tuple[object, ...], int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, buckets: Iterable[Bucket], now: float) -> tuple[Bucket, int] | None:
        """Take its part of each bucket, or nothing of any: then the first that lacks it, and in how many seconds it has it."""
        wanted = [*buckets]
        with self._lock:
            for one in wanted:
                if (wait := self._wait(one, now)) is not None:
                    return one, wait
            for one in wanted:
                if one.metric == "connections":
                    self._open[one.key] = self._open.get(one.key, 0) + 1
                else:
                    self._level(one, now).left -= one.cost
            return None

    def give_back(self, bucket: Bucket, amount: float) -> None:
        """Put back what was not used; a negative amount takes what was used beyond. Of connections it is always one."""
        with self._lock:
            if bucket.metric == "connections":
                left = self._open.pop(bucket.key, 1) - 1
                if left > 0:
                    self._open[bucket.key] = left
            elif (level := self._levels.get(_identity(bucket))) is not None:
                level.left = min(bucket.size, level.left + amount)

    def _wait(self, bucket: Bucket, now: float) -> int | None:
        if bucket.metric == "connections":
            return None if self._open.get(bucket.key, 0) + 1 <= bucket.rate else 1
        lacking = bucket.cost - self._level(bucket, now).left
        if bucket.rate > 0 and lacking <= _CLOSE:
            return None
        if bucket.rate <= 0 or bucket.cost > bucket.size:
            return math.ceil(bucket.seconds)
        return max(1, math.ceil(lacking * bucket.seconds / bucket.rate - _CLOSE))

    def _level(self, bucket: Bucket, now: float) -> _Level:
        identity = _identity(bucket)
        level = self._levels.get(identity)
        if level is None:
            while len(self._levels) >= _MOST:
                self._levels.popitem(last=False)
            level = self._levels[identity] = _Level(bucket.size, now)
        self._levels.move_to_end(identity)
        level.left = min(bucket.size, level.left + max(0.0, now - level.at) * bucket.rate / bucket.seconds)
        level.at = now
        return level


def _identity(bucket: Bucket) -> tuple[object, ...]:
    # Another rate begins with a full bucket.
    return (*bucket.key, bucket.rate, bucket.period)
