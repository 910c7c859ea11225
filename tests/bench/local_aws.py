"""A local AWS in a process of its own, for one row."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.environment import python_of
from tests.support.local_aws import LocalAws


class BenchAws(LocalAws):
    """A local AWS of the package's own environment."""

    def __init__(self, endpoint: str, process: int) -> None:
        super().__init__(endpoint)
        self.process = process
        self.aws_plugin_port: int = self.ask("GET", "/_local/status")["aws_plugin_port"]

    def counts(self) -> dict[str, int]:
        """How many requests were sent since `forget_requests`, how many of them were lists, how many throttled."""
        requests = self.ask("GET", "/_local/requests")
        return {
            "requests": len(requests),
            "lists": sum(it["operation"] == "ListGatewayTargets" for it in requests),
            "throttled": sum(it["status"] == 429 for it in requests),
        }


@contextmanager
def local_aws(log: Path, *flags: str) -> Iterator[BenchAws]:
    """Run one on a free port. flags: of `agentcore local run`."""
    with log.open("w") as errors:
        process = subprocess.Popen(
            [python_of("agentcore"), "-m", "agentcore_provider.local", "--port", "0", *flags],
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        assert process.stdout is not None
        ready = process.stdout.readline()
        if not ready.startswith("ready "):
            raise RuntimeError(f"local AWS does not start: {log.read_text()}")
        yield BenchAws(ready.removeprefix("ready ").strip(), process.pid)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def clean_environment() -> dict[str, str]:
    """The environment of this process without settings of AWS and Pulumi."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_"))}
