"""Files and folders that their owner alone can read: state, logs, keys. They are so from the start."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from agentcore_provider.cli import whole_file
from agentcore_provider.cli.project import Project
from agentcore_provider.errors import AgentCoreError


def make_state_folder(project: Project) -> None:
    """Make the folder where a project keeps its state, or take from others what they may do in it.

    The whole folder of a project that the command keeps: its stack files are nobody else's either.
    """
    for folder in (project.folder if project.is_kept else project.state_folder, project.backend_folder):
        make_folder(folder)


def create(file: Path) -> BinaryIO:
    """A new file to write to, in place of one that is there: who has that one open reads no more."""
    file.unlink(missing_ok=True)
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb")


def write(file: Path, text: str) -> None:
    """Write a file, all at once."""
    whole_file.write(file, text, 0o600)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, or take from others what they may do in it."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        # The mode that mkdir takes for parents is not the one it is given.
        place.mkdir(mode=0o700, exist_ok=True)
    try:
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    except PermissionError:
        raise AgentCoreError(
            f"{folder} belongs to another user, who could read what is kept there: remove it, or use a project of your own"
        ) from None
