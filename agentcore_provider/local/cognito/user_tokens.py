"""Codes and tokens of people: a code counts once and for minutes, a refresh token until it expires or is revoked."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

import jwt

from agentcore_provider.local.cognito import people
from agentcore_provider.local.cognito.people import Person
from agentcore_provider.local.cognito.user_pool_client import UserPoolClient
from agentcore_provider.local.kept import keep

_CODE_SECONDS = 300.0
_MOST_KEPT = 10_000
"""Of each; beyond them the oldest are forgotten."""
_CLAIMS_OF_SCOPES = {
    "email": ("email", "email_verified"),
    "phone": ("phone_number", "phone_number_verified"),
    "profile": ("name", "given_name", "family_name", "preferred_username", "nickname", "picture", "locale", "zoneinfo"),
}


class GrantError(Exception):
    """A code or refresh token that counts no more, or that another client got."""


@dataclass(frozen=True)
class Authorization:
    """What a client asks a person for at the login page.

    challenge: of PKCE, S256; None without. resource: what the token is for (RFC 8707); its audience.
    """

    user_pool_id: str
    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    challenge: str | None
    nonce: str | None
    resource: str | None


@dataclass(frozen=True)
class _Grant:
    authorization: Authorization
    username: str
    signed_in_at: int
    origin: str
    expires_at: float


class UserTokens:
    """The codes and refresh tokens that count now."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self.codes: dict[str, _Grant] = {}
        self.refresh_tokens: dict[str, _Grant] = {}
        self.access_tokens: dict[str, _Grant] = {}
        self._lock = threading.Lock()

    def new_code(self, authorization: Authorization, username: str) -> str:
        """A code for the client, after the person has signed in."""
        now = self._clock()
        code = secrets.token_urlsafe(48)
        grant = _Grant(authorization, username, int(now), str(uuid.uuid4()), now + _CODE_SECONDS)
        self._keep(self.codes, code, grant)
        return code

    def of_code(self, client: UserPoolClient, code: str, redirect_uri: str, verifier: str) -> dict[str, object]:
        """The tokens for a code. Raises GrantError; whatever happens the code is used up."""
        with self._lock:
            grant = self.codes.pop(code, None)
        asked = self._still_valid(grant, client)
        challenge = asked.authorization.challenge
        if redirect_uri != asked.authorization.redirect_uri or (challenge and not _verifies(challenge, verifier)):
            raise GrantError
        now, token = self._clock(), secrets.token_urlsafe(96)
        answer = self._tokens(client, asked, now)
        self._keep(self.refresh_tokens, token, replace(asked, expires_at=now + client.refresh_validity_seconds))
        return {**answer, "refresh_token": token}

    def of_refresh_token(self, client: UserPoolClient, token: str) -> dict[str, object]:
        """New tokens for a refresh token, which stays valid. Raises GrantError."""
        with self._lock:
            grant = self.refresh_tokens.get(token)
        return self._tokens(client, self._still_valid(grant, client), self._clock())

    def revoke(self, client: UserPoolClient, token: str) -> None:
        """Forget a refresh token of this client; one that is not known is fine."""
        with self._lock:
            grant = self.refresh_tokens.get(token)
            if grant and grant.authorization.client_id == client.client_id:
                del self.refresh_tokens[token]

    def owner(self, access_token: str) -> tuple[Authorization, Person] | None:
        """Whom a valid access token belongs to."""
        with self._lock:
            grant = self.access_tokens.get(access_token)
        if grant is None or grant.expires_at <= self._clock():
            return None
        person = people.find(grant.authorization.user_pool_id, grant.username)
        return (grant.authorization, person) if person else None

    def _keep(self, kept: dict[str, _Grant], name: str, grant: _Grant) -> None:
        with self._lock:
            while len(kept) >= _MOST_KEPT:
                del kept[next(iter(kept))]
            kept[name] = grant

    def _still_valid(self, grant: _Grant | None, client: UserPoolClient) -> _Grant:
        if grant is None or grant.expires_at <= self._clock():
            raise GrantError
        asked = grant.authorization
        if (asked.client_id, asked.user_pool_id) != (client.client_id, client.user_pool_id):
            raise GrantError
        return grant

    def _tokens(self, client: UserPoolClient, grant: _Grant, at: float) -> dict[str, object]:
        person = people.find(client.user_pool_id, grant.username)
        if person is None:
            raise GrantError
        asked, now = grant.authorization, int(at)
        both: dict[str, object] = {
            "sub": person.subject,
            "iss": client.issuer,
            "origin_jti": grant.origin,
            "auth_time": grant.signed_in_at,
            "iat": now,
            **({"cognito:groups": list(person.groups)} if person.groups else {}),
        }
        access: dict[str, object] = {
            **both,
            "token_use": "access",
            "version": 2,
            "client_id": client.client_id,
            "username": person.username,
            "scope": " ".join(asked.scopes),
            "exp": now + client.token_validity_seconds,
            "jti": str(uuid.uuid4()),
            **({"aud": asked.resource} if asked.resource else {}),
        }
        signed = _sign(client, access)
        self._keep(self.access_tokens, signed, replace(grant, expires_at=at + client.token_validity_seconds))
        answer: dict[str, object] = {
            "access_token": signed,
            "expires_in": client.token_validity_seconds,
            "token_type": "Bearer",
        }
        if "openid" in asked.scopes:
            identity = {
                **both,
                **claims(person, asked.scopes),
                "token_use": "id",
                "aud": client.client_id,
                "cognito:username": person.username,
                "exp": now + client.id_validity_seconds,
                "jti": str(uuid.uuid4()),
                **({"nonce": asked.nonce} if asked.nonce else {}),
            }
            answer["id_token"] = _sign(client, identity)
        return answer


def claims(person: Person, scopes: tuple[str, ...]) -> dict[str, object]:
    """What a token with these scopes lets a client know about the person."""
    names = [name for scope in scopes for name in _CLAIMS_OF_SCOPES.get(scope, ())]
    found: dict[str, object] = {name: person.attributes[name] for name in names if name in person.attributes}
    return {name: value == "true" if name.endswith("_verified") else value for name, value in found.items()}


def _sign(client: UserPoolClient, document: dict[str, object]) -> str:
    return jwt.encode(document, client.signing_key, algorithm="RS256", headers={"kid": client.key_id})


def _verifies(challenge: str, verifier: str) -> bool:
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    return hmac.compare_digest(digest, challenge.encode())


user_tokens = UserTokens()
"""Those of this process, as moto's user pools are."""
keep(__name__, "codes", user_tokens.codes)
keep(__name__, "refresh_tokens", user_tokens.refresh_tokens)
keep(__name__, "access_tokens", user_tokens.access_tokens)
