"""What was measured: one run of a row, and a row's runs together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Measured:
    """One figure in one run.

    against: what else was measured in the same run, in the same unit: peers, and the floor below which nothing can be.
    counts: of requests and the like.
    goal: what it is compared with, and the ratio that is wanted at most.
    higher_is_better: as with calls a second.
    """

    name: str
    value: float
    unit: str = "s"
    against: Mapping[str, float] = field(default_factory=dict)
    counts: Mapping[str, float] = field(default_factory=dict)
    goal: tuple[str, float] | None = None
    higher_is_better: bool = False


@dataclass(frozen=True)
class Figure:
    """A figure in all runs; the n-th value of each list is of the n-th run."""

    name: str
    unit: str
    values: list[float]
    against: dict[str, list[float]]
    counts: dict[str, list[float]]
    goal: tuple[str, float] | None = None
    higher_is_better: bool = False

    @classmethod
    def of(cls, runs: Sequence[Measured]) -> Figure:
        """Put the runs of one figure together; what only some of them measured is left out."""
        first = runs[0]
        return cls(
            first.name,
            first.unit,
            [it.value for it in runs],
            {
                name: [it.against[name] for it in runs]
                for name in first.against
                if all(name in it.against for it in runs)
            },
            {name: [it.counts[name] for it in runs] for name in first.counts if all(name in it.counts for it in runs)},
            first.goal,
            first.higher_is_better,
        )

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Figure:
        """Read what dataclasses.asdict wrote."""
        goal = document["goal"]
        return cls(**{**document, "goal": (str(goal[0]), float(goal[1])) if goal else None})

    def ratios(self, name: str) -> list[float]:
        """This over the other, run by run: both were under the same load."""
        pairs = zip(self.values, self.against[name], strict=True)
        return [ours / theirs if theirs else float("inf") for ours, theirs in pairs]

    def meets_goal(self) -> bool | None:
        """Whether the median ratio is what is wanted; None without a goal, or if its other side was not measured."""
        if self.goal is None or self.goal[0] not in self.against:
            return None
        ratio = median(self.ratios(self.goal[0]))
        return ratio >= self.goal[1] if self.higher_is_better else ratio <= self.goal[1]


def together(runs: Iterable[Sequence[Measured]]) -> list[Figure]:
    """The figures of a row, in the order in which they were first measured."""
    by_name: dict[str, list[Measured]] = {}
    for run in runs:
        for measured in run:
            by_name.setdefault(measured.name, []).append(measured)
    return [Figure.of(it) for it in by_name.values()]


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Median, lowest, highest."""
    return median(values), min(values), max(values)
