"""Stack `local` of a project, its local AWS in a process of its own, and what pulumi prints about it."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import yaml

from agentcore_provider.cli.local_aws.environment import local_environment
from agentcore_provider.cli.local_aws.process import LocalAws as RunningLocalAws
from agentcore_provider.cli.project import Project
from tests.support import warm_python
from tests.support.local_aws import LocalAws

_LIMIT_SECONDS = 120


class StartedAws(LocalAws):
    """A local AWS in a process of its own, stopped with the test."""

    def __init__(self, log: Path) -> None:
        super().__init__()
        self._log = log
        self._process: subprocess.Popen[str] | None = None
        self.aws_plugin_port = 0

    def start(self, *flags: str) -> None:
        """Start on a free port, or again on the same one: with nothing in it. flags: of `agentcore local run`."""
        port = self.endpoint.rpartition(":")[2] or "0"
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                [warm_python.programs() / "python", "-m", "agentcore_provider.local", "--port", port, *flags],
                cwd=self._log.parent,
                env=clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        ready = self._process.stdout.readline()
        assert ready.startswith("ready http://127.0.0.1:"), self._log.read_text()
        self.endpoint = ready.removeprefix("ready ").strip()
        self.aws_plugin_port = self.ask("GET", "/_local/status")["aws_plugin_port"]

    def stop(self) -> None:
        """Stop it and its Lambda workers; its memory is lost."""
        if self._process is not None:
            process, self._process = self._process, None
            with process:
                process.terminate()
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()
                    raise AssertionError(self._log.read_text()) from None


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    code: int
    text: str
    """Everything it printed, errors too."""
    changes: dict[str, int]
    """Resources by what was done to them: create, update, replace, delete, same."""


class Stack:
    """Stack `local` of a copy of this project, deployed to an own local AWS."""

    def __init__(self, folder: Path, local_aws: StartedAws) -> None:
        self.folder = folder
        self.local_aws = local_aws
        self.file = folder / "Pulumi.local.yaml"
        self.also_on_path: Path | None = None
        """A folder with further programs."""
        self.also_set: dict[str, str] = {}
        """Further environment variables."""
        self._events = folder / ".agentcore" / "events.json"

    @property
    def environment(self) -> dict[str, str]:
        """What `agentcore local env` prints, and no other setting of AWS or Pulumi."""
        running = RunningLocalAws(0, 0, self.local_aws.endpoint, self.local_aws.aws_plugin_port)
        return {
            **clean_environment(),
            **local_environment(Project(self.folder), running, os.environ["PATH"]),
            **self.also_set,
            "PATH": os.pathsep.join(filter(None, (str(self.also_on_path or ""), warm_python.path()))),
            # Shows --event-log, which reports what was done in a form that stays.
            "PULUMI_DEBUG_COMMANDS": "true",
        }

    def up(self, *flags: str, succeeds: bool = True) -> Outcome:
        """`pulumi up`, without a preview."""
        return self._operate("up", "--yes", "--skip-preview", *flags, succeeds=succeeds)

    def preview(self, *flags: str, succeeds: bool = True) -> Outcome:
        """`pulumi preview`."""
        return self._operate("preview", *flags, succeeds=succeeds)

    def refresh(self, *flags: str, succeeds: bool = True) -> Outcome:
        """`pulumi refresh`."""
        return self._operate("refresh", "--yes", "--skip-preview", *flags, succeeds=succeeds)

    def destroy(self, *flags: str, succeeds: bool = True) -> Outcome:
        """`pulumi destroy`."""
        return self._operate("destroy", "--yes", "--skip-preview", *flags, succeeds=succeeds)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a pulumi command in a process group of its own and leave it running, to be killed or waited for."""
        return subprocess.Popen(
            [warm_python.programs() / "pulumi", *arguments, "--stack", "local", "--non-interactive"],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def pulumi(self, *arguments: str, succeeds: bool = True) -> str:
        """Any other pulumi command on the stack; returns what it printed."""
        return self._run(warm_python.programs() / "pulumi", *arguments, "--stack", "local", succeeds=succeeds)[1]

    def agentcore(self, *arguments: str, succeeds: bool = True) -> str:
        """An agentcore command in the project's folder; returns what it printed."""
        return self._run(warm_python.programs() / "agentcore", *arguments, succeeds=succeeds)[1]

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, secrets in clear."""
        outputs: dict[str, Any] = json.loads(self.pulumi("stack", "output", "--json", "--show-secrets"))
        return outputs

    def resources(self) -> list[dict[str, Any]]:
        """The resources in the stack's state, without the providers that the engine keeps there."""
        resources = json.loads(self.pulumi("stack", "export"))["deployment"].get("resources") or []
        return [resource for resource in resources if not resource["type"].startswith("pulumi:providers:")]

    def plugin_processes(self) -> list[int]:
        """Processes in which the engine runs this project's dynamic providers."""
        listed = subprocess.run(["ps", "-e", "-ww", "-o", "pid=,args="], capture_output=True, text=True, check=True)
        processes = (line.split(maxsplit=1) for line in listed.stdout.splitlines())
        return [int(pid) for pid, line in processes if str(self.folder) in line and "pulumi.dynamic" in line]

    def until(self, done: Callable[[], object], seconds: float = 60) -> None:
        """Wait until something holds."""
        deadline = time.monotonic() + seconds
        pause = Event()
        while not done():
            assert time.monotonic() < deadline, f"not after {seconds:g} s"
            pause.wait(0.05)

    def configure(self, change: Callable[[dict[str, Any]], object]) -> None:
        """Edit the configuration of the stack's file in place."""
        document = yaml.safe_load(self.file.read_text())
        change(document["config"])
        self.file.write_text(yaml.safe_dump(document, sort_keys=False))

    def _operate(self, operation: str, *flags: str, succeeds: bool) -> Outcome:
        self._events.unlink(missing_ok=True)
        arguments = [operation, "--stack", "local", "--event-log", str(self._events), *flags]
        code, text = self._run(warm_python.programs() / "pulumi", *arguments, "--non-interactive", succeeds=succeeds)
        changes: Counter[str] = Counter()
        lines = self._events.read_text().splitlines() if self._events.exists() else []
        for event in map(json.loads, lines):
            changes.update(event.get("summaryEvent", {}).get("resourceChanges") or {})
        return Outcome(code, text, dict(changes))

    def _run(self, program: Path, *arguments: str, succeeds: bool) -> tuple[int, str]:
        answer = subprocess.run(
            [program, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            # What pulumi says beside a JSON answer would spoil it.
            stderr=None if "--json" in arguments or "export" in arguments else subprocess.STDOUT,
            text=True,
            timeout=_LIMIT_SECONDS,
        )
        # Above its diagnostics pulumi lists every step.
        reported = answer.stdout[max(answer.stdout.find("Diagnostics:"), 0) :]
        assert (answer.returncode == 0) == succeeds, f"{program.name} {' '.join(arguments)}:\n{reported}"
        return answer.returncode, answer.stdout


def clean_environment() -> dict[str, str]:
    """The environment of this process without settings of AWS and Pulumi."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_"))}
    return inherited | {
        "PATH": warm_python.path(),
        "PULUMI_PYTHON_CMD": str(warm_python.programs() / "python"),
    }
