"""Errors between an MCP client and a gateway, each one line with its cure."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from agentcore_provider.errors import GatewayUnreachable, McpError, NoMcpEndpoint, TokenRefused
from agentcore_provider.mcp.claims import explain_rejection
from agentcore_provider.mcp.cures import COMMAND, Cures

_URL_ELICITATION_REQUIRED = -32042  # specification of MCP 2025-11-25, elicitation
# Of a caller who is known, by a policy engine or a web ACL (public transcripts of 2026).
_FORBIDDEN = -32002
# Unsupported protocol version, header mismatch, method not found (specification of MCP 2026-07-28).
_NO_HANDSHAKE = (-32022, -32020, -32601)


@dataclass
class Exchange:
    """The last message sent to a gateway and what came back: the MCP client itself drops status and headers."""

    url: str
    token: str = field(default="", repr=False)
    cures: Cures = COMMAND
    is_signed: bool = False
    """The request carried a signature of AWS Signature Version 4."""
    status: int = 0
    challenge: str = ""
    """The WWW-Authenticate header."""
    content_type: str = ""
    location: str = ""
    """Where a redirect points to."""
    body: str = ""
    """Of an error only."""
    failure: Exception | None = None
    """Why no answer came at all."""

    @property
    def takes_tokens(self) -> bool:
        """Whether the gateway names how to get a token."""
        return "bearer" in self.challenge.lower()

    @property
    def lacks_initialize(self) -> bool:
        """Whether it is the answer to `initialize` of a gateway that supports no revision with a handshake."""
        return self.status in (400, 404) and self.error_code in _NO_HANDSHAKE

    @property
    def error_code(self) -> object:
        """The code of the JSON-RPC error that came back; None without one."""
        error = document.get("error") if isinstance(document := _json(self.body), dict) else None
        return error.get("code") if isinstance(error, dict) else None


def to_error(exchange: Exchange, error: BaseException) -> McpError:
    """The error to raise for an exception of an MCP operation, by the HTTP exchange behind it."""
    url, status = exchange.url, exchange.status
    if exchange.failure is not None:
        layer, cure = _layer(exchange.failure, exchange.cures)
        return GatewayUnreachable(f"No answer from {url}: {layer}", cure)
    if isinstance(error, TimeoutError):
        return GatewayUnreachable(f"No answer from {url} in time", exchange.cures.more_time)
    if address := _sign_in_address(exchange, error):
        return McpError(
            f"The tool of the gateway at {url} needs its user to sign in",
            f"Open {address} and call it again",
            status=status,
        )
    if status in (401, 403):
        return _turned_away(exchange)
    if wrong := _wrong_address(exchange):
        return NoMcpEndpoint(*wrong, status=status)
    message, cure = _reason(exchange, error)
    return McpError(f"The gateway at {url} {message}", cure, status=status)


def _turned_away(exchange: Exchange) -> McpError:
    if exchange.status == 403 and exchange.error_code == _FORBIDDEN:
        message = _message_in(exchange.body)
        cure = "pass arguments that its policies permit, or change the policies" if "policy" in message else ""
        return McpError(f"The gateway at {exchange.url} denied the call: {message}", cure, status=exchange.status)
    message, cure = _rejected(exchange)
    return TokenRefused(message, cure, status=exchange.status, takes_tokens=exchange.takes_tokens)


def _rejected(exchange: Exchange) -> tuple[str, str]:
    if exchange.is_signed and exchange.takes_tokens:
        why, cure = "it accepts tokens, not signatures", exchange.cures.bearer_wanted
    elif exchange.is_signed:
        why = _message_in(exchange.body)
        cure = (
            "allow the signing identity "
            "bedrock-agentcore:InvokeGateway on the gateway, and check its Region and this machine's clock"
        )
    elif exchange.takes_tokens:
        why, cure = explain_rejection(exchange.token, cures=exchange.cures)
    else:
        why, cure = explain_rejection(exchange.token, cures=exchange.cures)
        cure = f"{cure}; {exchange.cures.signature_wanted}"
    challenge = f" ({exchange.challenge})" if exchange.challenge else ""
    message = f"The gateway at {exchange.url} rejected the caller: HTTP {exchange.status}{challenge}"
    return (f"{message}: {why}" if why else message), cure


def _sign_in_address(exchange: Exchange, error: BaseException) -> str | None:
    """The URL that the user has to open before the tool can be called (MCP, elicitation in URL mode)."""
    detail = getattr(error, "error", None)
    code, data = getattr(detail, "code", None), getattr(detail, "data", None)
    document = _json(exchange.body)
    if code != _URL_ELICITATION_REQUIRED and isinstance(document, dict) and isinstance(document.get("error"), dict):
        code, data = document["error"].get("code"), document["error"].get("data")
    elicitations = data.get("elicitations") if isinstance(data, dict) else None
    if code != _URL_ELICITATION_REQUIRED or not isinstance(elicitations, list):
        return None
    addresses = (item.get("url") for item in elicitations if isinstance(item, dict))
    return next((_line(address) for address in addresses if isinstance(address, str)), None)


def _wrong_address(exchange: Exchange) -> tuple[str, str] | None:
    """The message and the cure if something else than a gateway answered."""
    url, status = exchange.url, exchange.status
    if 300 <= status < 400:
        return f"{url} redirects to {exchange.location or 'nowhere'}: HTTP {status}", "use the gateway's own URL"
    if status == 404 and not _is_json_rpc(exchange.body):
        message = _message_in(exchange.body)
        return (
            f"The gateway at {url} is not there: HTTP 404{f' {message}' if message else ''}",
            "check the URL (it ends in /mcp) and whether the gateway was deleted",
        )
    if status == 405:
        return f"{url} does not accept MCP messages: HTTP 405", "check the URL (a gateway's ends in /mcp)"
    if 200 <= status < 300 and exchange.content_type not in ("", "application/json", "text/event-stream"):
        return (
            f"{url} answers {exchange.content_type}, which no gateway does",
            "check the URL (a gateway's ends in /mcp)",
        )
    return None


def _reason(exchange: Exchange, error: BaseException) -> tuple[str, str]:
    status = exchange.status
    if status == 429:
        return _throttled(exchange)
    answer = f"HTTP {status} {_message_in(exchange.body)}".rstrip()
    if status >= 500:
        return f"failed: {answer}", exchange.cures.failing
    if status >= 400:
        return f"rejected the request: {answer}", ""
    return f"answered an error: {_line(str(error)) or type(error).__name__}", ""


def _throttled(exchange: Exchange) -> tuple[str, str]:
    """The rate limit that refuses the call, where the gateway names one (devguide gateway-rate-limits-enforcement)."""
    document = _json(exchange.body)
    error = document.get("error") if isinstance(document, dict) else None
    data = error.get("data") if isinstance(error, dict) else None
    key, metric, seconds = (
        (data.get(it) for it in ("limitKey", "metric", "retryAfter")) if isinstance(data, dict) else 3 * [None]
    )
    named = f", by its rate limit {_line(key)} of {_line(str(metric))}" if isinstance(key, str) else ""
    wait = f"{seconds:g} seconds" if isinstance(seconds, (int, float)) and not isinstance(seconds, bool) else "a minute"
    return f"throttles calls: HTTP 429{named}", f"wait {wait} and call again"


def root_cause(error: BaseException) -> BaseException:
    """The first error inside nested exception groups, which task groups wrap around everything."""
    while (inner := getattr(error, "exceptions", None)) and isinstance(inner, tuple):
        error = inner[0]
    return error


def _layer(failure: Exception, cures: Cures) -> tuple[str, str]:
    """The layer that failed and how, and the cure."""
    text = _line(str(failure))
    lower = text.lower()
    if "certificate" in lower or "ssl" in lower or "tls" in lower:
        return f"TLS: {text}", "if a proxy intercepts it, add its CA with SSL_CERT_FILE"
    if "name or service" in lower or "nodename" in lower or "name resolution" in lower or "getaddrinfo" in lower:
        return "DNS: the host has no address", "check the URL"
    if "timeout" in type(failure).__name__.lower():
        return "no answer in time", cures.more_time
    return (
        text or type(failure).__name__,
        "start the server there (local AWS: `agentcore local start`), or check network and firewall",
    )


def _message_in(body: str) -> str:
    """The message in the body of an error: JSON-RPC or AWS shape, else its beginning; empty for a web page."""
    document = _json(body)
    if isinstance(document, dict):
        error = document.get("error")
        message = error.get("message") if isinstance(error, dict) else error or document.get("message")
        data = error.get("data") if isinstance(error, dict) else None
        if message:
            # The service hides its reasons; local AWS reports them.
            reason = data.get("reason") if isinstance(data, dict) else None
            return _line(f"{message} ({str(reason).rstrip('.')})" if reason else str(message))
    return "" if body.lstrip().startswith("<") else _line(body)[:200]


def _is_json_rpc(body: str) -> bool:
    document = _json(body)
    return isinstance(document, dict) and "jsonrpc" in document


def _json(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _line(text: str) -> str:
    return " ".join(text.split())
