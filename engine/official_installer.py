"""The engine as Pulumi publishes it, by the installer that its Python SDK brings."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from engine.progress import Progress

# The SDK sets no time limit of its own; a network that swallows packets would hold it for minutes.
_INSTALL = """
import socket, sys
socket.setdefaulttimeout(10)
from pulumi.automation import PulumiCommand
PulumiCommand.install(root=sys.argv[1])
"""
_LIMIT_SECONDS = 240.0


def official_key() -> str:
    """Names the engine in the cache: the release that belongs to the installed SDK."""
    return f"official-{version('pulumi')}"


def install_official(root: Path, progress: Progress, *, limit_seconds: float = _LIMIT_SECONDS) -> bool:
    """Install into an empty folder; False if the installer could not be reached or did not finish in time."""
    command = [sys.executable, "-c", _INSTALL, str(root)]
    with progress.step("Asking Pulumi's installer for the engine"):
        process = subprocess.Popen(  # noqa: S603 (our own command)
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            code = process.wait(limit_seconds)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            # The installer is a shell script with children: all of them go, on Ctrl-C too.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return code == 0 and (root / "bin" / "pulumi").is_file()
