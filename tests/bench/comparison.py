"""A command next to others, by the clock and by processor time, which a busy machine changes less."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.bench.command import Ended
from tests.bench.figure import Measured


@dataclass(frozen=True)
class Floor:
    """What cannot be undercut: these of the others together. goal: how many times that is wanted at most."""

    name: str
    parts: tuple[str, ...]
    goal: float


def compared(
    name: str,
    ours: Ended,
    others: Mapping[str, Ended],
    *,
    floor: Floor | None = None,
    goal: float | None = None,
    counts: Mapping[str, float] | None = None,
) -> list[Measured]:
    """Two figures: seconds and processor time. goal: seconds that are wanted at most, where there is no floor."""
    seconds = {other: it.seconds for other, it in others.items()}
    cpu = {other: it.cpu for other, it in others.items()}
    wanted = None
    if floor and set(floor.parts) <= others.keys():
        seconds[floor.name] = sum(others[part].seconds for part in floor.parts)
        cpu[floor.name] = sum(others[part].cpu for part in floor.parts)
        wanted = (floor.name, floor.goal)
    if goal is not None:
        seconds["goal"] = goal
        wanted = ("goal", 1.0)
    return [
        Measured(name, ours.seconds, "s", seconds, counts or {}, wanted),
        Measured(f"{name}, processor time", ours.cpu, "s", cpu),
    ]
