"""Whose things a client makes: a mark of its own on each, so that the same name again is the same thing again."""

from __future__ import annotations

import hashlib
import os
import socket

from agentcore_provider.providers.naming import local_user

VARIABLE = "AGENTCORE_OWNER"


def default_owner() -> str:
    """Who makes things here: `AGENTCORE_OWNER`, else user and machine."""
    return os.environ.get(VARIABLE) or f"{local_user()}@{socket.gethostname()}"


def mark(owner: str, noun: str, name: str) -> str:
    """The owner tag of the one thing of this noun and name that the owner makes."""
    return hashlib.sha256("\n".join(["GatewayClient", owner, noun, name]).encode()).hexdigest()[:32]


def made_name(owner: str, noun: str, *names: str) -> str:
    """Name of what a client makes on the side for a gateway or its target, such as its role: always the same one."""
    beginning = "-".join(name[:25].rstrip("-") for name in names)
    return f"{beginning}-{mark(owner, noun, '/'.join(names))[:8]}"
