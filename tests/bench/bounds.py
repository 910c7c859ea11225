"""How soon AWS's limits let work end: a schedule in which every call goes as soon as it may.

The limits are those that AWS documents, and that a local AWS with --enforce-limits keeps: so many calls of an operation
in any one second, so many target operations in progress in a gateway. parallel: how many operations the engine has in
progress at a time, which counts only where it is less than the limits allow.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

WRITES_A_SECOND = 5
READS_A_SECOND = 10
TARGET_OPERATIONS_OF_A_GATEWAY = 5


@dataclass(frozen=True)
class Shape:
    """Gateways of equal size. gateway_seconds, target_seconds: how long AWS takes for one create, update or delete."""

    gateways: int
    targets: int
    """Targets of each gateway."""
    gateway_seconds: float = 0.0
    target_seconds: float = 0.0


@dataclass
class _Rate:
    """So many starts in any one second."""

    most: int
    starts: list[float] = field(default_factory=list)

    def earliest(self) -> float:
        return self.starts[-self.most] + 1 if len(self.starts) >= self.most else 0.0


class _Places:
    """So many in progress at a time; most: None for any number."""

    def __init__(self, most: int | None) -> None:
        self._free = None if most is None else [0.0] * most

    def earliest(self) -> float:
        return self._free[0] if self._free else 0.0

    def take(self, end: float) -> None:
        if self._free:
            heapq.heapreplace(self._free, end)


class _Schedule:
    def __init__(self, shape: Shape, parallel: int | None) -> None:
        self._shape = shape
        self._parallel = _Places(parallel)

    def gateways(self, released: list[float]) -> list[float]:
        """When the operation of each gateway ends. released: when each may begin at the earliest."""
        rate = _Rate(WRITES_A_SECOND)
        ends = {}
        for gateway in sorted(range(len(released)), key=lambda it: released[it]):
            start = max(released[gateway], rate.earliest(), self._parallel.earliest())
            rate.starts.append(start)
            ends[gateway] = start + self._shape.gateway_seconds
            self._parallel.take(ends[gateway])
        return [ends[gateway] for gateway in range(len(released))]

    def targets(self, released: list[float]) -> list[float]:
        """When the last target of each gateway ends. released: when those of each may begin at the earliest."""
        rate = _Rate(WRITES_A_SECOND)
        places = [_Places(TARGET_OPERATIONS_OF_A_GATEWAY) for _ in released]
        left = [self._shape.targets] * len(released)
        last = list(released)
        while any(left):
            start, gateway = min(
                (max(released[it], places[it].earliest()), it) for it, targets in enumerate(left) if targets
            )
            start = max(start, rate.earliest(), self._parallel.earliest())
            end = start + self._shape.target_seconds
            rate.starts.append(start)
            places[gateway].take(end)
            self._parallel.take(end)
            left[gateway] -= 1
            last[gateway] = max(last[gateway], end)
        return last


def create_seconds(shape: Shape, parallel: int | None = None) -> float:
    """Until everything is READY: first each gateway, then its targets."""
    schedule = _Schedule(shape, parallel)
    return max(schedule.targets(schedule.gateways([0.0] * shape.gateways)))


def update_seconds(shape: Shape, parallel: int | None = None) -> float:
    """Until an update of every target is READY."""
    return max(_Schedule(shape, parallel).targets([0.0] * shape.gateways))


def delete_seconds(shape: Shape, parallel: int | None = None) -> float:
    """Until nothing is left: first the targets of each gateway, then the gateway."""
    schedule = _Schedule(shape, parallel)
    return max(schedule.gateways(schedule.targets([0.0] * shape.gateways)))


def read_seconds(shape: Shape) -> float:
    """Until the last read of every target may be sent; those of gateways go beside them."""
    most = max(shape.gateways, shape.gateways * shape.targets)
    return float((most - 1) // READS_A_SECOND)
