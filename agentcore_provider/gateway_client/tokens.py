"""Access tokens for the gateways of one account, fetched when they are needed and kept while they are valid."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import replace

from agentcore_provider.aws import ez_auth
from agentcore_provider.errors import NotSignedIn
from agentcore_provider.gateway_client import sign_in
from agentcore_provider.gateway_client.account import Account
from agentcore_provider.gateway_client.gateway import Gateway
from agentcore_provider.mcp.token import Token

# A token that expires during a call is of no use.
_RESERVE_SECONDS = 60.0
_POOL = re.compile(r"/(?P<id>[\w-]+_[0-9a-zA-Z]+)/\.well-known/openid-configuration$")


class Tokens:
    """The tokens of one client's account."""

    def __init__(self, account: Account) -> None:
        self._account = account
        # By token endpoint and client.
        self._kept: dict[tuple[str, str], Token] = {}
        # Token endpoints that were created a moment ago and may take a minute to answer.
        self._coming_up: set[str] = set()

    def expect(self, token_endpoint: str) -> None:
        """Wait for this endpoint when a token is fetched there: it was created a moment ago."""
        self._coming_up.add(token_endpoint)

    def fetch(self, client_info: Mapping[str, str]) -> str:
        """A new token. Raises NotSignedIn, WaitTimeout."""
        endpoint, client_id = client_info.get("token_endpoint", ""), client_info.get("client_id", "")
        operation = replace(self._account._operation("ez_auth", client_id), timeout=sign_in.DOMAIN_SECONDS)
        with self._account._progress.operation("get_access_token_for_cognito"):
            token = sign_in.access_token(operation, client_info, coming_up=endpoint in self._coming_up)
        self._coming_up.discard(endpoint)
        self._kept[endpoint, client_id] = token
        return token.access_token

    def of_gateway(self, gateway: Gateway) -> str:
        """A token that the gateway accepts and that is valid for a call. Raises NotSignedIn, WaitTimeout."""
        info = gateway.client_info or self._client_info(gateway)
        kept = self._kept.get((info.get("token_endpoint", ""), info.get("client_id", "")))
        return kept.access_token if kept and is_fresh(kept.expires_at) else self.fetch(info)

    def _client_info(self, gateway: Gateway) -> Mapping[str, str]:
        """How to sign in at the gateway's user pool, if this account has it. Raises NotSignedIn."""
        if "authorizerConfiguration" not in gateway:
            # ListGateways does not return it.
            gateway.refresh()
        jwt = (gateway.get("authorizerConfiguration") or {}).get("customJWTAuthorizer") or {}
        issuer = str(jwt.get("discoveryUrl") or "")
        pool = _POOL.search(issuer)
        connection = self._account._connection
        found = ez_auth.find(connection, pool["id"]) if pool else None
        allowed = jwt.get("allowedClients")
        if not found or not found.get("client_secret") or (allowed and found["client_id"] not in allowed):
            raise NotSignedIn(
                f"gateway {gateway.name!r} takes tokens of {issuer or 'its own issuer'}, and GatewayClient has no client there",
                "Give token= one of them",
            )
        gateway.client_info = dict(sign_in.described(connection, found)["client_info"])
        return gateway.client_info


def is_fresh(expires_at: float) -> bool:
    """Whether a token is valid for the time of a call."""
    return expires_at - time.time() > _RESERVE_SECONDS
