"""HTTP under the application: connections, which clients may keep, and requests that cannot be read."""

from __future__ import annotations

import contextlib
import http
import json
import select
import socket
import sys
import traceback
from typing import IO, TYPE_CHECKING, Any, cast

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import ThreadedWSGIServer
from werkzeug.wsgi import LimitedStream

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import OptExcInfo
    from _typeshed.wsgi import WSGIApplication

_MOST_DISCARDED = 1000
_LINGER_SECONDS = 0.01
_WITHOUT_BODY = ("1", "204", "304")


class HttpServer(ThreadedWSGIServer):
    """A thread for each connection. Between requests a connection stays open until the client closes it."""

    def __init__(self, host: str, port: int, application: WSGIApplication, *, fd: int) -> None:
        """fd: of the socket that listens; the server works on a duplicate."""
        self.idle: set[socket.socket] = set()
        """The connections that have no request under way."""
        self.closing = False
        super().__init__(host, port, application, RequestHandler, fd=fd)

    def close(self) -> None:
        """Take no more requests, on connections that are open neither. Those under way are answered."""
        self.closing = True
        self.shutdown()
        self.server_close()
        for connection in list(self.idle):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class RequestHandler(MotoRequestHandler):
    """One connection.

    Werkzeug's own handler closes it after each request, and waits 10 ms before. That it is kept here saves clients of
    many requests, as an SDK or an agent, a third of each one's time.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: HttpServer

    def setup(self) -> None:
        """Begin the connection."""
        super().setup()
        self._await_request()

    def finish(self) -> None:
        """End the connection."""
        self.server.idle.discard(self.connection)
        super().finish()

    def run_wsgi(self) -> None:
        """Answer a request whose head could be read."""
        self.server.idle.discard(self.connection)
        try:
            environ = self.make_environ()
        except ValueError:
            self.send_error(400, "The address of the request cannot be read")
            return
        lengths = self.headers.get_all("Content-Length", ["0"])
        body: LimitedStream | None = None
        if len(lengths) == 1 and lengths[0].isdecimal() and "HTTP_TRANSFER_ENCODING" not in environ:
            body = environ["wsgi.input"] = LimitedStream(cast("IO[bytes]", self.rfile), int(lengths[0]))
        answer = _Answer(self, body)
        try:
            pieces = self.server.app(environ, answer.start)
            try:
                for piece in pieces:
                    answer.write(piece)
                answer.end()
            finally:
                if hasattr(pieces, "close"):
                    pieces.close()
        except (ConnectionError, TimeoutError):
            raise
        except Exception:
            traceback.print_exc(file=sys.stderr)
            self.close_connection = True
            if not answer.began:
                self.send_error(500, "Local AWS failed")
        if self.close_connection:
            self._discard_rest()
        else:
            self._await_request()

    def _await_request(self) -> None:
        self.server.idle.add(self.connection)
        # The server may have begun to close since: it has ended those that waited then.
        if self.server.closing:
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RD)

    def _discard_rest(self) -> None:
        """Read what the client still sends: a connection with unread bytes is reset, and the answer with it."""
        poll = select.poll()
        poll.register(self.connection, select.POLLIN)
        for _ in range(_MOST_DISCARDED):
            if not poll.poll(_LINGER_SECONDS * 1000) or not self.connection.recv(1 << 20):
                break

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what cannot be read. The standard library would answer a page."""
        body = json.dumps({"message": message or self.responses.get(code, ("Not HTTP/1.1",))[0]}).encode() + b"\n"
        self.close_connection = True
        # Before a version is read the library takes the caller for one who knows no status line.
        self.request_version = self.protocol_version
        answer = _Answer(self, None)
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        answer.start(f"{int(code)} {http.HTTPStatus(code).phrase}", headers)
        answer.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Requests are kept for /_local/requests instead."""

    def log_message(self, *_: Any) -> None:
        """Nothing that was sent gets into the log."""


class _Answer:
    """The answer to one request, sent as it comes."""

    def __init__(self, handler: RequestHandler, body: LimitedStream | None) -> None:
        """body: the request's; None if it is unknown where that ends."""
        self.began = False
        self._handler = handler
        self._body = body
        self._status = ""
        self._headers: list[tuple[str, str]] = []
        self._is_chunked = False

    def start(
        self, status: str, headers: list[tuple[str, str]], error: OptExcInfo | None = None, /
    ) -> Callable[[bytes], object]:
        """WSGI's start_response."""
        if error is not None and error[1] is not None and self.began:
            raise error[1].with_traceback(error[2])
        self._status, self._headers = status, headers
        return self.write

    def write(self, piece: bytes) -> None:
        """Send a piece of the body, after the head if it is the first."""
        data = b"" if self.began else self._head()
        if piece and self._has_body:
            data += b"%x\r\n%b\r\n" % (len(piece), piece) if self._is_chunked else piece
        if data:
            self._handler.wfile.write(data)

    def end(self) -> None:
        """Send what ends the body."""
        if not self.began:
            self.write(b"")
        if self._is_chunked:
            self._handler.wfile.write(b"0\r\n\r\n")

    @property
    def _has_body(self) -> bool:
        return self._handler.command != "HEAD" and not self._status.startswith(_WITHOUT_BODY)

    def _head(self) -> bytes:
        self.began = True
        handler, names = self._handler, {name.lower() for name, _ in self._headers}
        self._is_chunked = "content-length" not in names and self._has_body
        is_old = handler.request_version != "HTTP/1.1"
        # What is left unread of a request's body would be taken for the next request.
        if is_old or handler.server.closing or self._body is None or not self._body.is_exhausted:
            handler.close_connection = True
        if is_old:
            self._is_chunked = False
        own = [("Server", handler.version_string()), ("Date", handler.date_time_string())]
        if handler.close_connection:
            own.append(("Connection", "close"))
        if self._is_chunked:
            own.append(("Transfer-Encoding", "chunked"))
        headers = [*self._headers, *(pair for pair in own if pair[0].lower() not in names)]
        lines = [f"HTTP/1.1 {self._status}", *(f"{name}: {value}" for name, value in headers), "", ""]
        return "\r\n".join(lines).encode("latin-1")
