"""One worker process: a function's code, loaded once, answering one invocation at a time."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import select
import signal
import subprocess
import threading
import time
from typing import Any

from agentcore_provider.local.lambda_runtime.launch import Launch

INIT_SECONDS = 10.0  # Lambda's limit for loading a function
_LOG_SECONDS = 1.0  # how long the end of a log may lag behind the answer
_MARK = b"\x1e"  # ends the log of one invocation, followed by its request id


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
        self._logs: queue.SimpleQueue[tuple[str | None, str]] = queue.SimpleQueue()
        self._unfinished_log = b""
        threading.Thread(target=self._collect_logs, name="lambda-log", daemon=True).start()

    @property
    def alive(self) -> bool:
        """Whether it can take another invocation."""
        return not self._closed and self._process.poll() is None

    def call(self, request: dict[str, Any], timeout: float) -> dict[str, Any]:
        """Run one invocation. Returns `{"payload": json}` or `{"error": json}`.

        The first call waits for the code to load; that time is not counted. Raises WorkerTimeoutError or
        WorkerExitError; the worker is of no use after either.
        """
        with self._using:
            if not self._ready:
                self._receive(max(INIT_SECONDS, timeout))
                self._ready = True
            request = {**request, "deadline": time.time() + timeout}
            assert self._process.stdin is not None
            try:
                self._process.stdin.write(json.dumps(request).encode() + b"\n")
                self._process.stdin.flush()
            except (BrokenPipeError, ValueError) as error:
                raise self._exited() from error
            return self._receive(timeout)

    def log(self, request_id: str) -> str:
        """What the function printed up to the end of this invocation, its loading included if it was the first."""
        parts: list[str] = []
        with contextlib.suppress(queue.Empty):
            while True:
                end, text = self._logs.get(timeout=_LOG_SECONDS)
                parts.append(text)
                if end in (request_id, None):
                    break
        return "".join(parts)

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
            assert self._process.stdin is not None
            with contextlib.suppress(OSError):
                self._process.stdin.close()
            os.close(self._reply)

    def _receive(self, timeout: float) -> dict[str, Any]:
        deadline = time.monotonic() + timeout
        poll = select.poll()
        poll.register(self._reply, select.POLLIN)
        while b"\n" not in self._buffer:
            remaining = deadline - time.monotonic()
            if remaining <= 0 or not poll.poll(remaining * 1000):
                self.close()
                raise WorkerTimeoutError
            chunk = os.read(self._reply, 1 << 16)
            if not chunk:
                raise self._exited()
            self._buffer += chunk
        line, self._buffer = self._buffer.split(b"\n", 1)
        message: dict[str, Any] = json.loads(line)
        return message

    def _exited(self) -> WorkerExitError:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_LOG_SECONDS)
        code = self._process.returncode
        self.close()
        return WorkerExitError(code)

    def _collect_logs(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as stream:
            for line in stream:
                text, mark, request_id = line.partition(_MARK)
                self._unfinished_log += text
                if mark:
                    self._finish_log(request_id.decode().strip())
        self._finish_log(None)

    def _finish_log(self, request_id: str | None) -> None:
        self._logs.put((request_id, self._unfinished_log.decode(errors="replace")))
        self._unfinished_log = b""
