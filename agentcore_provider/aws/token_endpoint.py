"""The token endpoint of a sign-in: ready when it issues a token.

A new domain takes up to a minute to answer.
https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
"""

from __future__ import annotations

import base64
import http.client
import urllib.error
import urllib.parse
import urllib.request
from typing import TypedDict

from agentcore_provider.aws.connection import COGNITO, Connection
from agentcore_provider.aws.ez_auth import SignIn
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.waiting import wait_until
from agentcore_provider.documents.answers import NoRedirect, body, json_object
from agentcore_provider.errors import AwsRefused, NotSignedIn

# What no waiting fixes.
_FOR_GOOD = frozenset({"invalid_scope", "unauthorized_client", "unsupported_grant_type", "invalid_request"})

# How long tokens are requested in vain before AWS is asked whether domain and client exist at all: a new one may not
# be known to all of Cognito's servers.
_CHECKED_AFTER_SECONDS = 5.0

# For connecting, and for an answer as a whole.
_SECONDS = 10.0


def url(*, region: str, endpoint_url: str | None, domain_prefix: str) -> str:
    """The token endpoint of a Cognito prefix domain."""
    if endpoint_url:
        return f"{endpoint_url.rstrip('/')}/cognito/{domain_prefix}/oauth2/token"
    suffix = "amazoncognito.com.cn" if region.startswith("cn-") else "amazoncognito.com"
    return f"https://{domain_prefix}.auth.{region}.{suffix}/oauth2/token"


def authorization_endpoint(connection: Connection, found: SignIn) -> str | None:
    """Where clients send a person's browser; None if people cannot sign in."""
    prefix = found["domain_prefix"]
    if not prefix or not found["people"]:
        return None
    endpoint = url(region=connection.region, endpoint_url=connection.endpoint_url, domain_prefix=prefix)
    return f"{endpoint.removesuffix('/token')}/authorize"


def discovery_url(*, region: str, endpoint_url: str | None, pool_id: str) -> str:
    """The OpenID discovery document of a user pool: served by Cognito itself, so it is there at once."""
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    host = endpoint_url.rstrip("/") if endpoint_url else f"https://cognito-idp.{region}.{suffix}"
    return f"{host}/{pool_id}/.well-known/openid-configuration"


class ClientInfo(TypedDict):
    """What an agent sends to get a token, by the names that scripts and outputs have for it."""

    client_id: str | None
    client_secret: str | None
    user_pool_id: str
    token_endpoint: str | None
    scope: str
    domain_prefix: str | None


def client_info(connection: Connection, found: SignIn) -> ClientInfo:
    """How to get a token from a sign-in; a part that it does not have is None or empty."""
    endpoint, prefix = connection.endpoint_url, found["domain_prefix"]
    return {
        "client_id": found["client_id"],
        "client_secret": found["client_secret"],
        "user_pool_id": found["user_pool_id"],
        "token_endpoint": url(region=connection.region, endpoint_url=endpoint, domain_prefix=prefix)
        if prefix
        else None,
        "scope": " ".join(found["client_scopes"]),
        "domain_prefix": prefix,
    }


def missing_part(connection: Connection, endpoint: str, client_id: str) -> str | None:
    """The part of the sign-in behind the endpoint that AWS no longer has; None if it has all, or if it cannot be known."""
    try:
        domain = _domain_prefix(connection, endpoint)
        if domain is None:
            return None
        found = connection.call("DescribeUserPoolDomain", service=COGNITO, Domain=domain)["DomainDescription"]
        pool_id = found.get("UserPoolId")
        if not pool_id:
            return f"the sign-in domain {domain}"
        connection.call("DescribeUserPoolClient", service=COGNITO, UserPoolId=pool_id, ClientId=client_id)
    except AwsRefused as refusal:
        if refusal.code == "ResourceNotFoundException":
            return f"the app client {client_id}"
    return None


def _domain_prefix(connection: Connection, endpoint: str) -> str | None:
    """The domain prefix in the address of an endpoint of this Region, or None."""
    placeholder = "DOMAIN"
    before, _, after = url(
        region=connection.region, endpoint_url=connection.endpoint_url, domain_prefix=placeholder
    ).partition(placeholder)
    ours = endpoint.startswith(before) and endpoint.endswith(after)
    return endpoint[len(before) : -len(after)] if ours else None


def wait(operation: Operation, *, endpoint: str, client_id: str, client_secret: str, scope: str) -> None:
    """Wait until the endpoint issues a token.

    Raises NotSignedIn when it rejects the client for good or is gone, WaitTimeout when it never answers.
    """
    began = operation.connection.clock.now()
    whole = False

    def look() -> str:
        nonlocal whole
        problem = _problem(endpoint, client_id, client_secret, scope)
        in_vain = operation.connection.clock.now() - began >= _CHECKED_AFTER_SECONDS
        if not whole and (problem in _FOR_GOOD or (problem and in_vain)):
            missing = missing_part(operation.connection, endpoint, client_id)
            if missing:
                raise NotSignedIn(f"{operation.label}: {missing} is gone", operation.connection.cures.create_again)
            whole = True
        return problem

    problem = wait_until(
        look,
        lambda found: not found or found in _FOR_GOOD,
        clock=operation.connection.clock,
        timeout=operation.timeout,
        report=operation.report,
        waiting_for=f"{endpoint} to issue a token",
        reason=str,
    )
    if problem:
        raise NotSignedIn(
            f"{operation.label}: {endpoint} refuses this client: {problem}; check the client's scopes and grant"
        )


def _refusal(error: urllib.error.HTTPError) -> str:
    # Only 400 and 401 are a token endpoint's own answers (RFC 6749, 5.2); before the domain is up something else answers.
    if error.code not in (400, 401):
        return f"HTTP {error.code}"
    try:
        code = json_object(body(error, seconds=_SECONDS)).get("error")
    except (OSError, ValueError, http.client.HTTPException):
        code = None
    return str(code or f"HTTP {error.code}")


def _problem(endpoint: str, client_id: str, client_secret: str, scope: str) -> str:
    """What keeps the endpoint from issuing a token; empty when it issued one."""
    basic = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
    request = urllib.request.Request(
        endpoint,
        data=urllib.parse.urlencode({"grant_type": "client_credentials", "scope": scope}).encode(),
        headers={"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"},
    )
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=_SECONDS) as answer:
            issued = json_object(body(answer, seconds=_SECONDS)).get("access_token")
            return "" if issued else "no access_token in the answer"
    except urllib.error.HTTPError as error:
        with error:
            return _refusal(error)
    except urllib.error.URLError as error:
        return str(error.reason)
    except (OSError, ValueError, http.client.HTTPException) as error:
        return type(error).__name__
