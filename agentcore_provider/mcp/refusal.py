"""Turns what goes wrong between an MCP client and a gateway into one line with its cure."""

from __future__ import annotations

import json
from dataclasses import dataclass

from agentcore_provider.errors import GatewayUnreachable, McpError, TokenRefused
from agentcore_provider.mcp.claims import explain_refusal


@dataclass
class Exchange:
    """The last HTTP exchange with a gateway: the MCP client itself forgets status and headers."""

    status: int = 0
    challenge: str = ""
    """The WWW-Authenticate header."""
    body: str = ""
    failure: Exception | None = None
    """Why no answer came at all."""


def refusal(url: str, token: str, exchange: Exchange, error: BaseException) -> McpError:
    """The error to raise for what an MCP operation raised, given the HTTP exchange behind it."""
    if exchange.failure is not None:
        return GatewayUnreachable(f"No answer from {url}: {_layer(exchange.failure)}")
    if isinstance(error, TimeoutError):
        return GatewayUnreachable(f"No answer from {url} in time: raise --timeout, or see the target's own log")
    if exchange.status in (401, 403):
        challenge = f" ({exchange.challenge})" if exchange.challenge else ""
        return TokenRefused(
            f"The gateway at {url} refused the caller: HTTP {exchange.status}{challenge}: " + explain_refusal(token)
        )
    return McpError(f"The gateway at {url} {_reason(exchange, error)}")


def _reason(exchange: Exchange, error: BaseException) -> str:
    status = exchange.status
    if status == 404:
        return "is not there: HTTP 404: see the URL (it ends in /mcp) and whether the gateway was deleted"
    if status == 429:
        return "limits calls: HTTP 429: wait a minute and call again"
    said = f"HTTP {status} {_said(exchange.body)}".rstrip()
    if status >= 500:
        return f"failed: {said}: try again; if it stays, `agentcore doctor` says where"
    if status >= 400:
        return f"refused the request: {said}"
    return f"answered an error: {_line(str(error)) or type(error).__name__}"


def root_cause(error: BaseException) -> BaseException:
    """The first error inside nested exception groups, which task groups wrap around everything."""
    while (inner := getattr(error, "exceptions", None)) and isinstance(inner, tuple):
        error = inner[0]
    return error


def _layer(failure: Exception) -> str:
    text = _line(str(failure))
    lower = text.lower()
    if "certificate" in lower or "ssl" in lower or "tls" in lower:
        return f"TLS: {text}: a proxy may stand between; add its CA with SSL_CERT_FILE"
    if "name or service" in lower or "nodename" in lower or "name resolution" in lower or "getaddrinfo" in lower:
        return "DNS: the host has no address: see the URL's spelling"
    if "timeout" in type(failure).__name__.lower():
        return "no answer in time: raise --timeout, or see network and firewall"
    return (
        f"{text or type(failure).__name__}: start the server there (local AWS: `agentcore local start`), "
        "or see network and firewall"
    )


def _said(body: str) -> str:
    """What the body of an error answer says: JSON-RPC or AWS shape, else its beginning; web pages say nothing."""
    try:
        document = json.loads(body)
    except ValueError:
        return "" if body.lstrip().startswith("<") else _line(body)[:200]
    if isinstance(document, dict):
        error = document.get("error")
        said = error.get("message") if isinstance(error, dict) else error or document.get("message")
        if said:
            return _line(str(said))
    return _line(body)[:200]


def _line(text: str) -> str:
    return " ".join(text.split())
