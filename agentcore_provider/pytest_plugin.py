"""A pytest plugin: an AWS with AgentCore Gateways that answer, for tests of agents and of what deploys for them.

pytest loads it with the package. It needs the extra `[local]`, no account and no network.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple, TypedDict

import pytest

if TYPE_CHECKING:
    import boto3

    from agentcore_provider.cli.project import Project
    from agentcore_provider.gateway_client import GatewayClient

REGION = "us-west-2"
_KEY = "local"
_END_SECONDS = 15.0
_CALL_SECONDS = 60.0


class Settings(TypedDict, total=False):
    """What the fixture `agentcore_local_settings` may return."""

    ready_after: Mapping[str, float]
    """Seconds until a `gateway`, `target`, `domain` or `policy` has settled, or a `permission` applies. Default: 0."""
    enforce_limits: bool
    """Whether calls above the service's rates and quotas are refused. Default: no."""


class Request(NamedTuple):
    """A request that local AWS received."""

    service: str
    """Such as `bedrock-agentcore-control`, `s3`; `mcp` for messages to gateways."""
    operation: str
    """Such as `CreateGateway`; for `mcp` the method, such as `tools/call`."""
    status: int
    """HTTP status of the answer; 0 if it was withheld."""


class AgentCoreLocal:
    """A local AWS that runs for tests, at a port of its own.

    Example:
        ```python
        def test_the_agent_asks_once(agentcore_local: AgentCoreLocal) -> None:
            gateway = agentcore_local.gateway_client.create_mcp_gateway(name="shop", enable_semantic_search=False)
            ask_my_agent(gateway["gatewayUrl"])
            assert agentcore_local.requests("mcp")[-1].operation == "tools/call"
        ```
    """

    def __init__(self, url: str, folder: Path, aws_plugin_port: int | None) -> None:
        self.url = url
        """Its address, such as http://127.0.0.1:40123: boto3's `endpoint_url`."""
        self.region = REGION
        """The Region that sessions and programs use unless they name one."""
        self._folder = folder
        self._aws_plugin_port = aws_plugin_port

    def __repr__(self) -> str:
        return f"AgentCoreLocal({self.url})"

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables for programs that are to use it: boto3, the AWS command line, `pulumi up`.

        Pulumi keeps its state in a folder that is deleted after the tests. While a test uses the fixture, the variables
        of AWS are set in its process too.
        """
        from agentcore_provider.cli.local_aws.environment import local_environment
        from agentcore_provider.cli.local_aws.process import LocalAws

        project = self._project_with_state_folder()
        local_aws = LocalAws(0, int(self.url.rpartition(":")[2]), self.url, self._aws_plugin_port)
        return local_environment(project, local_aws, os.environ.get("PATH", os.defpath)) | {
            "PULUMI_PYTHON_CMD": sys.executable
        }

    @property
    def session(self) -> boto3.Session:
        """A session of boto3 whose clients call local AWS."""
        import boto3

        session = boto3.Session(_KEY, _KEY, region_name=self.region)
        for name in ("client", "resource"):
            setattr(session, name, partial(getattr(session, name), endpoint_url=self.url))
        return session

    @property
    def gateway_client(self) -> GatewayClient:
        """Creates gateways and targets, and calls their tools: see GatewayClient."""
        from agentcore_provider.gateway_client import GatewayClient

        return GatewayClient(self.region, endpoint_url=self.url)

    def fault(
        self,
        operation: str,
        kind: Literal["status", "drop", "stall", "fail"] = "status",
        *,
        nth: int = 1,
        times: int = 1,
        status: int = 500,
        code: str = "",
        seconds: float = 0.0,
        reason: str = "Fault on request",
    ) -> None:
        """Let an operation fail until the reset.

        operation: such as `CreateGateway` or `tools/call`; `*` for all. kind: `status` answers an error, `drop` does the
        work and closes the connection without an answer, `stall` waits for `seconds` first, `fail` lets what the call
        starts end in a failed state. nth: the first call that fails, counted from now. times: how many fail.
        status, code: of the error; default: a code that fits the status. reason: its message, or the status reason.

        Raises:
            ValueError: A value is not valid.
        """
        document = {"operation": operation, "kind": kind, "nth": nth, "times": times, "status": status}
        self._ask("POST", "faults", {**document, "code": code, "seconds": seconds, "reason": reason})

    def requests(self, service: str | None = None) -> list[Request]:
        """The requests since the reset, oldest first, at most the last 20,000. service: those to one service."""
        found = [Request(it["service"], it["operation"], it["status"]) for it in self._ask("GET", "requests")]
        return [it for it in found if service in (None, it.service)]

    def reset(self) -> None:
        """Forget every resource, fault and request. The fixture `agentcore_local` does so after each test."""
        self._ask("POST", "reset")
        shutil.rmtree(self._folder / ".agentcore", ignore_errors=True)
        # Programs may have the variables already.
        self._project_with_state_folder()

    def _project_with_state_folder(self) -> Project:
        from agentcore_provider.cli.project import Project

        project = Project(self._folder)
        project.make_state_folder()
        return project

    def _ask(self, method: str, name: str, document: object = None) -> Any:
        return _ask(self.url, method, name, document)


@pytest.fixture(scope="session")
def agentcore_local_settings() -> Settings:
    """How the local AWS of both fixtures behaves. Override it: `return {"ready_after": {"gateway": 3.0}}`."""
    return {}


@pytest.fixture(scope="session")
def agentcore_local_session(agentcore_local_settings: Settings) -> Iterator[AgentCoreLocal]:
    """A local AWS that keeps what is created until the last test has ended, for deployments that many tests share.

    boto3 and other programs use it as well, except in tests with the fixture `agentcore_local`.
    """
    with _started(agentcore_local_settings) as local, pytest.MonkeyPatch.context() as patch:
        _use(local, patch)
        yield local


@pytest.fixture(scope="session")
def _agentcore_local(agentcore_local_settings: Settings) -> Iterator[AgentCoreLocal]:
    with _started(agentcore_local_settings) as local:
        yield local


@pytest.fixture
def agentcore_local(_agentcore_local: AgentCoreLocal, monkeypatch: pytest.MonkeyPatch) -> Iterator[AgentCoreLocal]:
    """A local AWS without any resource. boto3, and programs that the test starts, use it unless they name another."""
    _use(_agentcore_local, monkeypatch)
    yield _agentcore_local
    _agentcore_local.reset()


def _use(local: AgentCoreLocal, patch: pytest.MonkeyPatch) -> None:
    import boto3

    from agentcore_provider.cli.local_aws.environment import REAL_ACCOUNT

    # It keeps the credentials that it has read, whatever the variables are later.
    patch.setattr(boto3, "DEFAULT_SESSION", None)
    for name in REAL_ACCOUNT:
        patch.delenv(name, raising=False)
    for name, value in local.environment.items():
        if name.startswith("AWS_"):
            patch.setenv(name, value)


@contextlib.contextmanager
def _started(settings: Settings) -> Iterator[AgentCoreLocal]:
    flags = [f"--ready-after={kind}={seconds:g}" for kind, seconds in settings.get("ready_after", {}).items()]
    flags += ["--enforce-limits"] if settings.get("enforce_limits") else []
    command = [sys.executable, "-m", "agentcore_provider.local", "--port=0", "--end-with-input", *flags]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_"))}
    with tempfile.TemporaryDirectory(prefix="agentcore-local-") as name, tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(  # noqa: S603 (this package's own command)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, env=environment
        )
        try:
            url = _ready_url(process, log)
            port = _ask(url, "GET", "status")["aws_plugin_port"]
            yield AgentCoreLocal(url, Path(name), port)
        finally:
            _end(process)


def _ready_url(process: subprocess.Popen[str], log: IO[str]) -> str:
    word, _, url = (process.stdout.readline() if process.stdout else "").strip().partition(" ")
    if word == "ready":
        return url
    process.wait(_END_SECONDS)
    log.seek(0)
    last = (log.read().strip().splitlines() or ["it printed nothing"])[-1]
    message = f"Local AWS does not start: {last}"
    if "No module named" in last:
        from agentcore_provider.installation import command

        message += f". Install what it needs: {command(extra='local')}"
    pytest.fail(message, pytrace=False)


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.communicate(timeout=_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def _ask(url: str, method: str, name: str, document: object = None) -> Any:
    from agentcore_provider.loopback import url_opener

    body = None if document is None else json.dumps(document).encode()
    request = urllib.request.Request(f"{url}/_local/{name}", body, {"Content-Type": "application/json"}, method=method)
    try:
        with url_opener(url).open(request, timeout=_CALL_SECONDS) as response:
            text = response.read()
    except urllib.error.HTTPError as error:
        raise ValueError(json.load(error)["message"]) from None
    return json.loads(text) if text else None
