"""Who works on this machine: part of what tells apart people whose stacks or scripts bear the same names."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable


def name(ask: Callable[[], str] = getpass.getuser) -> str:
    """The user's name, or number: a container may run under one that has no name."""
    try:
        return ask()
    except (KeyError, OSError):
        return str(os.getuid())
