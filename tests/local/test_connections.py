"""Connections to local AWS: kept from request to request, and never read past the end of one."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterator

import pytest

from agentcore_provider.local.server import Server

PING = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"})


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A local AWS."""
    with Server(port=0, monotonic=time.monotonic) as started:
        yield started


@pytest.fixture
def connection(server: Server) -> Iterator[http.client.HTTPConnection]:
    """A connection to it."""
    opened = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    opened.connect()
    yield opened
    opened.close()


def _ask(connection: http.client.HTTPConnection, method: str = "GET", path: str = "/_local/status") -> int:
    connection.request(method, path)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _send(server: Server, text: str) -> bytes:
    """Everything that comes back for these bytes, to the end of the connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as opened:
        opened.sendall(text.replace("\n", "\r\n").encode())
        return b"".join(iter(lambda: opened.recv(65536), b""))


def test_many_requests_share_a_connection(connection: http.client.HTTPConnection) -> None:
    """One connection serves answers of every form: with a body, to HEAD, without content, and errors."""
    own = connection.sock
    statuses = [
        *(_ask(connection) for _ in range(3)),
        _ask(connection, "HEAD"),
        _ask(connection, "DELETE", "/_local/requests"),
        _ask(connection, "GET", "/gateways/none/mcp"),
        _ask(connection),
    ]
    assert statuses == [200, 200, 200, 404, 204, 404, 200]
    assert connection.sock is own


def test_requests_may_be_sent_before_the_answers(server: Server) -> None:
    """The bytes after a request's body are the next request."""
    post = f"POST /gateways/none/mcp HTTP/1.1\nHost: 127.0.0.1:{server.port}\nContent-Length: {len(PING)}\n"
    last = f"GET /_local/status HTTP/1.1\nHost: 127.0.0.1:{server.port}\nConnection: close\n\n"
    answers = _send(server, f"{post}\n{PING}{post}\n{PING}{last}")
    assert answers.count(b"HTTP/1.1 404 ") == 2
    assert answers.count(b"HTTP/1.1 200 ") == 1


@pytest.mark.parametrize(
    "head",
    ["Content-Length: none", "Content-Length: 4\nContent-Length: 5", "Transfer-Encoding: chunked", "Host: elsewhere"],
)
def test_a_body_that_may_not_have_been_read_ends_the_connection(server: Server, head: str) -> None:
    """Nothing of it is taken for a request."""
    host = "" if head.startswith("Host") else f"Host: 127.0.0.1:{server.port}\n"
    length = "Content-Length: 60\n" if host == "" else ""
    smuggled = "GET /_local/status HTTP/1.1\nHost: x\n\n"
    answers = _send(server, f"POST /gateways/none/mcp HTTP/1.1\n{host}{length}{head}\n\n0\n\n{smuggled}")
    assert answers.count(b"HTTP/1.1 ") == 1
    assert b"\r\nConnection: close\r\n" in answers


def test_a_server_that_is_closed_ends_the_connections_that_wait() -> None:
    """Nobody is answered by a local AWS that is over."""
    with Server(port=0, monotonic=time.monotonic) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        assert _ask(connection) == 200
    assert connection.sock.recv(1) == b""
    connection.close()
