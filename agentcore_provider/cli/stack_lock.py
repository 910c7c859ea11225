"""One run that changes a stack after the other: this command's own lock, and the lock of the engine."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TypeVar

from agentcore_provider.cli import files
from agentcore_provider.cli.project import Project
from agentcore_provider.cli.pulumi_command import shell_command
from agentcore_provider.cli.signals import ending_in_order
from agentcore_provider.cli.stack import ChosenStack, choose_stack
from agentcore_provider.cli.terminal import say
from agentcore_provider.errors import AgentCoreError, InvalidInput

_T = TypeVar("_T")
_WAIT_VARIABLE = "AGENTCORE_WAIT_SECONDS"
_WAIT_SECONDS = 600.0
_POLL_SECONDS = 0.1
_ENGINE_POLL_SECONDS = 2.0
_HOLDER = re.compile(r"created by ([^@\s]+)@(\S+) \(pid (\d+)\) at (\S+)")


class StackLocked(AgentCoreError):
    """Another run holds the stack, or one that was killed still seems to."""


@contextlib.contextmanager
def changed_stack(
    folder: Path | None, stack: str | None, region: str | None, *, is_there: bool = False, elsewhere: bool = False
) -> Iterator[ChosenStack]:
    """The stack that the flags select, for this command alone until the block ends. Raises as `choose_stack` does.

    Waits for another command that changes it, then reads the stack's file again.
    """
    chosen = choose_stack(folder, stack, region, is_there=is_there, elsewhere=elsewhere)
    with ending_in_order(), _alone(chosen.project, chosen.name):
        yield choose_stack(folder, stack, region, is_there=is_there, elsewhere=elsewhere)


def wait_seconds() -> float:
    """Seconds to wait for a stack that another run holds. Raises InvalidInput."""
    text = os.environ.get(_WAIT_VARIABLE)
    try:
        seconds = float(text) if text else _WAIT_SECONDS
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < 1e9:
        raise InvalidInput(f"{_WAIT_VARIABLE} is {text!r}", "Set it to seconds, such as 600")
    return seconds


@contextlib.contextmanager
def _alone(project: Project, stack: str) -> Iterator[None]:
    file = project.state_folder / f"stack-{stack}.lock"
    new = [folder for folder in file.parents if not folder.exists()]
    lock = _take_lock(file, stack)
    try:
        yield
    finally:
        if not project.is_pulumi:
            # Wrong flags must leave nothing behind, not even the folder of the lock.
            file.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                for folder in new:
                    folder.rmdir()
        os.close(lock)


def _take_lock(file: Path, stack: str) -> int:
    """A lock on a file, which ends with this process at the latest."""
    deadline = time.monotonic() + wait_seconds()
    pause = Event()
    waits = False
    while True:
        lock = _open_lock(file)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(lock, 20, 0).decode(errors="replace").strip()
            os.close(lock)
            by = f"process {holder}" if holder else "its process"
            if time.monotonic() >= deadline:
                raise AgentCoreError(
                    f"Another command changes stack {stack} ({by})",
                    "wait until it has ended, or end it" + (f" with `kill {holder}`" if holder else ""),
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
        # The command before has removed the file meanwhile.
        os.close(lock)


def _open_lock(file: Path) -> int:
    while True:
        with contextlib.suppress(FileNotFoundError):
            files.make_private_folder(file.parent)
            return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@dataclass(frozen=True)
class _Holder:
    """The run that holds the engine's lock of a stack."""

    user: str
    host: str
    pid: int
    since: str

    def has_ended(self) -> bool:
        """Whether it certainly ended; a run on another machine may still be there."""
        if self.host != socket.gethostname():
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            pass
        return False

    def __str__(self) -> str:
        return f"{self.user}@{self.host}, process {self.pid}, since {self.since}"


def _holder(error: str) -> _Holder | None:
    found = _HOLDER.search(error)
    return _Holder(found[1], found[2], int(found[3]), found[4]) if found else None


def when_free(stack: ChosenStack, operation: Callable[[], _T]) -> _T:
    """Run an operation as soon as no other run holds the stack. Raises ConcurrentUpdateError if that takes too long."""
    from pulumi import automation as auto

    deadline = time.monotonic() + wait_seconds()
    waits = False
    while True:
        try:
            return operation()
        except auto.ConcurrentUpdateError as error:
            holder = _holder(str(error))
            # A run that was killed never releases its lock.
            if time.monotonic() >= deadline or (holder is not None and holder.has_ended()):
                raise
            if not waits:
                say(f"Waiting for stack {stack.name}, which is locked by {holder or 'another run'}")
                waits = True
            Event().wait(_ENGINE_POLL_SECONDS)


def locked(stack: ChosenStack, error: str) -> StackLocked:
    """The error for a stack that stays locked. error: the engine's."""
    holder = _holder(error)
    cancel = shell_command(stack.project, stack.environment, f"cancel --yes --stack {stack.name}")
    if holder is not None and holder.has_ended():
        return StackLocked(f"Stack {stack.name} is locked by {holder}, which was killed: `{cancel}` removes the lock")
    return StackLocked(
        f"Stack {stack.name} is locked by {holder or 'another run'}: wait for that run to end, or if it was killed: "
        f"`{cancel}`"
    )
