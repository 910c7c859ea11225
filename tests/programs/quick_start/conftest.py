"""The shell that the quick start is typed into, with what it takes as given."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.programs import packages_listed_once

_PROGRAMS = Path(sys.executable).parent
OPENAPI = {
    "openapi": "3.0.0",
    "info": {"title": "My API", "version": "1.0.0"},
    "servers": [{"url": "https://api.example.com"}],
    "paths": {"/users": {"get": {"operationId": "listUsers", "responses": {"200": {"description": "Success"}}}}},
}


class Shell:
    """A shell of a stranger: an empty folder, a home of its own, and the command."""

    def __init__(self, folder: Path, client_at: Callable[..., Any]) -> None:
        self.folder = folder / "empty"
        self.folder.mkdir()
        self.project = folder / "data" / "agentcore" / "project"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_"))}
        path = f"{_PROGRAMS}{os.pathsep}{os.environ['PATH']}"
        self.environment = {
            **inherited,
            "XDG_DATA_HOME": str(folder / "data"),
            "PATH": path,
            "PULUMI_PYTHON_CMD": str(packages_listed_once.python()),
        }
        self.endpoint = ""
        self._client_at = client_at

    def run(self, line: str) -> subprocess.CompletedProcess[str]:
        """A line as it is typed."""
        return subprocess.run(
            line,
            shell=True,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=280,
        )

    def succeeds(self, line: str) -> str:
        """What a line prints that has to succeed."""
        done = self.run(line)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def changes(self, line: str) -> dict[str, int]:
        """What a line that takes --json did to the stack."""
        changes: dict[str, int] = json.loads(self.succeeds(f"{line} --json"))["changes"]
        return changes

    def forget_requests(self) -> None:
        """Let `requests` begin anew."""
        self._ask("DELETE")

    def requests(self) -> list[str]:
        """The operations that AWS was asked for, in order."""
        return [request["operation"] for request in json.loads(self._ask("GET"))]

    def _ask(self, method: str) -> bytes:
        request = urllib.request.Request(f"{self.endpoint}/_local/requests", method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return bytes(answer.read())

    def client(self, service: str, region: str = "us-west-2") -> Any:
        return self._client_at(self.endpoint, service, region)

    def gateways(self, region: str = "us-west-2") -> list[str]:
        """Names of the gateways in AWS."""
        control = self.client("bedrock-agentcore-control", region)
        return [gateway["name"] for gateway in control.list_gateways()["items"]]


@pytest.fixture(scope="module")
def shell(
    tmp_path_factory: pytest.TempPathFactory, client_at: Callable[..., Any], load: Callable[[str], Any]
) -> Iterator[Shell]:
    """A shell beside a local AWS with what the quick start takes as given: a role, a function, an API's description."""
    shell = Shell(tmp_path_factory.mktemp("quick-start"), client_at)
    shell.succeeds("agentcore local start --port 0")
    try:
        status = json.loads(shell.succeeds("agentcore local status --json"))
        shell.endpoint = status["endpoint"]
        load("programs/by_hand.py").make(shell.client, role="BedrockAgentCoreGatewayRole", function="MyFunction")
        s3 = shell.client("s3")
        s3.create_bucket(Bucket="mybucket", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
        s3.put_object(Bucket="mybucket", Key="openApiSchema.json", Body=json.dumps(OPENAPI))
        yield shell
    finally:
        shell.run("agentcore local stop")


@pytest.fixture
def new_shell(tmp_path: Path, client_at: Callable[..., Any]) -> Shell:
    """A shell without a local AWS."""
    return Shell(tmp_path, client_at)
