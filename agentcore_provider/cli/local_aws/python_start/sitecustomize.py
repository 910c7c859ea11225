"""Run by each Python that `agentcore local exec` starts: it connects to local AWS where it looks up a host of Cognito."""

from __future__ import annotations

import importlib
import os
import re
import socket
import sys
from typing import Any

_HOST = re.compile(
    r"[a-z0-9-]+\.auth\.[a-z]{2}(?:-[a-z]+)+-\d\.amazoncognito\.com"
    r"|cognito-idp\.[a-z]{2}(?:-[a-z]+)+-\d\.amazonaws\.com(?:\.cn)?"
)


def _lead(port: int) -> None:
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, service: Any, *arguments: Any, **options: Any) -> Any:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if isinstance(name, str) and _HOST.fullmatch(name.lower().rstrip(".")) and str(service) in ("443", "https"):
            host, service = "127.0.0.1", port
        return look_up(host, service, *arguments, **options)

    socket.getaddrinfo = getaddrinfo  # type: ignore[assignment]


def _run_the_next_one() -> None:
    """Whoever has a sitecustomize of his own keeps it."""
    own = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [it for it in sys.path if os.path.abspath(it or ".") != own]
    this = sys.modules.pop("sitecustomize", None)
    try:
        importlib.import_module("sitecustomize")
    except ModuleNotFoundError as error:
        if error.name != "sitecustomize":
            raise
        if this is not None:
            sys.modules["sitecustomize"] = this


if os.environ.get("AGENTCORE_COGNITO_PORT", "").isdigit():
    _lead(int(os.environ["AGENTCORE_COGNITO_PORT"]))
_run_the_next_one()
