"""A stack that another run holds: it is waited for, unless that run was killed."""

from __future__ import annotations

import os
import re
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Any

from agentcore_provider.cli import pulumi_command as engine_program
from agentcore_provider.cli.changed_stack import patience
from agentcore_provider.cli.stack import ChosenStack
from agentcore_provider.cli.terminal import say
from agentcore_provider.errors import AgentCoreError

_HOLDER = re.compile(r"created by ([^@\s]+)@(\S+) \(pid (\d+)\) at (\S+)")
_POLL_SECONDS = 2.0


class StackLocked(AgentCoreError):
    """Another run holds the stack, or one that was killed still seems to."""


@dataclass(frozen=True)
class Holder:
    """The run that holds a stack, as its lock names it."""

    user: str
    host: str
    pid: int
    since: str

    def has_ended(self) -> bool:
        """Whether it certainly ended; a run on another machine may always be there."""
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


def _holder(said: str) -> Holder | None:
    found = _HOLDER.search(said)
    return Holder(found[1], found[2], int(found[3]), found[4]) if found else None


def when_free(stack: ChosenStack, operation: Callable[[], Any]) -> Any:
    """Run an operation as soon as no other run holds the stack. Raises ConcurrentUpdateError if that takes too long."""
    from pulumi import automation as auto

    deadline = time.monotonic() + patience()
    waits = False
    while True:
        try:
            return operation()
        except auto.ConcurrentUpdateError as error:
            holder = _holder(str(error))
            # Who was killed never gives it up.
            if time.monotonic() >= deadline or (holder is not None and holder.has_ended()):
                raise
            if not waits:
                say(f"Waiting for stack {stack.name}, which is locked by {holder or 'another run'}")
                waits = True
            Event().wait(_POLL_SECONDS)


def locked(stack: ChosenStack, said: str) -> StackLocked:
    """What to say of a stack that stays locked. said: the engine's complaint."""
    holder = _holder(said)
    cure = f"`{engine_program.command_for(stack, f'cancel --yes --stack {stack.name}')}`"
    if holder is not None and holder.has_ended():
        return StackLocked(f"Stack {stack.name} is locked by {holder}, which was killed: {cure} takes the lock away")
    return StackLocked(
        f"Stack {stack.name} is locked by {holder or 'another run'}: wait for that run to end, or if it was killed: {cure}"
    )
