"""Why a gateway rejects a token: the token's claims compared with the gateway's authorizer, member by member.

The service itself gives no reason. Claims are read without checking the signature: for explanations, never for trust.
https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-inbound-auth.html
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator

from agentcore_provider.cli.doctor import identity_provider
from agentcore_provider.cli.doctor.layer import Failure
from agentcore_provider.documents.answers import json_object
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.mcp.claims import read_claims

_WELL_KNOWN = "/.well-known/openid-configuration"


def explain(
    token: str, authorizer: JsonObject | None, timeout: float, clock: Callable[[], float] = time.time
) -> Failure:
    """The likeliest reason and its cure.

    authorizer: the gateway's customJWTAuthorizer; None when AWS could not be asked. timeout: seconds for each
    document of the issuer. clock: seconds since the epoch.
    """
    if not token:
        return Failure(
            "HTTP 401: no token was sent", "pass --token, set AGENTCORE_TOKEN, or name a gateway of the stack"
        )
    claims = read_claims(token)
    if not claims:
        return Failure("HTTP 401: the token is not a JWT", "take the access_token of the token endpoint")
    expires = claims.get("exp")
    if isinstance(expires, (int, float)) and expires <= clock():
        ago = clock() - expires
        spent = f"{ago:.0f} s" if ago < 120 else f"{ago / 60:.0f} min" if ago < 7200 else f"{ago / 3600:.0f} h"
        return Failure(f"HTTP 401: the token expired {spent} ago", "fetch a new one")
    if authorizer is None:
        from agentcore_provider.mcp.claims import explain_rejection

        why, cure = explain_rejection(token)
        message = "The gateway rejected the token, and AWS cannot be asked why"
        return Failure(f"{message}: {why}" if why else message, cure)
    for failure in _reasons(token, claims, authorizer, timeout):
        return failure
    return Failure(
        "HTTP 401: the token fits the gateway's authorizer as far as can be checked, so its signature must be invalid",
        "take a new token from the token endpoint, unchanged",
    )


def _reasons(token: str, claims: JsonObject, authorizer: JsonObject, timeout: float) -> Iterator[Failure]:
    discovery_url = str(authorizer.get("discoveryUrl", ""))
    try:
        provider = identity_provider.read(discovery_url, timeout)
    except (OSError, ValueError) as error:
        yield Failure(
            f"HTTP 401: the gateway cannot check tokens, because of its discoveryUrl: {error}",
            "set discoveryUrl to the issuer's own document, and check that AWS can reach it",
        )
        return
    issuer = str(claims.get("iss", ""))
    if issuer != provider.issuer:
        yield Failure(
            f"HTTP 403: the token's issuer is {issuer or '(none)'}, and discoveryUrl is {provider.issuer}'s",
            f"set discoveryUrl to {issuer.rstrip('/')}{_WELL_KNOWN}, or take the token from {provider.issuer}",
        )
    yield from _client(claims, authorizer)
    yield from _audience(claims, authorizer)
    yield from _scope(claims, authorizer)
    yield from _custom(claims, authorizer)
    key_id = _header(token).get("kid")
    if key_id is not None and str(key_id) not in provider.key_ids:
        yield Failure(
            f"HTTP 401: the token was signed with key {key_id}, which {provider.issuer} does not have",
            "fetch a new one: the issuer has changed its keys",
        )


def _client(claims: JsonObject, authorizer: JsonObject) -> Iterator[Failure]:
    allowed = authorizer.get("allowedClients")
    client = claims.get("client_id")
    if allowed and client not in allowed:
        yield Failure(
            f"HTTP 401: the token's client {client or '(none)'} is not in allowedClients ({', '.join(allowed)})",
            f"add {client} to the authorizer's allowedClients, or sign in as a client of that list"
            if client
            else "use allowedAudience in place of allowedClients: this issuer sets no client_id",
        )


def _audience(claims: JsonObject, authorizer: JsonObject) -> Iterator[Failure]:
    allowed = authorizer.get("allowedAudience")
    if not allowed:
        return
    audience = claims.get("aud")
    if not audience:
        client = claims.get("client_id") or "the client's id"
        yield Failure(
            f"HTTP 403: allowedAudience ({', '.join(allowed)}) is set, and the token carries no audience "
            "(access tokens of Cognito never do)",
            f"replace allowedAudience by allowedClients: [{client}]",
        )
    elif not set(_words(audience)) & set(allowed):
        yield Failure(
            f"HTTP 401: the token's audience {' '.join(_words(audience))} is not in allowedAudience "
            f"({', '.join(allowed)})",
            "add it to the authorizer's allowedAudience, or ask the issuer for a token with that audience",
        )


def _scope(claims: JsonObject, authorizer: JsonObject) -> Iterator[Failure]:
    allowed = authorizer.get("allowedScopes")
    scopes = claims.get("scope", claims.get("scp", ""))
    own = scopes.split() if isinstance(scopes, str) else _words(scopes)
    if allowed and not set(own) & set(allowed):
        yield Failure(
            f"HTTP 403: the token's scope {' '.join(own) or '(none)'} has none of allowedScopes ({', '.join(allowed)})",
            "ask the token endpoint for one of these scopes, or add the token's to the authorizer's allowedScopes",
        )


def _custom(claims: JsonObject, authorizer: JsonObject) -> Iterator[Failure]:
    for rule in authorizer.get("customClaims") or ():
        name, match = rule["inboundTokenClaimName"], rule["authorizingClaimMatchValue"]
        value = match["claimMatchValue"]
        wanted = [value["matchValueString"]] if "matchValueString" in value else value["matchValueStringList"]
        found = _words(claims.get(name))
        exact = rule["inboundTokenClaimValueType"] == "STRING" or match["claimMatchOperator"] != "EQUALS"
        fits = bool(set(found) & set(wanted)) if exact else sorted(found) == sorted(wanted)
        if not fits:
            yield Failure(
                f"HTTP 401: the token's claim {name} is {' '.join(found) or '(none)'}, and customClaims require "
                f"{' or '.join(wanted)}",
                "make the issuer set that claim, or change the authorizer's customClaims",
            )


def _header(token: str) -> JsonDict:
    part = token.split(".", 1)[0]
    try:
        return json_object(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        return {}


def _words(claim: object) -> list[str]:
    if claim is None:
        return []
    return [str(word) for word in claim] if isinstance(claim, list) else [str(claim)]
