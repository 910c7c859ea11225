"""Files that are written whole or not at all, and files and folders that only their owner can read."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from agentcore_provider.errors import AgentCoreError

_FULL = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "your quota is used up", errno.EFBIG: "it would be too large"}


def write(path: Path, text: str, mode: int | None = None) -> None:
    """Replace the text of a file; readers get the old text or the new one. Raises AgentCoreError.

    mode: of the file; None keeps the one it has.
    """
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        with contextlib.suppress(FileNotFoundError):
            mode = stat.S_IMODE(path.stat().st_mode) if mode is None else mode
        draft.unlink(missing_ok=True)
        with _new(draft, 0o666 if mode is None else mode) as file:
            file.write(text.encode())
            file.flush()
            # Otherwise a machine that loses power may keep the new name with none of the text.
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise not_written(path, error) from None


def write_private(path: Path, text: str) -> None:
    """Replace the text of a file that only its owner can read. Raises AgentCoreError."""
    write(path, text, 0o600)


def create_private(path: Path) -> BinaryIO:
    """A new file to write to, in place of an existing one: who has that one open reads no more."""
    path.unlink(missing_ok=True)
    return _new(path, 0o600)


def make_private_folder(folder: Path) -> None:
    """Make a folder and its missing parents, or remove other users' access to it. Raises AgentCoreError."""
    for missing in reversed([it for it in (folder, *folder.parents) if not it.exists()]):
        # mkdir(parents=True) would not apply the mode to the parents.
        missing.mkdir(mode=0o700, exist_ok=True)
    try:
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    except PermissionError:
        raise AgentCoreError(
            f"{folder} belongs to another user, who could read what is kept there",
            "Remove it, or use a project of your own",
        ) from None


def is_full(error: OSError) -> bool:
    """Whether there was no room for what was to be written."""
    # Python looks for a folder for temporary files by writing into each.
    return error.errno in _FULL or "usable temporary directory" in str(error)


def not_written(path: Path | str, error: OSError) -> AgentCoreError:
    """The error for a file that cannot be written."""
    if is_full(error):
        why = _FULL.get(error.errno or 0, "the disk is full")
        return AgentCoreError(f"{path} cannot be written ({why})", "Free some space there, then run this again")
    why = (error.strerror or type(error).__name__).lower()
    return AgentCoreError(f"{path} cannot be written ({why})", "Make its folder one that you may write to")


def _new(path: Path, mode: int) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode), "wb")
