"""A proxy on this machine that answers for Cognito's hosts from local AWS, and lets everything else pass.

Programs that have Cognito's addresses built in, such as the starter toolkit, request tokens from
https://DOMAIN.auth.REGION.amazoncognito.com, which no setting changes. Through this proxy they get those of local AWS.
"""

from __future__ import annotations

import base64
import contextlib
import hmac
import http.client
import secrets
import select
import socket
import ssl
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseRequestHandler
from typing import Any, TypeVar
from urllib.parse import SplitResult, unquote, urlsplit

from agentcore_provider.cli.local_aws.certificate import CertificateAuthority
from agentcore_provider.errors import InvalidInput
from agentcore_provider.local.aws_address import folder_of_host

DOMAINS = ("amazoncognito.com", "amazonaws.com", "amazonaws.com.cn")
_Server = TypeVar("_Server", bound=ThreadingHTTPServer)
_LARGEST_BODY = 1024 * 1024
_SECONDS = 60.0
_PART = 64 * 1024
# Headers of one connection; the next connection has its own.
_OF_A_CONNECTION = frozenset(
    {"connection", "proxy-connection", "keep-alive", "transfer-encoding", "te", "upgrade", "host", "content-length"}
)


class CognitoProxy(ThreadingHTTPServer):
    """Listens on a free loopback port, for whoever knows its URL.

    endpoint: of local AWS. upstream: the proxy that the environment sets for everything else, or an empty string.
    """

    daemon_threads = True

    def __init__(self, endpoint: str, authority: CertificateAuthority, upstream: str = "") -> None:
        self.endpoint = endpoint
        self.authority = authority
        self.upstream = upstream
        # Other users of this machine could reach the network through it, too.
        self._password = secrets.token_urlsafe(24)
        super().__init__(("127.0.0.1", 0), _Connection)
        self.url = f"http://agentcore:{self._password}@127.0.0.1:{self.server_port}"

    def allows(self, credentials: str | None) -> bool:
        """Whether a Proxy-Authorization header has the password of this proxy's URL."""
        wanted = base64.b64encode(f"agentcore:{self._password}".encode()).decode()
        return hmac.compare_digest((credentials or "").encode(), f"Basic {wanted}".encode())

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is not worth a traceback between the lines of its program."""


@contextlib.contextmanager
def running(server: _Server) -> Iterator[_Server]:
    """Serve in the background until the block ends."""
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class CognitoHosts(ThreadingHTTPServer):
    """The hosts of Cognito themselves, on a free loopback port: for clients that follow no proxy and are led here."""

    daemon_threads = True

    def __init__(self, endpoint: str, authority: CertificateAuthority) -> None:
        self.endpoint = endpoint
        self.authority = authority
        super().__init__(("127.0.0.1", 0), _DirectConnection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """As the proxy does."""


class _DirectConnection(BaseRequestHandler):
    """A TLS connection to one of the hosts."""

    server: CognitoHosts

    def handle(self) -> None:
        self.request.settimeout(_SECONDS)
        asked: list[str] = []

        def choose(connection: ssl.SSLObject, host: str, _context: ssl.SSLContext) -> int | None:
            if not host or folder_of_host(host.lower()) is None:
                return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
            asked.append(host.lower())
            connection.context = self.server.authority.context(host.lower())
            return None

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.sni_callback = choose
        with contextlib.suppress(OSError), context.wrap_socket(self.request, server_side=True) as connection:
            if asked:
                _Forwarding(connection, self.server, folder_of_host(asked[0]) or "")


class _Connection(BaseHTTPRequestHandler):
    """A connection to the proxy itself: a CONNECT, then whatever the client sends to the host."""

    protocol_version = "HTTP/1.1"
    timeout = _SECONDS
    server: CognitoProxy

    def do_CONNECT(self) -> None:
        self.close_connection = True
        if not self.server.allows(self.headers["Proxy-Authorization"]):
            self.send_response(407)
            self.send_header("Proxy-Authenticate", 'Basic realm="agentcore local exec"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        host, _, port = self.path.rpartition(":")
        prefix = folder_of_host(host.lower())
        if prefix is None:
            self._tunnel(host.strip("[]"), port)
            return
        self._established()
        try:
            connection = self.server.authority.context(host.lower()).wrap_socket(self.connection, server_side=True)
        except (ssl.SSLError, OSError) as error:
            self.log_error("%s does not accept the certificate of local AWS: %s", host, error)
            return
        with connection:
            _Forwarding(connection, self.server, prefix)

    def _established(self) -> None:
        self.send_response(200, "Connection established")
        self.end_headers()

    def _tunnel(self, host: str, port: str) -> None:
        try:
            other = _connect(host, int(port), self.server.upstream)
        except (OSError, ValueError) as error:
            self.send_error(502, f"{host} cannot be reached: {error}")
            return
        with other:
            self._established()
            _pass_both_ways(self.connection, other)

    def log_message(self, *_: object) -> None:
        """The terminal belongs to the program."""


class _Forwarding(BaseHTTPRequestHandler):
    """Requests to a host of Cognito, each answered by local AWS."""

    protocol_version = "HTTP/1.1"
    timeout = _SECONDS

    def __init__(self, connection: ssl.SSLSocket, server: CognitoProxy | CognitoHosts, prefix: str) -> None:
        self._endpoint = urlsplit(server.endpoint)
        self._prefix = prefix
        super().__init__(connection, ("127.0.0.1", 0), server)

    def _forward(self) -> None:
        try:
            length = int(self.headers.get("Content-Length") or 0)
        except ValueError:
            length = -1
        if "Transfer-Encoding" in self.headers or not 0 <= length <= _LARGEST_BODY:
            self.close_connection = True
            self.send_error(413 if length > _LARGEST_BODY else 411)
            return
        body = self.rfile.read(length)
        local = http.client.HTTPConnection(self._endpoint.hostname or "", self._endpoint.port, timeout=_SECONDS)
        with contextlib.closing(local):
            kept = {name: value for name, value in self.headers.items() if name.lower() not in _OF_A_CONNECTION}
            try:
                local.request(self.command, self._prefix + self.path, body, kept)
                answer = local.getresponse()
                data = answer.read()
            except (OSError, http.client.HTTPException) as error:
                self.send_error(502, f"Local AWS does not answer at {self._endpoint.geturl()}: {error}")
                return
        self.send_response(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in _OF_A_CONNECTION:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    # The names that http.server looks for.
    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = _forward  # noqa: N815

    def log_message(self, *_: object) -> None:
        """The terminal belongs to the program."""


def require_supported(upstream: str) -> None:
    """Raise InvalidInput for a proxy of the environment that speaks another protocol."""
    scheme = _proxy(upstream).scheme
    if scheme not in ("http", "https"):
        raise InvalidInput(
            f"HTTPS_PROXY is a proxy of {scheme}:, and agentcore local exec passes other connections on to http: and https: only",
            "Set HTTPS_PROXY to such a proxy, or remove it",
        )


def _proxy(upstream: str) -> SplitResult:
    return urlsplit(upstream if "//" in upstream else f"http://{upstream}")


def _connect(host: str, port: int, upstream: str) -> socket.socket:
    """A connection to a host, through another proxy if there is one. Raises OSError, ValueError."""
    if not upstream:
        return socket.create_connection((host, port), _SECONDS)
    proxy = _proxy(upstream)
    headers = {}
    if proxy.username is not None:
        password = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
        headers["Proxy-Authorization"] = f"Basic {base64.b64encode(password.encode()).decode()}"
    is_secure = proxy.scheme == "https"
    through = socket.create_connection((proxy.hostname or "", proxy.port or (443 if is_secure else 8080)), _SECONDS)
    try:
        if is_secure:
            through = ssl.create_default_context().wrap_socket(through, server_hostname=proxy.hostname)
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}", *(f"{name}: {it}" for name, it in headers.items())]
        through.sendall("".join(f"{line}\r\n" for line in [*lines, ""]).encode())
        answer = http.client.HTTPResponse(through, method="CONNECT")
        answer.begin()
        if answer.status != HTTPStatus.OK:
            raise OSError(f"the proxy answers {answer.status} {answer.reason}")
    except (OSError, http.client.HTTPException) as error:
        through.close()
        raise OSError(str(error)) from None
    return through


def _pass_both_ways(one: socket.socket, other: socket.socket) -> None:
    """Until both sides have ended, or neither has sent anything for an hour."""
    ends = {one: other, other: one}
    while ends:
        ready, _, _ = select.select([*ends], [], [], 3600)
        if not ready:
            return
        for end in ready:
            data = end.recv(_PART)
            if data:
                ends[end].sendall(data)
            elif isinstance(ends[end], ssl.SSLSocket):
                # TLS has no end of one side alone.
                return
            else:
                with contextlib.suppress(OSError):
                    ends[end].shutdown(socket.SHUT_WR)
                del ends[end]
