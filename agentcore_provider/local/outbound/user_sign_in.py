"""Tokens that belong to a person, who signs in at a browser: the AUTHORIZATION_CODE grant (RFC 6749, 4.1; RFC 7636).

The first call of a user is answered with an address. A browser that opens it is sent to the provider's own page, and from there
to the provider's callbackUrl here, where the code is exchanged. Where a target has a defaultReturnUrl, the browser goes
on to it, and the token can be used once that application has called CompleteResourceTokenAuth, as on AWS; without one,
at once.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from agentcore_provider.local import aws_address
from agentcore_provider.local.outbound.errors import CredentialError, SignInNeededError
from agentcore_provider.local.store import Oauth2Client

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control import type_defs

SECONDS = 600.0
"""How long an address to sign in at can be used."""
_URN = "urn:ietf:params:oauth:request_uri:"
_MOST = 1000


@dataclass
class SignIn:
    """A sign-in under way. session_uri: its name, which the application gets. user: whose token it will be.

    workload_arn: the workload identity that asked for it; empty for a gateway's.
    """

    session_uri: str
    client: Oauth2Client
    user: str
    scopes: tuple[str, ...]
    custom: Mapping[str, str | Sequence[str]]
    return_url: str | None
    verifier: str
    ends_at: float
    then: Callable[[], None] | None = None
    """What is done once the token can be used."""
    token: tuple[str, float] | None = None
    """The token and its life in seconds, once the person has signed in."""
    workload_arn: str = ""
    state: str | None = None
    """What the application gets back at return_url."""
    has_failed: bool = False
    """Whether the provider did not sign the person in."""

    @property
    def url(self) -> str:
        """The address at which the person signs in."""
        return address_of(aws_address.base_url(), self.session_uri.removeprefix(_URN))


class UserSignIns:
    """The sign-ins under way, and the tokens of those that are over."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._under_way: dict[str, SignIn] = {}
        self._tokens: dict[tuple[str, str, str, tuple[str, ...]], tuple[str, float]] = {}

    def token(self, client: Oauth2Client, provider: type_defs.OAuthCredentialProviderOutputTypeDef, user: str) -> str:
        """The user's token.

        Raises SignInNeededError while there is none.
        """
        kept = self.kept_token(client, user, provider.get("scopes") or ())
        if kept is None:
            raise SignInNeededError(self.begin_for_target(client, provider, user).url)
        return kept

    def kept_token(self, client: Oauth2Client, user: str, scopes: Sequence[str]) -> str | None:
        """The token of a user who has signed in; None without one that can be used."""
        with self._lock:
            kept, ends_at = self._tokens.get(_key(client, user, tuple(scopes)), ("", 0.0))
        return kept if kept and self._clock() < ends_at else None

    def begin_for_target(
        self,
        client: Oauth2Client,
        provider: type_defs.OAuthCredentialProviderOutputTypeDef,
        user: str,
        name: str | None = None,
        then: Callable[[], None] | None = None,
    ) -> SignIn:
        """A sign-in for a target of a gateway; see `begin`."""
        return self.begin(
            client,
            user,
            scopes=provider.get("scopes") or (),
            custom=provider.get("customParameters") or {},
            return_url=provider.get("defaultReturnUrl"),
            name=name,
            then=then,
        )

    def begin(
        self,
        client: Oauth2Client,
        user: str,
        *,
        scopes: Sequence[str],
        custom: Mapping[str, str | Sequence[str]],
        return_url: str | None,
        name: str | None = None,
        then: Callable[[], None] | None = None,
        workload_arn: str = "",
        state: str | None = None,
    ) -> SignIn:
        """Let a person sign in from now on. name: a part of the address that nobody can guess; default: a new one."""
        sign_in = SignIn(
            session_uri=_URN + (name or secrets.token_urlsafe(24)),
            client=client,
            user=user,
            scopes=tuple(scopes),
            custom=dict(custom),
            return_url=return_url,
            verifier=secrets.token_urlsafe(48),
            ends_at=self._clock() + SECONDS,
            then=then,
            workload_arn=workload_arn,
            state=state,
        )
        with self._lock:
            now = self._clock()
            self._under_way = {key: other for key, other in self._under_way.items() if other.ends_at > now}
            while len(self._under_way) >= _MOST:
                del self._under_way[next(iter(self._under_way))]
            self._under_way[sign_in.session_uri] = sign_in
        return sign_in

    def forget(self) -> None:
        """Forget every sign-in and token."""
        with self._lock:
            self._under_way.clear()
            self._tokens.clear()

    def find(self, session_uri: str) -> SignIn | None:
        """A sign-in under way; None for one that is over or too old."""
        with self._lock:
            found = self._under_way.get(session_uri)
        return found if found is not None and found.ends_at > self._clock() else None

    def signed_in(self, sign_in: SignIn, token: str, seconds: float) -> None:
        """The provider has given a token for the sign-in."""
        sign_in.token, sign_in.has_failed = (token, seconds), False
        if sign_in.return_url is None:
            self.complete(sign_in)

    def complete(self, sign_in: SignIn) -> None:
        """Let the user's calls have the token. Raises CredentialError while the person is not signed in."""
        if sign_in.token is None:
            raise CredentialError(f"{sign_in.session_uri}: nobody has signed in yet.")
        token, seconds = sign_in.token
        with self._lock:
            self._tokens[_key(sign_in.client, sign_in.user, sign_in.scopes)] = (token, self._clock() + seconds)
            self._under_way.pop(sign_in.session_uri, None)
        if sign_in.then is not None:
            sign_in.then()

    def forget_tokens(self, belongs: Callable[[str], bool]) -> None:
        """Forget the tokens for credential providers whose ARN the function accepts: people sign in again."""
        with self._lock:
            self._tokens = {key: kept for key, kept in self._tokens.items() if not belongs(key[0])}


def address_of(base_url: str, name: str) -> str:
    """The address at which the sign-in of this name begins."""
    return f"{base_url}/identities/oauth2/authorize?request_uri={quote(_URN + name, safe='')}"


def page_of(sign_in: SignIn, authorization_endpoint: str) -> str:
    """The address of the provider's page at which the person signs in."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(sign_in.verifier.encode()).digest()).decode().rstrip("=")
    query = {
        # As documented, these add to the parameters of OAuth and replace none of them.
        **sign_in.custom,
        "response_type": "code",
        "client_id": sign_in.client.configuration.get("clientId") or "",
        "redirect_uri": sign_in.client.callback_url,
        "scope": " ".join(sign_in.scopes),
        "state": sign_in.session_uri,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    mark = "&" if "?" in authorization_endpoint else "?"
    return f"{authorization_endpoint}{mark}{urlencode(query, doseq=True)}"


def code_form(sign_in: SignIn, code: str) -> dict[str, str]:
    """What the token endpoint is sent for a code."""
    return {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": sign_in.client.callback_url,
        "code_verifier": sign_in.verifier,
    }


def _key(client: Oauth2Client, user: str, scopes: tuple[str, ...]) -> tuple[str, str, str, tuple[str, ...]]:
    # The secret is part of the key: a token of an old client is not used after a rotation.
    return client.arn, hashlib.sha256(client.client_secret.encode()).hexdigest(), user, scopes


sign_ins = UserSignIns()
"""Those of this process."""
