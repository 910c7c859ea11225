"""A local AWS and the way to it, on a clock that a test owns: every call is found, and any of them can go wrong.

Providers run in this process. Their calls leave through boto3 as ever; in the moment before a request would be sent,
where botocore lets anybody answer instead, it is handed to local AWS without the detour over a socket.
"""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from werkzeug.test import EnvironBuilder, run_wsgi_app

from agentcore_provider.aws.connection import Connection
from agentcore_provider.local.server import Server

REGION = "sa-east-1"
"""No other test uses this Region: the tests of a process share moto's memory, and this one looks at all of it."""
TOKEN = "oauth2/token"
"""What local AWS calls a request for a token, the one request that does not go through boto3."""

_CALL_SECONDS = 0.02
_READY_AFTER = {
    "gateway": 0.3,
    "target": 0.3,
    "policy": 0.3,
    "portal": 0.3,
    "rule": 0.3,
    "rate-limit": 0.3,
    "domain": 2.0,
}


class Killed(BaseException):
    """The process of the providers ended here. No `except Exception` stops it."""


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.alive = True
        self._lock = threading.Lock()

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        if not self.alive:
            raise Killed
        with self._lock:
            self.time += seconds

    def condition(self) -> threading.Condition:
        return _Condition(self)


class _Condition(threading.Condition):
    """Whose waits for so many seconds are sleeps on a clock."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        if timeout is None:
            return super().wait()
        self._clock.sleep(timeout)
        return False


@dataclass(frozen=True)
class Call:
    """One request on its way. nth: how often this operation was asked for, counted from 1."""

    service: str
    operation: str
    nth: int
    send: Callable[[], Any]
    url: str


Answer = Callable[["SimulatedAws", Call], Any]
"""What becomes of a call: a response instead of AWS's own, None for AWS's own, or an exception."""


class SimulatedAws:
    """One local AWS, and connections to it."""

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        ready_after: Mapping[str, float] = _READY_AFTER,
        enforce_limits: bool = False,
    ) -> None:
        os.environ.update(AWS_ACCESS_KEY_ID="local", AWS_SECRET_ACCESS_KEY="local")
        self.clock = clock or Clock()
        self.server = Server(port=0, monotonic=self.clock.now, ready_after=ready_after, enforce_limits=enforce_limits)
        self.calls: list[str] = []
        self.answer: Answer | None = None
        self.clients: dict[Any, tuple[Any, SimulatedConnection]] = {}
        self._plain: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        """A boto3 client that nothing stands in the way of: to look at AWS, and to change it by hand."""
        if service not in self._plain:
            client = boto3.client(service, endpoint_url=self.server.base_url, region_name=REGION)
            client.meta.events.register_first("before-send", lambda request, **_: self._ask(request))
            self._plain[service] = client
        return self._plain[service]

    def begin(self, answer: Answer | None = None) -> None:
        """Begin an operation in a process of its own. answer: what becomes of its calls."""
        self.clock.alive = True
        self.answer = answer
        self.calls = []

    def end(self) -> list[str]:
        """End it, and tell the operations that it asked for, in order."""
        tokens = [it["operation"] for it in self.server.application.requests.list() if it["operation"] == TOKEN]
        self.server.application.requests.clear()
        self.server.application.faults.clear()
        self.answer = None
        return [*self.calls, *tokens]

    def die(self) -> Killed:
        """Nothing of the process goes on after this."""
        self.clock.alive = False
        return Killed()

    def send(self, request: Any, event_name: str, **_: Any) -> Any:
        if not self.clock.alive:
            raise Killed
        _, service, operation = event_name.split(".")
        self.calls.append(operation)
        self.clock.sleep(_CALL_SECONDS)
        call = Call(service, operation, self.calls.count(operation), lambda: self._ask(request), request.url)
        answer = None if self.answer is None else self.answer(self, call)
        return call.send() if answer is None else answer

    def _ask(self, request: AWSPreparedRequest) -> AWSResponse:
        body = request.body.read() if hasattr(request.body, "read") else request.body
        headers = {
            name: value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()
        }
        environ = EnvironBuilder(
            path=request.url.partition(self.server.base_url)[2],
            method=request.method,
            headers=headers,
            data=body,
            base_url=self.server.base_url,
        ).get_environ()
        content, status, answered = run_wsgi_app(self.server.application, environ, buffered=True)
        return response(request.url, int(status.split()[0]), dict(answered.items()), b"".join(content))


def response(url: str, status: int, headers: dict[str, str], body: bytes) -> AWSResponse:
    """An answer of AWS."""
    return AWSResponse(url, status, HTTPHeaders.from_dict(headers), _Body(body))


class _Body(io.BytesIO):
    def stream(self, amt: int = 65536, decode_content: bool | None = None) -> Iterator[bytes]:
        while piece := self.read(amt):
            yield piece


class SimulatedConnection(Connection):
    """The connection of one process. Its clients, which take long to make, it has from the process before."""

    def __init__(self, settings: Any, aws: SimulatedAws) -> None:
        super().__init__(settings, clock=aws.clock)
        self._aws = aws

    def _client(self, service: str) -> Any:
        if service not in self._clients:
            key = self.settings, service
            if key in self._aws.clients:
                client, before = self._aws.clients[key]
                client.meta.events.unregister("before-send", before._note_sending)
                client.meta.events.register("before-send", self._note_sending)
                self._clients[service] = client
            else:
                client = super()._client(service)
                client.meta.events.register_first("before-send", self._aws.send)
            self._aws.clients[key] = client, self
        return self._clients[service]
