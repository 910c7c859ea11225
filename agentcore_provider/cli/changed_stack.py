"""The stack that a command changes: one command after the other, each ending in order."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

from agentcore_provider.cli import private_files
from agentcore_provider.cli.project import Project
from agentcore_provider.cli.signals import ending_in_order
from agentcore_provider.cli.stack import ChosenStack, choose_stack
from agentcore_provider.cli.terminal import say
from agentcore_provider.errors import AgentCoreError, InvalidInput

_PATIENCE = "AGENTCORE_WAIT_SECONDS"
_PATIENT_SECONDS = 600.0
_POLL_SECONDS = 0.1


@contextlib.contextmanager
def changed_stack(
    folder: Path | None, stack: str | None, region: str | None, *, is_there: bool = False
) -> Iterator[ChosenStack]:
    """The stack that the flags mean, for this command alone until the block ends. Raises as `choose_stack` does.

    Another command that changes it is waited for: each reads the stack's file as the one before has left it.
    """
    chosen = choose_stack(folder, stack, region, is_there=is_there)
    with ending_in_order(), _alone(chosen.project, chosen.name):
        yield choose_stack(folder, stack, region, is_there=is_there)


def patience() -> float:
    """Seconds for which a stack is waited for that another run holds. Raises InvalidInput."""
    said = os.environ.get(_PATIENCE)
    try:
        seconds = float(said) if said else _PATIENT_SECONDS
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < 1e9:
        raise InvalidInput(f"{_PATIENCE} is {said!r}: set it to seconds, such as 600")
    return seconds


@contextlib.contextmanager
def _alone(project: Project, stack: str) -> Iterator[None]:
    file = project.state_folder / f"stack-{stack}.lock"
    new = [folder for folder in file.parents if not folder.exists()]
    lock = _taken(file, stack)
    try:
        yield
    finally:
        if not project.is_pulumi:
            # A mistake in the flags must leave nothing, not even the folder of the lock.
            file.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                for folder in new:
                    folder.rmdir()
        os.close(lock)


def _taken(file: Path, stack: str) -> int:
    """A lock on a file, which ends with this process at the latest."""
    deadline = time.monotonic() + patience()
    pause = Event()
    waits = False
    while True:
        lock = _opened(file)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(lock, 20, 0).decode(errors="replace").strip()
            os.close(lock)
            by = f"process {holder}" if holder else "its process"
            if time.monotonic() >= deadline:
                raise AgentCoreError(
                    f"Another command changes stack {stack} ({by}): wait until it has ended, or end it"
                    + (f" with `kill {holder}`" if holder else "")
                ) from None
            if not waits:
                say(f"Waiting for another command that changes stack {stack} ({by})")
                waits = True
            pause.wait(_POLL_SECONDS)
            continue
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(lock), file.stat()):
                # The disk may be full.
                with contextlib.suppress(OSError):
                    os.ftruncate(lock, 0)
                    os.pwrite(lock, str(os.getpid()).encode(), 0)
                return lock
        # The one before has removed the file meanwhile.
        os.close(lock)


def _opened(file: Path) -> int:
    while True:
        with contextlib.suppress(FileNotFoundError):
            private_files.make_folder(file.parent)
            return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
