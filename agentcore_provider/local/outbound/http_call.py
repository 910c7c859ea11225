"""One HTTP request to a target, and its answer.

Addresses on loopback: the API takes only https:// endpoints for some kinds of targets, and what runs on one's own
machine rarely has a certificate. So an https:// address on loopback is called over TLS without a check of the
certificate if something there speaks TLS, else over plain HTTP. Everywhere else certificates are checked.
"""

from __future__ import annotations

import functools
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

import urllib3

from agentcore_provider.local import aws_address, call_trace, json_document
from agentcore_provider.local.json_document import JsonObject

CONNECT_SECONDS = 10.0
READ_SECONDS = 300.0
_PROBE_SECONDS = 2.0


class UnreachableError(Exception):
    """No answer came; the text states the address and the reason.

    host: the name in the address. is_known: whether that name has an address.
    """

    def __init__(self, text: str, host: str = "", *, is_known: bool = True) -> None:
        super().__init__(text)
        self.host = host
        self.is_known = is_known


@dataclass(frozen=True)
class HttpCall:
    """A request. `headers` and `query` keep order and repetition; a query in `url` stays as it is."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def with_header(self, name: str, value: str) -> HttpCall:
        """This request with a header set, in place of those of the same name."""
        kept = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=(*kept, (name, value)))

    def with_query(self, name: str, value: str) -> HttpCall:
        """This request with one more query parameter."""
        return replace(self, query=(*self.query, (name, value)))

    def header(self, name: str) -> str | None:
        """A header's value."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def full_url(self) -> str:
        """The address with its query, encoded."""
        parts = urlsplit(self.url)
        # Not urlencode: it writes spaces as +, which signatures do not know.
        own = "&".join(f"{_encode(name)}={_encode(value)}" for name, value in self.query)
        return urlunsplit(parts._replace(query="&".join(part for part in (parts.query, own) if part)))

    @property
    def text(self) -> str:
        """The request as the page shows it, without what may be a credential."""
        headers = (
            f"{name}: {call_trace.HIDDEN if call_trace.is_secret_name(name) else value}" for name, value in self.headers
        )
        return "\n".join([f"{self.method} {self.full_url}", *headers, "", self.body.decode(errors="replace")]).rstrip()

    @property
    def place(self) -> str:
        """Method and address without its query, which may hold an API key."""
        return f"{self.method} {urlunsplit(urlsplit(self.url)._replace(query=''))}"


@dataclass(frozen=True)
class HttpAnswer:
    """An answer. `body` is whole; when the call was sent with stream=True, `chunks` yields it as it comes.

    release: gives the connection back if the chunks were all read, and closes it if not.
    """

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""
    chunks: Iterator[bytes] | None = field(default=None, compare=False)
    release: Callable[[], None] | None = field(default=None, compare=False)

    def header(self, name: str) -> str | None:
        """A header's value."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def json_object(self) -> JsonObject | None:
        """The body as a JSON object; None if it is not one, or nested too deeply."""
        try:
            document = json_document.read(self.body)
        except ValueError:
            return None
        return document if isinstance(document, dict) else None

    @property
    def text(self) -> str:
        """The body as text, in the character set that the answer names or UTF-8."""
        _, _, charset = (self.header("content-type") or "").lower().partition("charset=")
        try:
            return self.body.decode(charset.split(";")[0].strip(' "') or "utf-8", errors="replace")
        except LookupError:
            return self.body.decode(errors="replace")


def send(call: HttpCall, *, stream: bool = False, read_seconds: float = READ_SECONDS) -> HttpAnswer:
    """Send a request; redirects are not followed, since credentials would go along. Raises UnreachableError."""
    if not call_trace.is_kept():
        return _send(call, stream, read_seconds)
    with call_trace.sending(call.place, call.text) as sent:
        answer = _send(call, stream, read_seconds)
        sent.answer = f"{answer.status} {answer.reason}\n{'' if stream else answer.text}".rstrip()
        return answer


def _send(call: HttpCall, stream: bool, read_seconds: float) -> HttpAnswer:
    url = reachable(call.full_url)
    manager = _unchecked() if is_loopback(urlsplit(url).hostname) else _checked()
    headers = urllib3.HTTPHeaderDict()
    for name, value in call.headers:
        headers.add(name, value)
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _resolvable(host) != host:
        headers.setdefault("Host", parts.netloc)
        url = urlunsplit(parts._replace(netloc=f"{_resolvable(host)}:{_port(parts)}"))
    try:
        answer = manager.request(
            call.method,
            url,
            headers=headers,
            body=call.body or None,
            redirect=False,
            retries=False,
            preload_content=not stream,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=read_seconds),
        )
    except (urllib3.exceptions.HTTPError, UnicodeError, ValueError) as error:
        is_known = not isinstance(error, urllib3.exceptions.NameResolutionError)
        text = f"{call.place} did not answer: {_why(error)}"
        raise UnreachableError(text, urlsplit(url).hostname or "", is_known=is_known) from error
    pairs = tuple((str(name), str(value)) for name, value in answer.headers.items())
    reason = answer.reason or ""
    if not stream:
        return HttpAnswer(answer.status, reason, pairs, answer.data)
    return HttpAnswer(answer.status, reason, pairs, b"", _chunks(answer), answer.close)


def _chunks(answer: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    """The body in pieces as they come: urllib3's own stream waits for whole pieces of a body without chunks."""
    if isinstance(answer, urllib3.HTTPResponse) and not answer.chunked:
        while piece := answer.read1(8192):
            yield piece
    else:
        yield from answer.stream(8192)


def reachable(url: str) -> str:
    """The address under which something answers: what AWS serves of local AWS is here, and https:// on loopback
    becomes http:// where no TLS is spoken."""
    url = aws_address.here(url)
    parts = urlsplit(url)
    if parts.scheme != "https" or not is_loopback(parts.hostname) or _speaks_tls(parts.hostname or "", parts.port):
        return url
    return urlunsplit(parts._replace(scheme="http", netloc=parts.netloc if parts.port else f"{parts.netloc}:443"))


def is_loopback(host: str | None) -> bool:
    """Whether a host name or address is this machine."""
    if host is None:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _resolvable(host: str) -> str:
    """A name that every machine knows: x.localhost is this machine (RFC 6761), but few resolvers know it."""
    return "localhost" if host.endswith(".localhost") else host


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _speaks_tls(host: str, port: int | None) -> bool:
    context = _trusting_context()
    try:
        with (
            socket.create_connection((_resolvable(host), port or 443), timeout=_PROBE_SECONDS) as connection,
            context.wrap_socket(connection, server_hostname=host),
        ):
            return True
    except ssl.SSLError:
        return False
    except OSError:
        # Plain servers may hang up on a TLS greeting; one that is not there fails in the call itself.
        return False


def _trusting_context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@functools.cache
def _checked() -> urllib3.PoolManager:
    return urllib3.PoolManager(maxsize=16)


@functools.cache
def _unchecked() -> urllib3.PoolManager:
    return urllib3.PoolManager(maxsize=16, ssl_context=_trusting_context(), assert_hostname=False)


def _encode(text: str) -> str:
    return quote(text, safe="-_.~")


def _why(error: Exception) -> str:
    if isinstance(error, urllib3.exceptions.TimeoutError) and not isinstance(
        error, urllib3.exceptions.NewConnectionError
    ):
        return "it took too long"
    text = str(error)
    # urllib3 begins with the connection object and its address in memory.
    return text.rpartition(">: ")[2] or type(error).__name__
