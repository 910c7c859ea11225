from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import Result

from agentcore_provider.local.settings import READY_AFTER_KINDS
from tests.support.local_aws import LocalAws

Agentcore = Callable[..., Result]
_COMMAND = [sys.executable, "-m", "agentcore_provider.cli", "local"]


@pytest.fixture
def started(project: Path) -> Iterator[Path]:
    """A project whose real local AWS runs in the background, on a free port."""
    done = subprocess.run([*_COMMAND, "start", "--port", "0"], capture_output=True, text=True, timeout=90, check=False)
    try:
        assert done.returncode == 0, done.stderr
        yield project
    finally:
        subprocess.run([*_COMMAND, "stop"], timeout=60, check=True)


def test_start_env_status_stop_for_real(agentcore: Agentcore, started: Path) -> None:
    """What `make up` and a developer's shell rely on."""
    status = json.loads(agentcore("local", "status", "--json").stdout)
    assert status["running"] is True

    again = agentcore("local", "start")
    assert (again.exit_code, "already runs at " + status["endpoint"] in again.stderr) == (0, True)

    script = f'eval "$({shlex.join([*_COMMAND, "env"])})" && env -0'
    shell = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=60, check=True)
    environment = dict(line.split("=", 1) for line in shell.stdout.split("\0") if "=" in line)
    state = started / ".agentcore"
    assert environment["AWS_ENDPOINT_URL"] == status["endpoint"]
    assert environment["PULUMI_BACKEND_URL"] == f"file://{state}/state"
    assert environment["PULUMI_HOME"] == f"{state}/pulumi-home"
    assert environment["PULUMI_DEBUG_PROVIDERS"] == f"aws:{status['aws_plugin_port']}"
    assert environment["AWS_REGION"] == "us-west-2"
    assert environment["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)
    assert (state / "state").is_dir()

    iam = LocalAws(status["endpoint"]).client("iam")
    iam.create_user(UserName="nobody")
    reset = agentcore("local", "reset")
    assert (reset.exit_code, "Local AWS is empty" in reset.stderr) == (0, True)
    assert iam.list_users()["Users"] == []

    assert agentcore("local", "stop").exit_code == 0
    assert agentcore("local", "status").exit_code == 3
    stopped = agentcore("local", "reset")
    assert (stopped.exit_code, "Local AWS is empty" in stopped.stderr) == (0, True)
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", status["port"]), timeout=5):
        pass


def test_status_and_stop_without_local_aws(agentcore: Agentcore, project: Path) -> None:
    result = agentcore("local", "status", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (3, {"running": False})
    result = agentcore("local", "stop")
    assert (result.exit_code, "does not run" in result.stderr) == (0, True)
    assert not (project / ".agentcore").exists()


def test_env_starts_nothing_and_prints_nothing_but_the_error(agentcore: Agentcore, project: Path) -> None:
    result = agentcore("local", "env")
    assert (result.exit_code, result.stdout, "agentcore local start" in result.stderr) == (3, "", True)
    assert not (project / ".agentcore").exists()


@pytest.mark.parametrize("given", ["gateway", "gateway=soon", "gateway=-1", "gateway=inf", "region=2"])
def test_a_wrong_delay_is_exit_code_2(agentcore: Agentcore, project: Path, given: str) -> None:
    result = agentcore("local", "start", "--ready-after", given)
    assert (result.exit_code, f"--ready-after {given}" in result.stderr) == (2, True)
    assert not (project / ".agentcore").exists()


@pytest.mark.parametrize("kind", READY_AFTER_KINDS)
def test_everything_that_local_aws_can_delay_is_a_delay(agentcore: Agentcore, project: Path, kind: str) -> None:
    """The next flag is the one that is refused, and the message lists each kind."""
    result = agentcore("local", "start", "--ready-after", f"{kind}=1", "--ready-after", "region=2")
    assert (result.exit_code, "--ready-after region=2" in result.stderr, kind in result.stderr) == (2, True, True)


def test_open_prints_the_address_of_the_page(agentcore: Agentcore, started: Path) -> None:
    """Where it is served; without a running local AWS it is an error that names the cure."""
    address = agentcore("local", "open", "--print").stdout.strip()
    with urllib.request.urlopen(address, timeout=30) as page:
        assert "<h1>Gateways</h1>" in page.read().decode()
    agentcore("local", "stop")
    result = agentcore("local", "open", "--print")
    assert (result.exit_code, "agentcore local start" in result.stderr) == (3, True)


def test_states_are_saved_and_loaded_whether_it_runs_or_not(agentcore: Agentcore, started: Path) -> None:
    """Also when started with --forget; a reset empties what is kept, and leaves what is saved."""
    endpoint = json.loads(agentcore("local", "status", "--json").stdout)["endpoint"]
    assert f"It keeps what is created in {started}" in agentcore("local", "status").stdout
    LocalAws(endpoint).client("iam").create_user(UserName="ada")
    assert agentcore("local", "save", "one").exit_code == 0
    LocalAws(endpoint).client("iam").create_user(UserName="bea")

    assert agentcore("local", "stop").exit_code == 0
    assert agentcore("local", "save", "two").exit_code == 0
    assert agentcore("local", "load", "one").exit_code == 0
    assert agentcore("local", "saved").stdout.split() == ["one", "two"]
    assert json.loads(agentcore("local", "saved", "--json").stdout) == ["one", "two"]
    for name, message in (("three", "Name one of one, two"), ("../one", "is not a name for a state")):
        refused = agentcore("local", "load", name)
        assert (refused.exit_code, message in refused.stderr) == (2, True)

    assert subprocess.run([*_COMMAND, "start", "--port", "0"], timeout=90).returncode == 0
    users = LocalAws(endpoint).client("iam").list_users
    assert [user["UserName"] for user in users()["Users"]] == ["ada"]
    assert agentcore("local", "load", "two").exit_code == 0
    assert [user["UserName"] for user in users()["Users"]] == ["ada", "bea"]
    assert agentcore("local", "stop").exit_code == 0

    assert agentcore("local", "reset").exit_code == 0
    empty = agentcore("local", "save", "empty")
    assert (empty.exit_code, "keeps nothing yet" in empty.stderr) == (1, True)
    damaged = started / ".agentcore" / "local-aws" / "saved" / "two.state"
    damaged.write_bytes(damaged.read_bytes()[:-1])
    refused = agentcore("local", "load", "two")
    assert (refused.exit_code, refused.stderr) == (
        1,
        "Error: The state two is damaged. Load another one: `agentcore local saved`.\n",
    )
    assert subprocess.run([*_COMMAND, "start", "--port", "0", "--forget"], timeout=90).returncode == 0
    assert "It keeps nothing on disk" in agentcore("local", "status").stdout
    assert agentcore("local", "load", "one").exit_code == 0
    assert agentcore("local", "stop").exit_code == 0
    assert not (started / ".agentcore" / "local-aws" / "current.state").exists()
