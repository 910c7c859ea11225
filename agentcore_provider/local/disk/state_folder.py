"""The folder in which local AWS keeps its state, for its owner alone.

current.state      what a start goes on with
saved/NAME.state   what `agentcore local save NAME` wrote
.gitignore         of everything here
lock               held by the local AWS that writes here, as long as it lives
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from agentcore_provider.local.disk import state_file
from agentcore_provider.local.disk.state_file import Header, StateUnusableError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SUFFIX = ".state"


class FolderTakenError(Exception):
    """Another local AWS writes its state to the folder."""


class StateNameError(ValueError):
    """A name under which no state can be saved, or none is."""


@dataclass(frozen=True)
class StateFolder:
    """The folder of one project."""

    path: Path

    @property
    def current(self) -> Path:
        """The state that the next start goes on with."""
        return self.path / f"current{_SUFFIX}"

    def make(self) -> None:
        """Make the folder, and let nobody but its owner in. Raises OSError."""
        for folder in (self.path, self.path / "saved"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if folder.stat().st_mode & 0o077:
                folder.chmod(0o700)
        ignore = self.path / ".gitignore"
        if not ignore.exists():
            # The state has secrets in it, and not every project ignores the folder above.
            ignore.write_text("*\n", encoding="utf-8")

    def names(self) -> list[str]:
        """The names of the saved states, sorted."""
        return sorted(path.name.removesuffix(_SUFFIX) for path in (self.path / "saved").glob(f"*{_SUFFIX}"))

    def saved(self, name: str) -> Path:
        """Where the state of a name is. Raises StateNameError."""
        if not _NAME.fullmatch(name):
            raise StateNameError(
                f"{name[:100]!r} is not a name for a state: letters, digits, dots, hyphens, underscores, 64 at most"
            )
        return self.path / "saved" / f"{name}{_SUFFIX}"

    def read(self, path: Path) -> tuple[Header, bytes]:
        """A state that this process can load. Raises FileNotFoundError, StateUnusableError, OSError."""
        header, state = state_file.read(path)
        if header.moto != (installed := installed_version("moto")):
            raise StateUnusableError(
                f"was written with moto {header.moto}, and this is moto {installed or 'not installed'}",
                f"Install moto=={header.moto} to use it, or `pulumi up --refresh` to create it all again",
            )
        return header, state

    def save(self, path: Path) -> None:
        """Write the current state to a path. Raises FileNotFoundError, StateUnusableError, OSError."""
        state_file.write(path, *state_file.read(self.current))

    def load(self, path: Path) -> None:
        """Replace the current state. Raises FileNotFoundError, StateUnusableError, OSError."""
        header, state = self.read(path)
        state_file.write(self.current, replace(header, since=time.time()), state)

    def set_aside(self, path: Path) -> Path:
        """Rename a file that cannot be used, and return its new path. Raises OSError."""
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        number, aside = 1, path.with_name(f"{path.name}.unusable-{stamp}")
        while aside.exists():
            number, aside = number + 1, path.with_name(f"{path.name}.unusable-{stamp}-{number}")
        path.rename(aside)
        return aside

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Be the only one who writes here. Raises FolderTakenError, OSError."""
        self.make()
        lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise FolderTakenError(f"Another local AWS keeps its state in {self.path}") from None
            for draft in self.path.glob(f".{self.current.name}-*"):
                # Of a process that was killed while it wrote.
                draft.unlink(missing_ok=True)
            yield
        finally:
            os.close(lock)


def installed_version(package: str) -> str:
    """The version of an installed package; empty if it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
