"""Local AWS in a process of its own, which keeps its state in a folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from tests.support.local_aws import LocalAws


class Running:
    """A local AWS with a folder for its state."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self.url = url
        self.client = LocalAws(url).client

    def state(self) -> dict[str, Any]:
        """What it reports of its state."""
        status = requests.get(f"{self.url}/_local/status", timeout=30).json()
        return dict(status["state"])

    def call(self, action: str, name: str) -> requests.Response:
        """Save or load a state."""
        return requests.post(f"{self.url}/_local/state/{action}", json={"name": name}, timeout=60)

    def end(self, number: signal.Signals = signal.SIGTERM) -> str:
        """End it, and return what it reported."""
        self.process.send_signal(number)
        return self.process.communicate(timeout=60)[1]


@contextmanager
def running(folder: Path, *flags: str) -> Iterator[Running]:
    """A local AWS until the block ends, at its last port."""
    command = [sys.executable, "-m", "agentcore_provider.local", "--port", "0", "--no-aws-plugin", *flags]
    process = subprocess.Popen(
        [*command, "--state", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline().split()
        assert line, process.communicate()[1]
        yield Running(process, line[1])
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
