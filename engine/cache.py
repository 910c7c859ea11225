"""Where finished engines lie, shared by all checkouts of a user. A folder in it is whole or not there."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from engine.progress import Progress
from engine.setup_error import SetupError


class EngineCache:
    """Engines by key, each a folder with `bin/pulumi` and its plugins in it; or other programs of Pulumi's."""

    def __init__(self, folder: Path, program: str = "pulumi") -> None:
        self._folder = folder
        self._program = program

    def find(self, key: str) -> Path | None:
        """The folder of a finished engine, or None."""
        folder = self._folder / key
        return folder if (folder / "bin" / self._program).is_file() else None

    def make(self, key: str, fill: Callable[[Path], bool], progress: Progress) -> Path | None:
        """The finished engine, made by fill(empty folder) unless it is there; None if fill says that it could not.

        Of several setups at once one makes it and the others wait. A setup that fails or is killed leaves no engine,
        and what it left is swept by the next.
        """
        with self._locked(progress):
            if (found := self.find(key)) is not None:
                return found
            for left in self._folder.glob(".making-*"):
                shutil.rmtree(left, ignore_errors=True)
            draft = Path(tempfile.mkdtemp(prefix=".making-", dir=self._folder))
            try:
                if not fill(draft):
                    return None
                draft.chmod(0o755)
                draft.rename(self._folder / key)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
        return self._folder / key

    @contextmanager
    def _locked(self, progress: Progress) -> Iterator[None]:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = os.open(self._folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise SetupError(
                f"The engine cannot be kept in {self._folder} ({error.strerror}): "
                "make that folder writable, or name another with XDG_CACHE_HOME"
            ) from None
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                with progress.step("Waiting for another setup that makes the engine"):
                    fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def cache_folder(environment: Mapping[str, str]) -> Path:
    """The user's cache of engines."""
    given = environment.get("XDG_CACHE_HOME", "")
    base = Path(given) if given.startswith("/") else Path.home() / ".cache"
    return base / "agentcore-provider" / "engine"
