"""The process that tests/support/warm_python.py forks: it imports everything, then forks for everyone who asks.

A fork ends when the process that asked for it does, and all end when the tests do.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import io
import marshal
import os
import pkgutil
import resource
import runpy
import select
import signal
import socket
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any, NoReturn

_MODULES = (
    *("pulumi.automation", "pulumi.dynamic", "pulumi.runtime.proto.provider_pb2_grpc", "dill"),
    *("boto3", "botocore.session", "botocore.httpsession", "moto.backends"),
)
_BACKENDS = ("iam", "sts", "lambda", "s3", "cognito-idp", "secretsmanager", "events", "logs")


def _serve(folder: Path) -> None:
    # The forks' own programs start such Pythons, too.
    sys.executable, sys.prefix, sys.exec_prefix = str(folder / "bin" / "python"), str(folder), str(folder)
    del sys.path[0]
    _import_everything()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(folder / "forks"))
    listener.listen(64)
    wakened, waken = os.pipe()
    os.set_blocking(waken, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waken)
    clients: dict[int, socket.socket] = {}
    sources = select.poll()
    for source in (0, wakened, listener.fileno()):
        sources.register(source, select.POLLIN)
    gc.collect()
    gc.freeze()
    print("ready", flush=True)
    while True:
        for source, _ in sorted(sources.poll(), reverse=True):  # a client's end before that of its fork
            if source == 0:
                for process in clients:
                    os.kill(process, signal.SIGKILL)
                os._exit(0)
            elif source == wakened:
                os.read(wakened, 4096)
                _report_ended(clients, sources)
            elif source == listener.fileno():
                client, _ = listener.accept()
                process = os.fork()
                if process == 0:
                    for other in (*clients.values(), listener):
                        other.close()
                    _run(client)
                clients[process] = client
                # Only its end: what it sends is for the fork to read.
                sources.register(client, 0)
            else:
                sources.unregister(source)
                os.kill(next(it for it, client in clients.items() if client.fileno() == source), signal.SIGKILL)


def _report_ended(clients: dict[int, socket.socket], sources: select.poll) -> None:
    with contextlib.suppress(ChildProcessError):
        while True:
            process, status = os.waitpid(-1, os.WNOHANG)
            if process == 0:
                return
            client = clients.pop(process)
            with contextlib.suppress(KeyError):
                sources.unregister(client)
            with contextlib.suppress(OSError):
                client.sendall(status.to_bytes(4, "big"))
            client.close()


def _run(client: socket.socket) -> NoReturn:
    code = 1
    try:
        arguments = _become(client)
        code = 0
        if arguments[0] == "-m":
            sys.argv[1:] = arguments[2:]
            sys.path.insert(0, os.getcwd())
            runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv = arguments
            sys.path.insert(0, str(Path(arguments[0]).parent))
            runpy.run_path(arguments[0], run_name="__main__")
    except SystemExit as exit_:
        code = _exit_code(exit_)
    except BaseException:
        code = 1
        sys.excepthook(*sys.exc_info())
    finally:
        with contextlib.suppress(BaseException):
            threading._shutdown()  # type: ignore[attr-defined]
            atexit._run_exitfuncs()
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _become(client: socket.socket) -> list[str]:
    """Take over what the client was started with; returns its arguments."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    header, streams, _, _ = socket.recv_fds(client, 4, 3)
    question = b""
    while len(question) < int.from_bytes(header, "big"):
        question += client.recv(1 << 20)
    program, arguments, folder, environment, process = marshal.loads(question)
    for stream, descriptor in enumerate(streams):
        os.dup2(descriptor, stream)
        os.close(descriptor)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None
    if hasattr(resource, "prlimit"):
        resource.setrlimit(resource.RLIMIT_FSIZE, resource.prlimit(process, resource.RLIMIT_FSIZE))
    sys.argv = [program]
    if arguments[0] == "-u":
        del arguments[0]
        sys.stdout = io.TextIOWrapper(io.FileIO(1, "wb"), encoding="utf-8", write_through=True)
    _seed()
    client.sendall(os.getpid().to_bytes(4, "big"))
    return list(arguments)


def _seed() -> None:
    """Every fork would draw the same names."""
    from moto.moto_api._internal import mock_random

    mock_random.seed()


def _exit_code(exit_: SystemExit) -> int:
    if exit_.code is None or isinstance(exit_.code, int):
        return exit_.code or 0
    print(exit_.code, file=sys.stderr)
    return 1


def _import_everything() -> None:
    import pulumi_aws

    import agentcore_provider

    for module in _MODULES:
        importlib.import_module(module)
    for found in pkgutil.walk_packages(agentcore_provider.__path__, "agentcore_provider."):
        if not any(part in found.name for part in ("__main__", ".data.", "bootstrap")):
            importlib.import_module(found.name)
    from moto.backends import get_backend
    from moto.core.utils import get_service_model

    from agentcore_provider.local.server import warm_up
    from agentcore_provider.rules import service_model
    from agentcore_provider.stack_config import json_schema

    warm_up()
    # These modules are imported when one of their classes is first used.
    _ = pulumi_aws.iam.Role, pulumi_aws.lambda_.Function
    service_model.load(service_model.CONTROL)
    json_schema.schema()
    for service in _BACKENDS:
        get_service_model(service)
        backend: Any = service.replace("-", "")
        get_backend(backend)
    assert threading.active_count() == 1, threading.enumerate()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
