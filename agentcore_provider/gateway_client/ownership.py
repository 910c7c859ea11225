"""Whose things a client makes: a mark of its own on each, so that the same name again is the same thing again."""

from __future__ import annotations

import getpass
import hashlib
import os
import socket

VARIABLE = "AGENTCORE_OWNER"


def default_owner() -> str:
    """Who makes things here: `AGENTCORE_OWNER`, else user and machine."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return chosen
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        # A container may run under a number that has no name.
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"


def mark(owner: str, noun: str, name: str) -> str:
    """The owner tag of the one thing of this noun and name that the owner makes."""
    return hashlib.sha256("\n".join(["GatewayClient", owner, noun, name]).encode()).hexdigest()[:32]
