"""What holds for every test."""

from __future__ import annotations

import socket
import sys
from typing import Any

from hypothesis import HealthCheck, settings

# The machine may be busy with other tests: how long an example takes says nothing about the code.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50)
settings.load_profile("busy")


def _only_loopback(event: str, arguments: tuple[Any, ...]) -> None:
    """A test of this process that reaches for anything but this machine, such as the real service, fails at once."""
    if event != "socket.connect":
        return
    connecting, address = arguments
    if connecting.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(
        ("127.", "::1", "localhost")
    ):
        raise ConnectionRefusedError(f"a test tried to reach {address[0]}")


sys.addaudithook(_only_loopback)
