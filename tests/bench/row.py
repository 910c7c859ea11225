"""A row of the bench: what it measures, and how one run of it goes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.command import CommandFailed, Ended
from tests.bench.environment import NotMeasured, version_of
from tests.bench.figure import Measured

Run = Callable[[], Sequence[Measured]]


@dataclass
class Workplace:
    """What a row gets: an empty folder, and where to report peers that cannot be run."""

    folder: Path
    not_measured: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)

    def peer(self, name: str, run: Callable[[], Ended]) -> dict[str, Ended]:
        """How a peer ended, by its name; nothing if it cannot be run, which is reported."""
        try:
            return {name: run()}
        except (NotMeasured, CommandFailed) as error:
            self.not_measured[name] = str(error)
            return {}

    def version(self, peer: str, package: str) -> None:
        """Record the version of a peer's package, if the peer can be had."""
        with contextlib.suppress(NotMeasured):
            self.versions[package] = version_of(peer, package)

    def new_folder(self, name: str) -> Path:
        """An empty folder for one project."""
        number = sum(1 for _ in self.folder.glob(f"{name}-*"))
        folder = self.folder / f"{name}-{number}"
        folder.mkdir()
        return folder


@dataclass(frozen=True)
class Row:
    """One scenario.

    open: prepares everything that is not measured and gives a function that measures one run.
    runs: how many runs, unless others are asked for.
    long: whether it runs only if it is named.
    """

    name: str
    title: str
    open: Callable[[Workplace], AbstractContextManager[Run]]
    runs: int = 3
    long: bool = False
