"""An access token from a token endpoint, by the client credentials grant (RFC 6749, section 4.4).

The standard library's urllib sends it: one POST needs no connection pool, urllib does not depend on the version of
the MCP client (1.x brings httpx, 2.x httpx2), and its errors separate DNS, TLS and HTTP.
"""

from __future__ import annotations

import base64
import http.client
import socket
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field

from agentcore_provider.documents.answers import NoRedirect, body, json_object
from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.documents.limits import Unreadable
from agentcore_provider.errors import NotSignedIn, TokenEndpointUnreachable
from agentcore_provider.loopback import is_loopback, url_opener

# The errors of RFC 6749, section 5.2, and their cures.
_CURES = {
    "invalid_client": ("client id and secret do not match", "take both from the same stack output"),
    "invalid_scope": ("the client may not request this scope", "check the scopes allowed for the app client"),
    "unauthorized_client": ("the app client lacks the client_credentials grant", "allow it"),
    "unsupported_grant_type": ("the server does not support the client_credentials grant", "use another sign-in"),
    "invalid_grant": ("the app client lacks the client_credentials grant", "allow it"),
    "invalid_request": ("a parameter of the request is missing or repeated", "check client id, secret and scope"),
}


@dataclass(frozen=True)
class Token:
    """An access token that a gateway accepts as `Authorization: Bearer`."""

    access_token: str = field(repr=False)
    """The token itself; kept out of repr, so that no log has it."""
    expires_at: float
    """Seconds since the epoch (UTC) after which the gateway rejects the token."""
    scope: str
    """Scopes granted, separated by blanks."""


def fetch_token(
    token_endpoint: str,
    client_id: str,
    client_secret: str,
    scope: str,
    *,
    timeout: float = 10.0,
    clock: Callable[[], float] = time.time,
) -> Token:
    """Ask the token endpoint for an access token.

    token_endpoint: http(s) URL. scope: scopes separated by blanks; empty asks for the client's defaults.
    timeout: seconds for connecting and for each read. clock: seconds since the epoch.
    Raises NotSignedIn with the layer that failed and the cure, never the secret;
    TokenEndpointUnreachable if there was no answer.
    """
    address = urllib.parse.urlsplit(token_endpoint)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise NotSignedIn(f"Sign-in failed: token endpoint {token_endpoint!r} is not a URL: start it with https://")
    form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
    quoted = (urllib.parse.quote_plus(client_id), urllib.parse.quote_plus(client_secret))
    request = urllib.request.Request(
        token_endpoint,
        data=urllib.parse.urlencode(form).encode(),
        headers={
            "Authorization": "Basic " + base64.b64encode(":".join(quoted).encode()).decode(),
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        },
    )
    asked_at = clock()
    try:
        with url_opener(token_endpoint, NoRedirect).open(request, timeout=timeout) as response:
            status, content = response.status, body(response, seconds=timeout)
    except urllib.error.HTTPError as error_answer:
        with error_answer:
            status, content = error_answer.code, _body_of(error_answer, timeout)
    except (OSError, http.client.HTTPException) as failure:
        raise _unreachable(token_endpoint, failure, timeout) from None
    except Unreadable as error:
        raise NotSignedIn(f"Sign-in failed at {token_endpoint}: the answer {error.message}", error.cure) from None
    answer = json_object(content)
    if status != 200:
        rejected = f"Sign-in rejected by {token_endpoint} for client {client_id}"
        rejected += f" and scope {scope!r}: " if scope else ": "
        why, cure = _reason(token_endpoint, status, answer, client_secret)
        raise NotSignedIn(rejected + why, cure, code=str(answer.get("error") or ""))
    token = answer.get("access_token")
    if not isinstance(token, str) or not token:
        raise NotSignedIn(
            f"Sign-in failed at {token_endpoint}: HTTP 200 without an access_token, as from another address",
            "use token_endpoint in the issuer's discovery document",
        )
    return Token(token, asked_at + _lifetime(answer), str(answer.get("scope") or scope))


def _body_of(error_answer: urllib.error.HTTPError, timeout: float) -> bytes:
    try:
        return body(error_answer, seconds=timeout)
    except (OSError, http.client.HTTPException, Unreadable):
        return b""


def _lifetime(answer: JsonDict) -> float:
    try:
        return float(answer.get("expires_in", 3600))
    except (TypeError, ValueError):
        return 3600.0


def _reason(endpoint: str, status: int, answer: JsonDict, client_secret: str) -> tuple[str, str]:
    """What the endpoint answered and why, and the cure."""
    error = str(answer.get("error") or "")
    detail = str(answer.get("error_description") or "")
    why = " ".join(f"HTTP {status} {error} {detail}".split()).rstrip(".")
    if client_secret:
        why = why.replace(client_secret, "***")
    if status == 404 and error and is_loopback(endpoint):
        reason, cure = "local AWS was emptied, or keeps nothing on disk", "create it again with `pulumi up --refresh`"
    elif error in _CURES:
        reason, cure = _CURES[error]
    elif status == 404:
        reason, cure = "no such address", "use token_endpoint in the issuer's discovery document"
    elif status == 429 or status >= 500:
        reason, cure = "the server is busy", "try again in a minute"
    elif 300 <= status < 400:
        reason, cure = "the server redirects, which is not followed with a secret", "use the final URL"
    else:
        reason, cure = "", "check the client id, its secret and the scope"
    return (f"{why}: {reason}" if reason else why), cure


def _unreachable(endpoint: str, failure: Exception, timeout: float) -> TokenEndpointUnreachable:
    reason = failure.reason if isinstance(failure, urllib.error.URLError) else failure
    host = urllib.parse.urlsplit(endpoint).netloc
    if isinstance(reason, socket.gaierror):
        layer = f"DNS: {urllib.parse.urlsplit(endpoint).hostname} has no address"
        cure = "check the token endpoint's spelling; a new domain takes up to a minute to resolve"
    elif isinstance(reason, ssl.SSLCertVerificationError):
        layer = f"TLS: the certificate of {host} is not trusted ({reason.verify_message})"
        cure = "if a proxy intercepts it, add its CA with SSL_CERT_FILE"
    elif isinstance(reason, ssl.SSLError):
        layer = f"TLS: {reason.reason or reason}"
        cure = "check that the endpoint supports https on this port"
    elif isinstance(reason, TimeoutError):
        layer = f"TCP: no answer within {timeout:g} s"
        cure = "check network, proxy and firewall"
    elif isinstance(reason, ConnectionRefusedError):
        layer = f"TCP: {host} refuses connections"
        cure = "start the server there (local AWS: `agentcore local start`)"
    else:
        layer = f"TCP: {reason}"
        cure = "check network, proxy and firewall"
    return TokenEndpointUnreachable(f"Sign-in failed at {endpoint}: {layer}", cure)
