"""Time that passes only when somebody sleeps, and an AWS that follows a script."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from email.utils import formatdate
from typing import Any

import pytest

from agentcore_provider.aws.connection import Connection, Settings


class FakeClock:
    """Starts at 1000 and remembers every sleep."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    def condition(self) -> threading.Condition:
        return FakeCondition(self)


class FakeCondition(threading.Condition):
    """Whose waits for so many seconds are sleeps on a clock."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self._clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        if timeout is None:
            return super().wait()
        self._clock.sleep(timeout)
        return False


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


Answer = tuple[int, dict[str, str], str]


class Scripted(http.server.BaseHTTPRequestHandler):
    """Answers whatever is asked with what the test's script says for this try, counted from 1."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        server: Any = self.server
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server.tries += 1
        status, headers, body = server.script(server.tries)
        self.send_response_only(status)
        for name, value in {"Date": formatdate(usegmt=True), **headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body.encode())

    do_GET = do_HEAD = do_PUT = do_DELETE = do_POST  # noqa: N815 (the names are those of http.server)

    def log_message(self, *_: object) -> None:
        """Tests print nothing."""


class ScriptedAws:
    """An address at which every try is answered by the script. tries: how many there were."""

    def __init__(self, server: Any, clock: FakeClock) -> None:
        self._server = server
        self.clock = clock
        self.address = f"http://127.0.0.1:{server.server_port}"

    def answers(self, script: Callable[[int], Answer]) -> Connection:
        """A connection to it, on the fake clock."""
        self._server.script, self._server.tries = script, 0
        settings = Settings(region="us-west-2", endpoint_url=self.address, access_key="key", secret_key="secret")
        return Connection(settings, clock=self.clock)

    @property
    def tries(self) -> int:
        return int(self._server.tries)


@pytest.fixture
def scripted(clock: FakeClock) -> Iterator[ScriptedAws]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Scripted)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield ScriptedAws(server, clock)
    server.shutdown()
    server.server_close()
