"""Real programs under the real engine: each test has its own project folder, local AWS, backend and Pulumi home."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import yaml

from agentcore_provider.cli.local_aws.environment import local_environment
from agentcore_provider.cli.local_aws.process import LocalAws as RunningLocalAws
from agentcore_provider.cli.project import Project
from tests.programs import forked_local_aws, packages_listed_once

_PROJECT = Path(__file__).parents[2]
_PROGRAMS = Path(sys.executable).parent
_LIMIT_SECONDS = 120


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("program")


class LocalAws:
    """A local AWS of its own, ended with the test."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._process: int | None = None
        self.endpoint = ""
        self.aws_plugin_port = 0

    def start(self, *flags: str) -> None:
        """Start on a free port, or again on the same one: with nothing in it. flags: of `agentcore local run`."""
        port = self.endpoint.rpartition(":")[2] or "0"
        self._process, ready = forked_local_aws.start(["--port", port, *flags], _clean_environment(), self._log)
        assert ready.startswith("ready http://127.0.0.1:"), self._log.read_text()
        self.endpoint = ready.removeprefix("ready ").strip()
        self.aws_plugin_port = self.ask("GET", "/_local/status")["aws_plugin_port"]

    def stop(self) -> None:
        """End it and its Lambda workers; what it held is gone."""
        if self._process is not None:
            process, self._process = self._process, None
            assert forked_local_aws.stop(process, seconds=15), self._log.read_text()

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """A request to local AWS's own doors, such as POST /_local/faults."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.endpoint + path, data, method=method, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            text = response.read()
        return json.loads(text) if text else None

    def forget_requests(self) -> None:
        """Let `requests` begin anew."""
        self.ask("DELETE", "/_local/requests")

    def requests(self) -> list[str]:
        """The operations that AWS was asked for, in order."""
        return [request["operation"] for request in self.ask("GET", "/_local/requests")]

    def client(self, service: str, region: str = "us-west-2") -> Any:
        """A boto3 client, to look at AWS or to change it behind Pulumi's back."""
        return _client(self.endpoint, service, region)


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

    def __init__(self, folder: Path, local_aws: LocalAws) -> None:
        self.folder = folder
        self.local_aws = local_aws
        self.file = folder / "Pulumi.local.yaml"
        self._events = folder / ".agentcore" / "events.json"

    @property
    def environment(self) -> dict[str, str]:
        """What `agentcore local env` prints, and no other setting of AWS or Pulumi."""
        running = RunningLocalAws(0, 0, self.local_aws.endpoint, self.local_aws.aws_plugin_port)
        return {
            **_clean_environment(),
            **local_environment(Project(self.folder), running, os.environ["PATH"]),
            # Shows --event-log, which tells what was done in a form that stays.
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
            [_PROGRAMS / "pulumi", *arguments, "--stack", "local", "--non-interactive"],
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
        return self._run(_PROGRAMS / "pulumi", *arguments, "--stack", "local", succeeds=succeeds)[1]

    def agentcore(self, *arguments: str, succeeds: bool = True) -> str:
        """An agentcore command in the project's folder; returns what it printed."""
        return self._run(_PROGRAMS / "agentcore", *arguments, succeeds=succeeds)[1]

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
        code, text = self._run(_PROGRAMS / "pulumi", *arguments, "--non-interactive", succeeds=succeeds)
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
        said = answer.stdout[max(answer.stdout.find("Diagnostics:"), 0) :]
        assert (answer.returncode == 0) == succeeds, f"{program.name} {' '.join(arguments)}:\n{said}"
        return answer.returncode, answer.stdout


def _client(endpoint: str, service: str, region: str) -> Any:
    import boto3

    keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    return boto3.client(service, endpoint_url=endpoint, region_name=region, **keys)


def _clean_environment() -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_"))}
    return inherited | {
        "PATH": f"{_PROGRAMS}{os.pathsep}{os.environ['PATH']}",
        "PULUMI_PYTHON_CMD": str(packages_listed_once.python()),
    }


@pytest.fixture(scope="session")
def client_at() -> Callable[..., Any]:
    """Makes a boto3 client of a local AWS: its address, the service and the Region."""
    return _client


@pytest.fixture
def local_aws(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[LocalAws]:
    """A running local AWS that only this test uses; indirect parameters are flags of `agentcore local run`."""
    local_aws = LocalAws(tmp_path / "local.log")
    try:
        local_aws.start(*getattr(request, "param", ()))
        yield local_aws
    finally:
        local_aws.stop()


@pytest.fixture(scope="session")
def start_local_aws() -> Callable[[Path], LocalAws]:
    """Starts a local AWS that logs into a folder, for tests that share one as `shared_local_aws`."""

    def start(folder: Path) -> LocalAws:
        local_aws = LocalAws(folder / "local.log")
        local_aws.start()
        return local_aws

    return start


@pytest.fixture
def stack_of(shared_local_aws: LocalAws) -> Callable[[Path], Stack]:
    """Makes the stack `local` of any project folder, not deployed yet, for the shared local AWS."""

    def stack(folder: Path) -> Stack:
        (folder / ".agentcore" / "state").mkdir(parents=True)
        made = Stack(folder, shared_local_aws)
        made.pulumi("stack", "init", "--non-interactive")
        return made

    return stack


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of this project's program, its stack files and its demo."""
    return _project(tmp_path)


@pytest.fixture
def stack(project: Path, local_aws: LocalAws) -> Stack:
    """Stack `local` of the project, not deployed yet."""
    return _stack(project, local_aws)


@pytest.fixture(scope="module")
def deployed(
    tmp_path_factory: pytest.TempPathFactory, start_local_aws: Callable[[Path], LocalAws]
) -> Iterator[tuple[Stack, Outcome]]:
    """Stack `local` of the project and how its first deployment went, for tests that leave it as they found it."""
    folder = tmp_path_factory.mktemp("deployed")
    local_aws = start_local_aws(folder)
    try:
        stack = _stack(_project(folder), local_aws)
        yield stack, stack.up()
    finally:
        local_aws.stop()


def _project(folder: Path) -> Path:
    project = folder / "project"
    (project / ".agentcore" / "state").mkdir(parents=True)
    for file in (*_PROJECT.glob("Pulumi*.yaml"), _PROJECT / "__main__.py"):
        shutil.copy(file, project)
    shutil.copytree(_PROJECT / "demo", project / "demo", ignore=shutil.ignore_patterns("__pycache__"))
    (project / ".venv").symlink_to(sys.prefix)
    return project


def _stack(project: Path, local_aws: LocalAws) -> Stack:
    file = project / "Pulumi.local.yaml"
    file.write_text(file.read_text().replace("http://127.0.0.1:4599", local_aws.endpoint))
    stack = Stack(project, local_aws)
    stack.pulumi("stack", "init", "--non-interactive")
    return stack
