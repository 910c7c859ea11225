"""One worker process: a function's code, loaded once, answering one invocation at a time."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import threading
import time
from typing import TYPE_CHECKING

from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.lambda_runtime.launch import Launch

if TYPE_CHECKING:
    from typing_extensions import NotRequired, TypedDict

    class Request(TypedDict):
        """One invocation, as the bootstraps read it. event: JSON text. deadline: in seconds since the epoch."""

        request_id: str
        function_arn: str
        event: str
        client_context: JsonObject | None
        trace_id: str
        deadline: NotRequired[float]

    class Reply(TypedDict):
        """The bootstraps' answer: JSON text of the handler's result or of an error document, or that it is loaded."""

        payload: NotRequired[str]
        error: NotRequired[str]
        ready: NotRequired[bool]


INIT_SECONDS = 10.0  # Lambda's limit for loading a function
_LOG_SECONDS = 1.0  # how long the end of a log may lag behind the answer
_MARK = b"\x1e"  # ends the log of one invocation, followed by its request id
_LOADED = _MARK + b"init\n"  # ends what was printed while the code was loaded


class WorkerTimeoutError(Exception):
    """No answer in time; the worker has been killed."""


class WorkerExitError(Exception):
    """The process ended instead of answering; `args[0]` is its return code."""


class Worker:
    """A process of its own session, so that what a handler starts ends with it."""

    def __init__(self, launch: Launch) -> None:
        reply_read, reply_write = os.pipe()
        command = list(launch.command)
        command.insert(launch.fd_at, str(reply_write))
        try:
            self._process = subprocess.Popen(  # noqa: S603  the user's own function, on purpose
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=launch.folder,
                env=launch.environment,
                pass_fds=(reply_write,),
                bufsize=0,
                start_new_session=True,
            )
        except OSError:
            os.close(reply_read)
            raise
        finally:
            os.close(reply_write)
        self.log_stream = launch.log_stream
        self.idle_since = time.monotonic()
        self._reply = reply_read
        self._buffer = b""
        self._using = threading.RLock()
        self._closed = False
        self._ready = False
        self._calling = False
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests, self._output = self._process.stdin, self._process.stdout
        self._printed = bytearray()

    @property
    def alive(self) -> bool:
        """Whether it can take another invocation."""
        return not self._closed and self._process.poll() is None

    def call(self, request: Request, timeout: float) -> Reply:
        """Run one invocation; its log follows with `log`. timeout: in seconds.

        The first call waits for the code to load; that time is not counted. Raises WorkerTimeoutError or
        WorkerExitError; the worker is of no use after either.
        """
        with self._using:
            self._calling = True
            if not self._ready:
                self._receive(max(INIT_SECONDS, timeout))
                self._ready = True
            request = {**request, "deadline": time.time() + timeout}
            rest = json.dumps(request).encode() + b"\n"
            try:
                while rest:
                    rest = rest[self._requests.write(rest) or 0 :]
            except (BrokenPipeError, ValueError) as error:
                raise self._exited() from error
            return self._receive(timeout)

    def log(self, request_id: str) -> str:
        """What the function printed up to the end of this invocation, its loading included if it was the first."""
        mark = _MARK + request_id.encode() + b"\n"
        deadline = time.monotonic() + _LOG_SECONDS
        with contextlib.suppress(OSError, ValueError):
            while mark not in self._printed and (remaining := deadline - time.monotonic()) > 0:
                if not select.select([self._output], [], [], remaining)[0]:
                    break
                if not (chunk := os.read(self._output.fileno(), 1 << 16)):
                    break
                self._printed += chunk
        text, _, self._printed = self._printed.partition(mark)
        with self._using:
            self._calling = False
            if self._closed:
                self._output.close()
        return text.replace(_LOADED, b"").decode(errors="replace")

    def close(self) -> None:
        """Kill the process and everything it started. Safe to call twice."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        # A call under way sees the end of the process and lets go; only then may its descriptor be closed.
        with self._using:
            if self._closed:
                return
            self._closed = True
            self._process.wait()
            with contextlib.suppress(OSError):
                self._requests.close()
            os.close(self._reply)
            if not self._calling:
                self._output.close()

    def _receive(self, timeout: float) -> Reply:
        deadline = time.monotonic() + timeout
        output = self._output.fileno()
        poll = select.poll()
        poll.register(self._reply, select.POLLIN)
        # Read meanwhile: the function would wait with what does not fit into the pipe.
        poll.register(output, select.POLLIN)
        while b"\n" not in self._buffer:
            remaining = deadline - time.monotonic()
            ready = poll.poll(remaining * 1000) if remaining > 0 else []
            if not ready:
                self.close()
                raise WorkerTimeoutError
            for descriptor, _ in ready:
                chunk = os.read(descriptor, 1 << 16)
                if descriptor == self._reply:
                    if not chunk:
                        raise self._exited()
                    self._buffer += chunk
                elif chunk:
                    self._printed += chunk
                else:
                    poll.unregister(output)
        line, self._buffer = self._buffer.split(b"\n", 1)
        reply: Reply = json.loads(line)
        return reply

    def _exited(self) -> WorkerExitError:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_LOG_SECONDS)
        code = self._process.returncode
        self.close()
        return WorkerExitError(code)
