"""Code on disk: every zip is unpacked once for the life of this process."""

from __future__ import annotations

import atexit
import hashlib
import io
import os
import shutil
import tempfile
import threading
import zipfile
from pathlib import Path

_PREFIX = "agentcore-lambda-"


class CodeFolder:
    """A temporary folder with one folder for each zip, named by the hash of the zip."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._root: Path | None = None

    def unpack(self, code: bytes) -> Path:
        """Return the folder that holds the files of this zip. Raises zipfile.BadZipFile."""
        name = hashlib.sha256(code).hexdigest()[:32]
        with self._lock:
            if self._root is None:
                _remove_abandoned()
                self._root = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
                atexit.register(self.remove)
            folder = self._root / name
            if not folder.exists():
                unfinished = self._root / f"{name}.unfinished"
                _extract(code, unfinished)
                unfinished.rename(folder)
            return folder

    def remove(self) -> None:
        """Delete everything that was unpacked."""
        with self._lock:
            if self._root is not None:
                shutil.rmtree(self._root, ignore_errors=True)
                self._root = None


def _remove_abandoned() -> None:
    """Delete the folders of processes that were killed before they could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdecimal() and not _runs(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _runs(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _extract(code: bytes, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with zipfile.ZipFile(io.BytesIO(code)) as archive:
        for entry in archive.infolist():
            path = Path(archive.extract(entry, folder))
            permissions = (entry.external_attr >> 16) & 0o777
            # zipfile drops permissions, and bundled programs need their execute bit
            if permissions and path.is_file():
                path.chmod(permissions | 0o600)
