"""Local AWS in processes of their own, forked from one that has imported everything: dozens of times, each at once.

That `agentcore local run` starts from nothing and ends cleanly is what tests/local/test_run.py sees to.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Event
from typing import Any

_BACKENDS = ("iam", "sts", "lambda", "s3", "cognito-idp", "secretsmanager", "events", "logs")


def start(flags: Sequence[str], environment: Mapping[str, str], log: Path) -> tuple[int, str]:
    """Start one whose standard error goes to the log; returns its process and the line that it prints when ready."""
    answer = _ask(start=list(flags), environment=dict(environment), log=str(log))
    return answer["process"], answer["line"]


def stop(process: int, seconds: float) -> bool:
    """End it with SIGTERM, and what is left of its process group after a while; returns whether it ended by itself."""
    return bool(_ask(stop=process, seconds=seconds)["ended"])


@functools.cache
def _server() -> subprocess.Popen[str]:
    """The process that forks; it and its forks end when this process does."""
    return subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def _ask(**question: Any) -> dict[str, Any]:
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(json.dumps(question) + "\n")
    server.stdin.flush()
    answer: dict[str, Any] = json.loads(server.stdout.readline())
    return answer


def _serve() -> None:
    _import_everything()
    running: set[int] = set()
    for line in sys.stdin:
        question = json.loads(line)
        if "start" in question:
            answer = _fork(question["start"], question["environment"], Path(question["log"]))
            running.add(answer["process"])
        else:
            answer = {"ended": _end(question["stop"], question["seconds"])}
            running.discard(question["stop"])
        print(json.dumps(answer), flush=True)
    for process in running:
        _end(process, 0)


def _fork(flags: list[str], environment: dict[str, str], log: Path) -> dict[str, Any]:
    heard, reported = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(heard)
        _run(flags, environment, log, reported)
    os.close(reported)
    with os.fdopen(heard) as output:
        return {"process": process, "line": output.readline()}


def _run(flags: list[str], environment: dict[str, str], log: Path, reported: int) -> None:
    code = 1
    try:
        from moto.moto_api._internal import mock_random

        from agentcore_provider import pulumi_aws_stand_in
        from agentcore_provider.local import run

        os.setsid()
        os.chdir(log.parent)
        os.environ.clear()
        os.environ.update(environment)
        # Every fork would draw the same names.
        mock_random.seed()
        with log.open("a") as file, open(os.devnull) as nothing:
            for descriptor, stream in ((nothing.fileno(), 0), (reported, 1), (file.fileno(), 2)):
                os.dup2(descriptor, stream)
        os.close(reported)
        run.main(flags, aws_plugin=pulumi_aws_stand_in)
        code = 0
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _end(process: int, seconds: float) -> bool:
    deadline, pause, ended = time.monotonic() + seconds, Event(), False
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGTERM)
    while not (ended := os.waitpid(process, os.WNOHANG)[0] == process) and time.monotonic() < deadline:
        pause.wait(0.01)
    # Its Lambda workers.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)
    if not ended:
        os.waitpid(process, 0)
    return ended


def _import_everything() -> None:
    for module in ("run", "server", "application", "application.request_handler", "lambda_runtime"):
        importlib.import_module(f"agentcore_provider.local.{module}")
    importlib.import_module("agentcore_provider.pulumi_aws_stand_in.server")
    from moto.backends import get_backend
    from moto.core.utils import get_service_model

    from agentcore_provider.local.server import warm_up

    warm_up()
    for service in _BACKENDS:
        get_service_model(service)
        get_backend(service.replace("-", ""))  # type: ignore[call-overload]


if __name__ == "__main__":
    _serve()
