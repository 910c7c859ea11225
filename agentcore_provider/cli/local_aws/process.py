"""Local AWS as a background process of a project: start it, find it, stop it.

A lock file, held by the process for as long as it lives, shows whether it runs. So neither a crash nor a process id
that the system has reused is taken for it, and two `start` at once start one local AWS.
"""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from threading import Event

from agentcore_provider.cli import files
from agentcore_provider.cli.project import Project
from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.errors import LocalAwsError
from agentcore_provider.loopback import url_opener

_START_SECONDS = 60.0
_POLL_SECONDS = 0.02
_RESET_SECONDS = 30.0


@dataclass(frozen=True)
class LocalAws:
    """A local AWS that runs in the background."""

    pid: int
    port: int
    endpoint: str
    aws_plugin_port: int | None
    """Port of the stand-in for Pulumi's aws plugin; None if it runs without one."""


class LocalProcess:
    """The local AWS of one project."""

    def __init__(
        self,
        project: Project,
        command: Sequence[str] = (sys.executable, "-m", "agentcore_provider.cli", "local", "run"),
        stop_seconds: float = 15.0,
    ) -> None:
        """command: what runs local AWS in the foreground; it takes --port and prints its ready line.

        stop_seconds: how long it may take to end after SIGTERM; then it is killed.
        """
        self._command = command
        self._stop_seconds = stop_seconds
        self._project = project
        self._folder = project.state_folder
        self._state = self._folder / "local.json"
        self._lock = self._folder / "local.lock"
        self.log = self._folder / "local.log"

    def find(self) -> LocalAws | None:
        """The running local AWS, or None. One that is just starting counts once it is ready."""
        if not self._is_held():
            return None
        return self._read_state()

    def answers(self, local_aws: LocalAws) -> bool:
        """Whether it answers; a stuck or stopped process does not."""
        try:
            status_of(local_aws.endpoint)
        except (OSError, ValueError):
            return False
        return True

    def state_of(self, local_aws: LocalAws) -> JsonDict:
        """What it reports of its state on disk; nothing if it does not answer."""
        try:
            state = status_of(local_aws.endpoint).get("state")
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}

    def reset(self, local_aws: LocalAws) -> None:
        """Forget everything in it. Raises LocalAwsError if it does not answer."""
        request = urllib.request.Request(f"{local_aws.endpoint}/_local/reset", method="POST")
        try:
            url_opener(local_aws.endpoint).open(request, timeout=_RESET_SECONDS).close()
        except OSError as error:
            raise LocalAwsError(
                f"Local AWS (process {local_aws.pid}) cannot be reset at {local_aws.endpoint} ({error})",
                "Run `agentcore local stop`, then `agentcore local start`",
            ) from None

    def empty_at(self, local_aws: LocalAws) -> float | None:
        """When it was last empty, or got another state, in seconds since the epoch.

        None if it is not the one of this project.
        """
        running = self.find()
        if running is None or running.endpoint != local_aws.endpoint:
            return None
        since = self.state_of(running).get("since")
        return since if isinstance(since, float) else self._state.stat().st_mtime

    def start(self, *, port: int, flags: Sequence[str]) -> tuple[LocalAws, bool]:
        """Start it unless it runs; returns it, and whether this call started it.

        flags: further flags of `agentcore local run`. Raises LocalAwsError, and then nothing is left running.
        """
        self._project.make_state_folder()
        while (lock := self._take_lock()) is None:
            if (running := self._await_other()) is not None:
                return running, False
        try:
            self._state.unlink(missing_ok=True)
            _require_free(port)
            return self._launch(port, flags, lock), True
        finally:
            # Closing gives up this process's share of the lock; local AWS keeps its own.
            os.close(lock)

    def stop(self) -> bool:
        """Stop it and wait until it is gone; returns whether there was anything to stop."""
        if not self._is_held():
            self._state.unlink(missing_ok=True)
            return False
        local_aws = self._await_other()
        if local_aws is None:
            return False
        for kill, sent in ((os.kill, signal.SIGTERM), (os.killpg, signal.SIGKILL)):
            # It leads a process group of its own, so its Lambda workers go with it.
            with contextlib.suppress(ProcessLookupError):
                kill(local_aws.pid, sent)
            if _wait(lambda: not self._is_held(), self._stop_seconds):
                self._state.unlink(missing_ok=True)
                return True
        raise LocalAwsError(
            f"Local AWS (process {local_aws.pid}) does not end", f"End it with `kill -9 {local_aws.pid}`"
        )

    def _launch(self, port: int, flags: Sequence[str], lock: int) -> LocalAws:
        command = [*self._command, "--port", str(port), "--state", str(self._project.local_aws_folder), *flags]
        with files.create_private(self.log) as log:
            process = subprocess.Popen(  # noqa: S603 (our own command)
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._folder.parent,
                env=_clean_environment(os.environ),
                start_new_session=True,
                pass_fds=(lock,),
            )
        try:
            endpoint = self._await_ready(process)
            local_aws = _describe(process.pid, endpoint)
            self._write_state(local_aws)
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        return local_aws

    def _await_ready(self, process: subprocess.Popen[bytes]) -> str:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            ended = process.poll() is not None
            text = self.log.read_text(encoding="utf-8", errors="replace")
            for line in text.splitlines():
                if line.startswith("ready http"):
                    return line.removeprefix("ready ").strip()
            if ended:
                last = next((line for line in reversed(text.splitlines()) if line.strip()), "it printed nothing")
                raise LocalAwsError(
                    f"Local AWS ended while starting (exit code {process.returncode}): "
                    f"{last.strip().removeprefix('Error: ')} (log: {self.log})"
                )
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_POLL_SECONDS)
        raise LocalAwsError(
            f"Local AWS was not ready after {_START_SECONDS:g} s and was ended", f"See {self.log}, then start it again"
        )

    def _await_other(self) -> LocalAws | None:
        """Wait for the process that holds the lock to become ready; None if it gives up."""
        if not _wait(lambda: self._read_state() is not None or not self._is_held(), _START_SECONDS):
            raise LocalAwsError(f"A start of local AWS holds {self._lock} and is not ready", f"See {self.log}")
        return self._read_state()

    def _take_lock(self) -> int | None:
        lock = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        os.fchmod(lock, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return None
        return lock

    def _is_held(self) -> bool:
        if not self._lock.exists():
            return False
        lock = self._take_lock()
        if lock is None:
            return True
        os.close(lock)
        return False

    def _read_state(self) -> LocalAws | None:
        try:
            document = json.loads(self._state.read_text(encoding="utf-8"))
            local_aws = LocalAws(**{name: document[name] for name in LocalAws.__dataclass_fields__})
            os.kill(local_aws.pid, 0)  # raises if a crashed predecessor left this file behind
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return local_aws

    def _write_state(self, local_aws: LocalAws) -> None:
        files.write_private(self._state, json.dumps(asdict(local_aws), indent=2) + "\n")


def _describe(pid: int, endpoint: str) -> LocalAws:
    try:
        status = status_of(endpoint)
    except (OSError, ValueError) as error:
        raise LocalAwsError(
            f"Local AWS at {endpoint} was ready, but does not report its status ({error})", "Start it again"
        ) from None
    port = int(endpoint.rsplit(":", 1)[1])
    return LocalAws(pid, port, endpoint, status.get("aws_plugin_port"))


def status_of(endpoint: str, timeout: float = 5.0) -> JsonDict:
    """Raises OSError if nothing answers, ValueError if another server does."""
    try:
        with url_opener(endpoint).open(f"{endpoint}/_local/status", timeout=timeout) as response:
            status = json.load(response)
    except http.client.HTTPException as error:
        raise ValueError(f"not HTTP: {error!r}") from None
    if not isinstance(status, dict):
        raise ValueError("not a JSON object")
    return status


def _require_free(port: int) -> None:
    if port == 0:
        return
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise LocalAwsError(f"Port {port} may not be used by this user", "Choose one with `--port`") from None
        except OSError:
            holder = "another program"
            with contextlib.suppress(OSError, ValueError):
                status_of(f"http://127.0.0.1:{port}", timeout=0.5)
                holder = "another local AWS (of another project, or `agentcore local run`)"
            raise LocalAwsError(
                f"Port {port} is taken by {holder}", "Stop it, or choose a free one with `--port`"
            ) from None


def _clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Local AWS must never get the credentials or settings of a real account."""
    return {name: value for name, value in environment.items() if not name.startswith(("AWS_", "PULUMI_"))}


def _wait(done: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    pause = Event()
    while not done():
        if time.monotonic() > deadline:
            return False
        pause.wait(_POLL_SECONDS)
    return True
