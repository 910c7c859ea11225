"""Local AWS as a threaded HTTP/1.1 server on one loopback port."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Protocol
from urllib.parse import urlsplit

from agentcore_provider.local import service_model, store
from agentcore_provider.local.application import Application
from agentcore_provider.local.application.guard import Guard
from agentcore_provider.local.disk import state_file
from agentcore_provider.local.disk.keeper import Keeper
from agentcore_provider.local.disk.state_file import StateUnusableError
from agentcore_provider.local.disk.state_folder import StateFolder
from agentcore_provider.local.page import Page
from agentcore_provider.local.settings import Clock, Settings

_HOST = "127.0.0.1"
_END_SECONDS = 0.05

_serving: set[Server] = set()
_counting = threading.Lock()


class AddressTakenError(Exception):
    """Something else listens on the port."""


class AwsPlugin(Protocol):
    """What answers Pulumi's engine in place of its aws plugin."""

    def start(self, endpoint: str, *, port: int = 0) -> int:
        """Serve on a loopback port, 0 for a free one, and return it. Raises OSError if it is taken."""

    def stop(self, port: int | None = None) -> None:
        """Stop what serves on a port."""


class Server:
    """A local AWS that serves in the background, from construction until `close`.

    Its AWS resources live in memory that all servers of a process share; the first after all others have closed starts
    without gateways.
    """

    def __init__(
        self,
        *,
        port: int,
        monotonic: Callable[[], float],
        ready_after: Mapping[str, float] | None = None,
        enforce_limits: bool = False,
        state_folder: Path | None = None,
        keeps_state: bool = True,
    ) -> None:
        """state_folder: where states are on disk; None: everything is in memory alone.

        keeps_state: whether to go on with the last state there, and to write changes; else states are only saved under
        names. Raises AddressTakenError; FolderTakenError, OSError about the folder.
        """
        from agentcore_provider.local.application.moto import LOAD_MANAGED_POLICIES
        from agentcore_provider.local.application.request_handler import HttpServer

        os.environ.setdefault(LOAD_MANAGED_POLICIES, "true")

        self._held = contextlib.ExitStack()
        folder = StateFolder(state_folder) if state_folder is not None else None
        if folder is not None and keeps_state:
            self._held.enter_context(folder.locked())
        try:
            listener = _listen(port or (_last_port(folder) if folder is not None else 0))
        except AddressTakenError:
            self._held.close()
            raise
        with _counting:
            if not _serving:
                store.forget()
            _serving.add(self)
        self.port: int = listener.getsockname()[1]
        self.base_url = f"http://{_HOST}:{self.port}"
        os.environ["MOTO_PORT"] = str(self.port)
        self._aws_plugin: AwsPlugin | None = None
        clock = Clock(monotonic)
        settings = Settings(
            base_url=self.base_url,
            monotonic=clock,
            ready_after=dict(ready_after or {}),
            enforce_limits=enforce_limits,
        )
        self.application = Application(settings)
        if folder is not None:
            self.application.keeper = Keeper(
                folder, clock=clock, base_url=self.base_url, reset=self.application.forget, keeps=keeps_state
            )
        self.application.serve_page = Page(self.application, settings).serve
        self._http = HttpServer(_HOST, self.port, Guard(self.application, self.port), fd=listener.fileno())
        # The server works on a duplicate of the descriptor.
        listener.close()
        self._thread = threading.Thread(
            target=self._http.serve_forever, args=(_END_SECONDS,), name="local-aws", daemon=True
        )
        self._thread.start()
        threading.Thread(target=warm_up, name="local-aws-warm-up", daemon=True).start()

    def start_aws_plugin(self, plugin: AwsPlugin) -> int:
        """Start a stand-in for Pulumi's aws plugin beside this local AWS; returns its port.

        The next port where it is free: a shell that was pointed at local AWS finds the plugin again after a restart.
        """
        wanted = self.port + 1 if _is_free(self.port + 1) else 0
        try:
            port = plugin.start(self.base_url, port=wanted)
        except OSError:
            port = plugin.start(self.base_url)
        self._aws_plugin = plugin
        self.application.aws_plugin_port = port
        return port

    def close(self) -> None:
        """Stop listening, and end the workers of Lambda functions and the aws plugin's stand-in."""
        from agentcore_provider.local import lambda_runtime

        if self._aws_plugin is not None:
            self._aws_plugin.stop(self.application.aws_plugin_port)
        self.application.end()
        self._http.close()
        self._thread.join()
        lambda_runtime.stop()
        if self.application.keeper is not None:
            self.application.keeper.close()
        self._held.close()
        with _counting:
            _serving.discard(self)

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()


def _last_port(folder: StateFolder) -> int:
    """The port at which gateways of the last state have their addresses, if nothing else has it; else 0."""
    try:
        header, _ = state_file.read(folder.current)
    except (FileNotFoundError, StateUnusableError):
        return 0
    port = urlsplit(header.base_url).port or 0
    return port if _is_free(port) else 0


def _is_free(port: int) -> bool:
    # Where gRPC is loaded already, it reports a taken port on stderr.
    try:
        _listen(port).close()
    except (OSError, OverflowError, AddressTakenError):
        return False
    return True


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
    except OSError as error:
        listener.close()
        why = "another program uses it" if error.errno == errno.EADDRINUSE else error.strerror
        raise AddressTakenError(
            f"Local AWS cannot listen on {_HOST}:{port}: {why}. Stop that program or choose another --port."
        ) from None
    listener.listen(128)
    return listener


def warm_up() -> None:
    """Load what every client needs: IAM's thousands of managed policies, and the models that identify calls.

    Else the first call would wait a second or two for it. Meanwhile clients are busy starting.
    """
    from moto.core.models import DEFAULT_ACCOUNT_ID
    from moto.iam.models import get_account_id_from, iam_backends

    for service in ("bedrock-agentcore-control", "lambda", "s3"):
        service_model.warm_up(service)
    # Reads every account, in each partition.
    _ = iam_backends[DEFAULT_ACCOUNT_ID]
    get_account_id_from("")
