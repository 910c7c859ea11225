"""The file of results: each row as it was measured last, so that rows can be measured one by one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.bench.figure import Figure

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".agentcore" / "bench"
FILE = FOLDER / "results.json"


@dataclass(frozen=True)
class Result:
    """One row as measured.

    loads: the machine's load before and after.
    not_measured: peers that could not be run, and why.
    failed: the runs that failed, and how; their figures are in none of the lists.
    """

    row: str
    title: str
    date: str
    machine: str
    loads: tuple[float, float]
    runs: int
    figures: list[Figure]
    not_measured: dict[str, str]
    failed: list[str]
    versions: dict[str, str]

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Result:
        """Read what `save` wrote."""
        figures = [Figure.from_json(it) for it in document["figures"]]
        before, after = document["loads"]
        return cls(**{**document, "figures": figures, "loads": (before, after)})


def read(file: Path = FILE) -> dict[str, Result]:
    """All results that are kept, by row."""
    if not file.exists():
        return {}
    return {name: Result.from_json(it) for name, it in json.loads(file.read_text(encoding="utf-8")).items()}


def save(result: Result, file: Path = FILE) -> None:
    """Replace the row's result."""
    kept = {**read(file), result.row: result}
    file.parent.mkdir(parents=True, exist_ok=True)
    written = file.with_suffix(".new")
    written.write_text(json.dumps({name: asdict(it) for name, it in kept.items()}, indent=1), encoding="utf-8")
    written.replace(file)
