"""Files that are written whole or not at all, whatever happens meanwhile."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path

from agentcore_provider.errors import AgentCoreError

_FULL = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "your quota is used up", errno.EFBIG: "it would be too large"}


def write(path: Path, text: str, mode: int | None = None) -> None:
    """Put a text in place of what a file says; readers see the old text or the new one. Raises AgentCoreError.

    mode: of the file; None keeps the one it has.
    """
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        with contextlib.suppress(FileNotFoundError):
            mode = stat.S_IMODE(path.stat().st_mode) if mode is None else mode
        draft.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        with os.fdopen(os.open(draft, flags, 0o666 if mode is None else mode), "wb") as file:
            file.write(text.encode())
            file.flush()
            # Else a machine that loses power may find the new name and none of the text.
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise refused(path, error) from None


def is_full(error: OSError) -> bool:
    """Whether there was no room for what was to be written."""
    # Python looks for a folder for temporary files by writing into each.
    return error.errno in _FULL or "usable temporary directory" in str(error)


def refused(path: Path | str, error: OSError) -> AgentCoreError:
    """What to say of a file that cannot be written."""
    if is_full(error):
        why = _FULL.get(error.errno or 0, "the disk is full")
        return AgentCoreError(f"{path} cannot be written ({why}): free some space there, then run this again")
    said = (error.strerror or type(error).__name__).lower()
    return AgentCoreError(f"{path} cannot be written ({said}): make its folder one that you may write to")
