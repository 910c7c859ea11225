"""Where an OAuth2 credential provider's tokens come from: configured, discovered, or known for its vendor."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agentcore_provider.local.outbound.errors import CredentialError
from agentcore_provider.local.outbound.http_call import HttpCall, UnreachableError, send
from agentcore_provider.local.store import Oauth2Client

if TYPE_CHECKING:
    from agentcore_provider.local.store.documents import OAuthClientConfig

KEPT_SECONDS = 300.0
_READ_SECONDS = 10.0
# The vendors' own documentation names these.
_TOKEN_ENDPOINTS = {
    "GoogleOauth2": "https://oauth2.googleapis.com/token",
    "GithubOauth2": "https://github.com/login/oauth/access_token",
    "SlackOauth2": "https://slack.com/api/oauth.v2.access",
    "SalesforceOauth2": "https://login.salesforce.com/services/oauth2/token",
    "AtlassianOauth2": "https://auth.atlassian.com/oauth/token",
    "LinkedinOauth2": "https://www.linkedin.com/oauth/v2/accessToken",
    "XOauth2": "https://api.x.com/2/oauth2/token",
    "FacebookOauth2": "https://graph.facebook.com/oauth/access_token",
    "RedditOauth2": "https://www.reddit.com/api/v1/access_token",
    "ZoomOauth2": "https://zoom.us/oauth/token",
    "TwitchOauth2": "https://id.twitch.tv/oauth2/token",
    "SpotifyOauth2": "https://accounts.spotify.com/api/token",
    "DropboxOauth2": "https://api.dropboxapi.com/oauth2/token",
    "NotionOauth2": "https://api.notion.com/v1/oauth/token",
    "HubspotOauth2": "https://api.hubapi.com/oauth/v1/token",
    "YandexOauth2": "https://oauth.yandex.com/token",
}
_AUTHORIZATION_ENDPOINTS = {
    "GoogleOauth2": "https://accounts.google.com/o/oauth2/v2/auth",
    "GithubOauth2": "https://github.com/login/oauth/authorize",
    "SlackOauth2": "https://slack.com/oauth/v2/authorize",
    "SalesforceOauth2": "https://login.salesforce.com/services/oauth2/authorize",
    "AtlassianOauth2": "https://auth.atlassian.com/authorize",
    "LinkedinOauth2": "https://www.linkedin.com/oauth/v2/authorization",
}


@dataclass(frozen=True)
class AuthorizationServer:
    """token_endpoint: where tokens are asked for. methods: how a client may prove itself; empty if unknown.
    authorization_endpoint: the page at which people sign in; None if unknown.
    """

    token_endpoint: str
    methods: tuple[str, ...] = ()
    authorization_endpoint: str | None = None


def token_endpoint(vendor: str, configuration: OAuthClientConfig) -> str | None:
    """Where a vendor issues tokens: configured, or known; None if only a discovery document states it."""
    if configuration.get("tokenEndpoint"):
        return configuration["tokenEndpoint"]
    if vendor == "MicrosoftOauth2":
        tenant = configuration.get("tenantId") or "common"
        return f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
    return _TOKEN_ENDPOINTS.get(vendor)


def authorization_endpoint(vendor: str, configuration: OAuthClientConfig) -> str | None:
    """Where people sign in at a vendor: configured, or known; None if neither."""
    if configuration.get("authorizationEndpoint"):
        return configuration["authorizationEndpoint"]
    if vendor == "MicrosoftOauth2":
        tenant = configuration.get("tenantId") or "common"
        return f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize"
    return _AUTHORIZATION_ENDPOINTS.get(vendor)


class AuthorizationServers:
    """The authorization servers, read once per discovery URL."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, AuthorizationServer]] = {}

    def of(self, client: Oauth2Client) -> AuthorizationServer:
        """The server of a credential provider. Raises CredentialError."""
        config = client.configuration
        discovery = config.get("oauthDiscovery", {})
        metadata = discovery.get("authorizationServerMetadata")
        if metadata:
            methods = tuple(metadata.get("tokenEndpointAuthMethods", ()))
            return AuthorizationServer(metadata["tokenEndpoint"], methods, metadata.get("authorizationEndpoint"))
        if discovery.get("discoveryUrl"):
            return self._discover(discovery["discoveryUrl"])
        known = token_endpoint(client.vendor, config)
        if known is not None:
            return AuthorizationServer(known, (), authorization_endpoint(client.vendor, config))
        if config.get("issuer"):
            return self._discover(config["issuer"].rstrip("/") + "/.well-known/openid-configuration")
        raise CredentialError(f"{client.arn} names no token endpoint: set tokenEndpoint or issuer for {client.vendor}.")

    def _discover(self, url: str) -> AuthorizationServer:
        with self._lock:
            read_at, known = self._known.get(url, (0.0, None))
        if known is not None and self._clock() - read_at < KEPT_SECONDS:
            return known
        document = _read(url)
        endpoint = document.get("token_endpoint")
        if not isinstance(endpoint, str):
            raise CredentialError(f"The discovery document {url} names no token_endpoint.")
        methods = document.get("token_endpoint_auth_methods_supported")
        page = document.get("authorization_endpoint")
        found = AuthorizationServer(
            endpoint,
            tuple(map(str, methods)) if isinstance(methods, list) else (),
            page if isinstance(page, str) else None,
        )
        with self._lock:
            self._known[url] = (self._clock(), found)
        return found


def _read(url: str) -> dict[str, object]:
    try:
        answer = send(HttpCall("GET", url, (("Accept", "application/json"),)), read_seconds=_READ_SECONDS)
    except UnreachableError as error:
        raise CredentialError(f"The discovery document cannot be read: {error}") from None
    document = answer.json_object()
    if answer.status != 200 or document is None:
        raise CredentialError(f"The discovery document {url} cannot be read: HTTP {answer.status}, no JSON object.")
    return document
