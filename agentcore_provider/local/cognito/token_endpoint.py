"""The token endpoint of a user pool's domain: tokens like Cognito's for client credentials, codes and refresh tokens.

Errors are those of RFC 6749 with Cognito's statuses: 400, also for an unknown client or a wrong secret.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import time
import uuid
from collections.abc import Callable, Mapping

import jwt
from werkzeug.wrappers import Request, Response

from agentcore_provider.local.cognito import user_pool_client, user_pool_domain, user_tokens
from agentcore_provider.local.cognito.user_pool_client import UserPoolClient
from agentcore_provider.local.cognito.user_tokens import GrantError

GRANT = "client_credentials"
_OF_PEOPLE = {"authorization_code": "code", "refresh_token": "code"}
"""Grants of people, and the flow of AllowedOAuthFlows that each is part of."""
_FORM = "application/x-www-form-urlencoded"


class UserPools:
    """Where domains and app clients are looked up: the user pools of every account and Region."""

    def find_user_pool_by_domain(self, domain: str) -> str | None:
        """Id of the user pool that holds a prefix domain; None if none does, or it is not active yet."""
        return user_pool_domain.find_user_pool_id(domain)

    def user_pool_client(self, domain: str, client_id: str) -> UserPoolClient | None:
        """The app client in the user pool that holds a prefix domain."""
        return user_pool_client.find(domain, client_id)


class _RejectedError(Exception):
    """`args`: RFC 6749's error code and, if Cognito gives one, its description."""


def serve(
    request: Request,
    domain: str,
    base_url: str,
    *,
    user_pools: UserPools | None = None,
    clock: Callable[[], float] = time.time,
) -> Response:
    """Answer a request to `<base_url>/cognito/<domain>/oauth2/token`."""
    # A body left unread would be taken for the next request of the connection.
    request.get_data(parse_form_data=True)
    user_pools = user_pools or UserPools()
    if request.method != "POST":
        response = _respond({"error": "method_not_allowed"}, 405)
        response.headers["Allow"] = "POST"
        return response
    if user_pools.find_user_pool_by_domain(domain) is None:
        # On AWS the name would not resolve; here there is a host, so the answer can name what is missing.
        text = f"No user pool has the domain {domain} at {base_url}."
        return _respond({"error": "invalid_request", "error_description": text}, 404)
    try:
        client = _client(request, domain, user_pools)
        if request.form["grant_type"] in _OF_PEOPLE:
            return _respond(_tokens_of_person(client, request.form), 200)
        scopes = _scopes_of_machine(client, request.form)
    except _RejectedError as error:
        described = {"error_description": error.args[1]} if len(error.args) > 1 else {}
        return _respond({"error": error.args[0], **described}, 400)
    token = access_token(client, scopes, int(clock()))
    return _respond({"access_token": token, "expires_in": client.token_validity_seconds, "token_type": "Bearer"}, 200)


def revoke(request: Request, domain: str) -> Response:
    """Answer a request to `oauth2/revoke`: the refresh token counts no more."""
    request.get_data(parse_form_data=True)
    try:
        client = _authenticated(request, domain, UserPools(), is_machine=False)
    except _RejectedError as error:
        return _respond({"error": error.args[0]}, 400)
    user_tokens.user_tokens.revoke(client, request.form.get("token", ""))
    return Response(status=200)


def access_token(client: UserPoolClient, scopes: list[str], now: int) -> str:
    """A signed access token of a client. `now` is in seconds since 1970."""
    claims = {
        "sub": client.client_id,
        "token_use": "access",
        "scope": " ".join(scopes),
        "auth_time": now,
        "iss": client.issuer,
        "exp": now + client.token_validity_seconds,
        "iat": now,
        "version": 2,
        "jti": str(uuid.uuid4()),
        "client_id": client.client_id,
    }
    return jwt.encode(claims, client.signing_key, algorithm="RS256", headers={"kid": client.key_id})


def _client(request: Request, domain: str, user_pools: UserPools) -> UserPoolClient:
    """The client that the request is from, which may use the grant that it asks for. Raises _RejectedError."""
    if request.mimetype != _FORM:
        raise _RejectedError("invalid_request", f"Content-Type must be {_FORM}.")
    form = request.form
    if not form.get("grant_type"):
        raise _RejectedError("invalid_request", "grant_type is missing.")
    grant = form["grant_type"]
    client = _authenticated(request, domain, user_pools, is_machine=grant == GRANT)
    if grant != GRANT and grant not in _OF_PEOPLE:
        raise _RejectedError("unsupported_grant_type")
    if _OF_PEOPLE.get(grant, grant) not in client.allowed_flows:
        raise _RejectedError("unauthorized_client")
    return client


def _authenticated(request: Request, domain: str, user_pools: UserPools, *, is_machine: bool) -> UserPoolClient:
    """The client that the request is from. A public one, which has no secret, is never a machine. Raises _RejectedError."""
    client_id, secret = _credentials(request)
    client = user_pools.user_pool_client(domain, client_id) if client_id else None
    if client is None:
        raise _RejectedError("invalid_client")
    is_public = not client.client_secrets and not is_machine and not secret
    known = client.client_secrets
    if not is_public and not any(hmac.compare_digest(secret.encode(), it.encode()) for it in known):
        raise _RejectedError("invalid_client", "invalid_client_secret")
    return client


def _tokens_of_person(client: UserPoolClient, form: Mapping[str, str]) -> dict[str, object]:
    try:
        if form["grant_type"] == "refresh_token":
            return user_tokens.user_tokens.of_refresh_token(client, form.get("refresh_token", ""))
        return user_tokens.user_tokens.of_code(
            client, form.get("code", ""), form.get("redirect_uri", ""), form.get("code_verifier", "")
        )
    except GrantError:
        raise _RejectedError("invalid_grant") from None


def _scopes_of_machine(client: UserPoolClient, form: Mapping[str, str]) -> list[str]:
    # Scopes like openid belong to users; only a resource server's, with a slash, are for machines.
    allowed = [scope for scope in client.allowed_scopes if "/" in scope]
    wanted = form.get("scope", "").split() or allowed
    if not wanted or not set(wanted) <= set(allowed):
        if wanted and not any("/" in scope for scope in wanted):
            # MCP clients that learn no scope from a gateway ask for all that the pool lists, which belong to users.
            raise _RejectedError(
                "invalid_scope",
                f"{' '.join(wanted)[:200]} belong to users. Ask for one of {' '.join(allowed)}, or give the gateway's "
                "authorizer allowedScopes: MCP clients then ask for those.",
            )
        raise _RejectedError("invalid_scope")
    return wanted


def _credentials(request: Request) -> tuple[str, str]:
    stated = request.form.get("client_id", "")
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return stated, request.form.get("client_secret", "")
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise _RejectedError("invalid_client") from None
    if stated and stated != client_id:
        raise _RejectedError("invalid_client")
    return client_id, secret


def _respond(document: dict[str, object], status: int) -> Response:
    response = Response(json.dumps(document), status=status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
