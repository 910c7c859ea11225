"""Bearer tokens: a JWT against a gateway's customJWTAuthorizer."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

import jwt

from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint.token_issuer import IssuerUnreachableError, TokenIssuers

if TYPE_CHECKING:
    from jwt.types import Options
    from mypy_boto3_bedrock_agentcore_control.type_defs import (
        CustomClaimValidationTypeOutputTypeDef,
        CustomJWTAuthorizerConfigurationOutputTypeDef,
    )

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")

_issuers = TokenIssuers()
# Of JSON that nests too deeply or has numbers too long; PyJWT expects neither.
_UNREADABLE = (RecursionError, ValueError, TypeError)


class InvalidTokenError(Exception):
    """The token is not accepted; the text is the reason."""


class InsufficientScopeError(Exception):
    """The token is good, but for other things than this gateway.

    Observed on the service too for an issuer that is not the gateway's, and for a token without aud where allowedAudience is
    set, though no scope is wrong with either.
    """


def check_presence(token: str) -> JsonObject:
    """Read a token's claims without knowing its issuer: it must be a valid JWT before its expiry."""
    try:
        options: Options = {"verify_signature": False, "verify_exp": True, "require": ["exp"]}
        claims: JsonObject = jwt.decode(token, options=options, algorithms=list(ALGORITHMS))
    except jwt.InvalidTokenError as error:
        raise InvalidTokenError(str(error)) from error
    except _UNREADABLE as error:
        raise InvalidTokenError("It cannot be read.") from error
    return claims


def check(
    token: str,
    authorizer: CustomJWTAuthorizerConfigurationOutputTypeDef,
    base_url: str,
    issuers: TokenIssuers = _issuers,
    clock: Callable[[], float] = time.time,
) -> None:
    """Check signature, time, issuer, client, audience, custom claims and scope. clock: seconds since the epoch.

    Raises InvalidTokenError or InsufficientScopeError.
    """
    try:
        key_id, unverified = _read(token)
        issuer = issuers.issuer(authorizer["discoveryUrl"], base_url, key_id)
        # The issuer comes first: no key is needed to reject what another one signed.
        _check_issuer(unverified, issuer.names)
        key = issuer.key(key_id)
        claims = _verify(token, key)
        if clock() >= int(claims["exp"]):
            raise jwt.ExpiredSignatureError("Signature has expired")
    except jwt.InvalidTokenError as error:
        raise InvalidTokenError(str(error)) from error
    except _UNREADABLE as error:
        raise InvalidTokenError("It cannot be read.") from error
    except IssuerUnreachableError as error:
        raise InvalidTokenError(str(error)) from error
    _check_claims(claims, authorizer)


# Clients send one token with many requests, and it took a quarter of the time of each to read and verify it again.
@lru_cache(maxsize=256)
def _read(token: str) -> tuple[str | None, JsonObject]:
    """The id of the key that signed a token, and its claims. Raises jwt.InvalidTokenError."""
    key_id = jwt.get_unverified_header(token).get("kid")
    return key_id, jwt.decode(token, options={"verify_signature": False})


@lru_cache(maxsize=256)
def _verify(token: str, key: jwt.PyJWK) -> JsonObject:
    """The claims of a token that this key signed, and whose time has begun; whether it has ended can change later.

    Raises jwt.InvalidTokenError, which is not kept.
    """
    # PyJWT rejects "aud" unless it is passed the audience, which the caller compares.
    options: Options = {"require": ["exp", "iss"], "verify_aud": False, "verify_iss": False}
    claims: JsonObject = jwt.decode(token, key, algorithms=list(ALGORITHMS), options=options)
    return claims


def _check_issuer(claims: JsonObject, names: tuple[str, ...]) -> None:
    if claims.get("iss", names[0]) not in names:
        raise InsufficientScopeError(f"iss is {claims['iss']!r}, the discovery document has {names[0]!r}.")


def _check_claims(claims: JsonObject, authorizer: CustomJWTAuthorizerConfigurationOutputTypeDef) -> None:
    clients = authorizer.get("allowedClients")
    if clients and claims.get("client_id") not in clients:
        raise InvalidTokenError(f"client_id {claims.get('client_id')!r} is not one of allowedClients.")
    audience = authorizer.get("allowedAudience")
    if audience and "aud" not in claims:
        raise InsufficientScopeError(
            "The token has no aud, and allowedAudience is set. Cognito access tokens have no aud: use allowedClients."
        )
    if audience and not set(_to_list(claims["aud"])) & set(audience):
        raise InvalidTokenError(f"aud {claims['aud']!r} is not one of allowedAudience.")
    for rule in authorizer.get("customClaims", ()):
        _check_custom_claim(claims, rule)
    scopes = authorizer.get("allowedScopes")
    own = _to_list(claims.get("scope", claims.get("scp")), split=True)
    if scopes and not set(own) & set(scopes):
        raise InsufficientScopeError(f"scope {' '.join(own)!r} has none of allowedScopes.")


def _check_custom_claim(claims: JsonObject, rule: CustomClaimValidationTypeOutputTypeDef) -> None:
    name = rule["inboundTokenClaimName"]
    match = rule["authorizingClaimMatchValue"]
    wanted = match["claimMatchValue"]
    values = [wanted["matchValueString"]] if "matchValueString" in wanted else wanted["matchValueStringList"]
    found = claims.get(name)
    if rule["inboundTokenClaimValueType"] == "STRING":
        fits = isinstance(found, str) and found in values
    elif match["claimMatchOperator"] == "EQUALS":
        fits = isinstance(found, list) and sorted(map(str, found)) == sorted(values)
    else:
        fits = isinstance(found, list) and bool(set(map(str, found)) & set(values))
    if not fits:
        operator = match["claimMatchOperator"]
        raise InvalidTokenError(f"claim {name!r} is {found!r}; it must satisfy {operator} {' | '.join(values)}.")


def _to_list(claim: object, *, split: bool = False) -> list[str]:
    if isinstance(claim, list):
        return [str(word) for word in claim]
    if isinstance(claim, str):
        return claim.split() if split else [claim]
    return []
