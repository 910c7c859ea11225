"""Access tokens for targets: fetched from the token endpoint, kept until shortly before they expire.

CLIENT_CREDENTIALS  the gateway signs in as the credential provider's client
TOKEN_EXCHANGE      the caller's own token is exchanged (RFC 8693, or RFC 7523 if the provider is configured for it)
AUTHORIZATION_CODE  the caller signs in at the provider's own page, see user_sign_in.py
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from agentcore_provider.local import aws_address, store
from agentcore_provider.local.outbound.authorization_server import AuthorizationServers
from agentcore_provider.local.outbound.caller import Caller
from agentcore_provider.local.outbound.errors import CredentialError, NotOnLocalAwsError
from agentcore_provider.local.outbound.http_call import HttpCall, UnreachableError, send
from agentcore_provider.local.outbound.user_sign_in import SignIn, code_form, sign_ins
from agentcore_provider.local.store import Oauth2Client

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control import type_defs

_READ_SECONDS = 30.0
_EARLY_SECONDS = 30.0  # a token this close to its end is not used any more
_UNSTATED_SECONDS = 60.0  # how long a token is kept whose life the server does not state
_ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 (a type, no secret)
_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
_NO_MORE: Mapping[str, Sequence[str]] = {}
_ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class Tokens:
    """Fetches tokens and keeps them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._servers = AuthorizationServers(clock)
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, str]] = {}

    def token(
        self,
        provider: type_defs.OAuthCredentialProviderOutputTypeDef,
        caller: Caller | None,
        more: Mapping[str, Sequence[str]] = _NO_MORE,
    ) -> str:
        """An access token. caller: None without a client. more: further parameters of the request, each with its values.

        Raises CredentialError; SignInNeededError where the caller has to sign in at a browser.
        """
        client = store.oauth2_client(provider["providerArn"])
        if client is None:
            raise CredentialError(
                f"OAuth2 credential provider {provider['providerArn']} does not exist: create it, or update the target."
            )
        if provider.get("grantType") == "AUTHORIZATION_CODE":
            return sign_ins.token(client, provider, self._user(client, caller))
        form = {**more, **_form(client, provider, caller)}
        # The secret is part of the key: a token fetched with an old one is not used after a rotation.
        parts = [client.arn, client.configuration, client.client_secret, form]
        key = hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
        with self._lock:
            expires_at, kept = self._kept.get(key, (0.0, ""))
        if kept and self._clock() < expires_at:
            return kept
        token, seconds = self._fetch(client, form)
        with self._lock:
            now = self._clock()
            self._kept = {other: entry for other, entry in self._kept.items() if entry[0] > now}
            self._kept[key] = (now + seconds - _EARLY_SECONDS, token)
        return token

    def forget(self) -> None:
        """Forget every token that is kept, and those of people."""
        with self._lock:
            self._kept.clear()
        sign_ins.forget()

    def of_code(self, sign_in: SignIn, code: str) -> tuple[str, float]:
        """The token for a code, and for how many seconds it can be used. Raises CredentialError."""
        token, seconds = self._fetch(sign_in.client, code_form(sign_in, code))
        return token, seconds - _EARLY_SECONDS

    def authorization_endpoint(self, client: Oauth2Client) -> str:
        """The page at which people sign in. Raises CredentialError."""
        page = self._servers.of(client).authorization_endpoint
        if page is None:
            raise NotOnLocalAwsError(
                f"{client.arn} names no page to sign in at: set its authorizationEndpoint, or use CLIENT_CREDENTIALS "
                "in the local stack."
            )
        # Of a user pool the page on this machine.
        return aws_address.here(page)

    def _user(self, client: Oauth2Client, caller: Caller | None) -> str:
        self.authorization_endpoint(client)
        user = caller.user if caller is not None else None
        if user is None:
            raise CredentialError(
                f"{client.arn}: the AUTHORIZATION_CODE grant needs a caller who signed in at the gateway with a bearer "
                "token, since the target's token belongs to a person."
            )
        return user

    def _fetch(self, client: Oauth2Client, form: Mapping[str, str | Sequence[str]]) -> tuple[str, float]:
        server = self._servers.of(client)
        headers, proof = _prove(client, server.methods)
        body = urlencode({**form, **proof}, doseq=True).encode()
        headers += [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")]
        try:
            answer = send(HttpCall("POST", server.token_endpoint, tuple(headers), (), body), read_seconds=_READ_SECONDS)
        except UnreachableError as error:
            raise CredentialError(f"No token for {client.arn}: {error}") from None
        document = answer.json_object() or {}
        token = document.get("access_token")
        if answer.status != 200 or not isinstance(token, str):
            details = " ".join(str(document[key]) for key in ("error", "error_description") if key in document)
            raise CredentialError(
                f"No token for {client.arn}: {server.token_endpoint} answered HTTP {answer.status} "
                f"{details or 'without an access_token'}."
            )
        seconds = document.get("expires_in")
        return token, float(seconds) if isinstance(seconds, int | float) else _UNSTATED_SECONDS


def _form(
    client: Oauth2Client, provider: type_defs.OAuthCredentialProviderOutputTypeDef, caller: Caller | None
) -> dict[str, str]:
    grant = provider.get("grantType") or "CLIENT_CREDENTIALS"
    scope = {"scope": " ".join(provider["scopes"])} if provider.get("scopes") else {}
    custom = dict(provider.get("customParameters") or {})
    if grant == "CLIENT_CREDENTIALS" or caller is None:
        return {**custom, "grant_type": "client_credentials", **scope}
    if caller.bearer_token is None:
        raise CredentialError(f"{client.arn}: TOKEN_EXCHANGE needs a caller who signed in with a bearer token.")
    exchange = client.configuration.get("onBehalfOfTokenExchangeConfig", {})
    if exchange.get("grantType") == "JWT_AUTHORIZATION_GRANT":
        on_behalf = {"requested_token_use": "on_behalf_of"} if client.vendor == "MicrosoftOauth2" else {}
        return {**custom, "grant_type": _ASSERTION, "assertion": caller.bearer_token, **on_behalf, **scope}
    actor = exchange.get("tokenExchangeGrantTypeConfig", {}).get("actorTokenContent", "NONE")
    if actor != "NONE":
        raise NotOnLocalAwsError(
            f"{client.arn}: actorTokenContent {actor} is not available on local AWS; use NONE there."
        )
    return {
        **custom,
        "grant_type": _EXCHANGE,
        "subject_token": caller.bearer_token,
        "subject_token_type": _ACCESS_TOKEN,
        "requested_token_type": _ACCESS_TOKEN,
        **scope,
    }


def _prove(client: Oauth2Client, methods: tuple[str, ...]) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """Headers and parameters by which the client proves itself."""
    stated = client.configuration.get("clientAuthenticationMethod")
    client_id = client.configuration.get("clientId") or ""
    if stated in ("AWS_IAM_ID_TOKEN_JWT", "PRIVATE_KEY_JWT"):
        raise NotOnLocalAwsError(
            f"{client.arn}: clientAuthenticationMethod {stated} is not available on local AWS; use CLIENT_SECRET_BASIC "
            "or CLIENT_SECRET_POST there."
        )
    by_post = stated == "CLIENT_SECRET_POST" or (
        stated is None and bool(methods) and "client_secret_basic" not in methods
    )
    if by_post:
        return [], {"client_id": client_id, "client_secret": client.client_secret}
    # RFC 6749, 2.3.1: both parts are form-encoded before they are joined.
    pair = f"{quote(client_id, safe='')}:{quote(client.client_secret, safe='')}"
    return [("Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}")], {}


_tokens = Tokens()


def token(
    provider: type_defs.OAuthCredentialProviderOutputTypeDef,
    caller: Caller | None,
    more: Mapping[str, Sequence[str]] = _NO_MORE,
) -> str:
    """An access token from the tokens of this process; see Tokens.token."""
    return _tokens.token(provider, caller, more)


def of_code(sign_in: SignIn, code: str) -> tuple[str, float]:
    """See Tokens.of_code."""
    return _tokens.of_code(sign_in, code)


def authorization_endpoint(client: Oauth2Client) -> str:
    """See Tokens.authorization_endpoint."""
    return _tokens.authorization_endpoint(client)


def forget() -> None:
    """See Tokens.forget."""
    _tokens.forget()
