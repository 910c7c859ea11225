"""EZ Auth of scripts: a Cognito sign-in for each gateway name, and access tokens, kept while they are valid."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypedDict, cast

from agentcore_provider.aws import ez_auth, token_endpoint
from agentcore_provider.aws.request_signature import RequestSignature
from agentcore_provider.errors import (
    AwsRefused,
    AwsUnreachable,
    InvalidInput,
    NameTaken,
    NotSignedIn,
    ResourceFailed,
)
from agentcore_provider.gateway_client.account import Account
from agentcore_provider.gateway_client.gateway import Gateway
from agentcore_provider.mcp.token import Token, fetch_token
from agentcore_provider.providers.naming import domain_prefix
from agentcore_provider.target_kinds.target_kind import at

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control.type_defs import AuthorizerConfigurationOutputTypeDef

# Cognito documents up to one minute until a new domain answers; after twice that it will not.
_DOMAIN_SECONDS = 120.0
# A token that expires during a call is of no use.
_RESERVE_SECONDS = 60.0
_POOL = re.compile(r"/(?P<id>[\w-]+_[0-9a-zA-Z]+)/\.well-known/openid-configuration$")
_SECRETS = ("client_secret", "access_token", "api_key")
_REQUIRED = ("token_endpoint", "client_id", "client_secret")


class Confidential(dict[str, object]):
    """A dict with secrets that are read by their names, and hidden from repr, print and notebooks."""

    def __repr__(self) -> str:
        return repr({name: "***" if name in _SECRETS and value else value for name, value in self.items()})


class AccessToken(str):
    """A token: the text itself for headers, f-strings and print; hidden where only its repr is displayed."""

    def __repr__(self) -> str:
        return "<access token: print() shows it>"


class SignIn(TypedDict):
    """A sign-in that was created or found; its secrets are there, and not displayed."""

    authorizer_config: AuthorizerConfigurationOutputTypeDef
    """AWS's authorizerConfiguration of a gateway that accepts its tokens."""
    client_info: dict[str, str]
    """What an agent sends to get a token."""


class SignIns:
    """The sign-ins and tokens of one account."""

    def __init__(self, account: Account) -> None:
        self._account = account
        # By token endpoint and client.
        self._tokens: dict[tuple[str, str], Token] = {}
        # Token endpoints that were created a moment ago and may take a minute to answer.
        self._starting: set[str] = set()

    def create(self, gateway_name: str) -> SignIn:
        """See create_oauth_authorizer_with_cognito."""
        operation = self._account.operation("ez_auth", gateway_name)
        pool_id = self._find(gateway_name)
        current: Mapping[str, object] = (ez_auth.find(operation.connection, pool_id) if pool_id else None) or {}
        # Domains are unique over all accounts, so a new one gets a part that nobody else can have.
        new_domain = f"{domain_prefix(gateway_name) or 'gateway'}-{uuid.uuid4().hex[:10]}"
        defaults = {
            "scopes": ["invoke"],
            "resource_server_identifier": gateway_name,
            "domain_prefix": new_domain,
            "access_token_validity_seconds": 3600,
        }
        properties = {name: current.get(name) or default for name, default in defaults.items()}
        made = self._described(ez_auth.create(operation, {"name": gateway_name, **properties}))
        self._starting.add(made["client_info"]["token_endpoint"])
        return made

    @contextmanager
    def for_gateway(
        self, gateway_name: str, authorizer_config: Mapping[str, object] | None
    ) -> Iterator[tuple[Mapping[str, object], dict[str, str] | None]]:
        """The authorizerConfiguration and client_info of a gateway that is created within.

        A sign-in that is created for it is deleted if the gateway fails.
        """
        if authorizer_config:
            yield authorizer_config, None
            return
        existed = self._find(gateway_name)
        made = self.create(gateway_name)
        try:
            yield made["authorizer_config"], made["client_info"]
        except (AwsRefused, InvalidInput, NameTaken, ResourceFailed) as error:
            if existed is None and not isinstance(error, AwsUnreachable):
                self._delete(gateway_name, made["client_info"]["user_pool_id"])
            raise

    def delete(self, gateway_name: str, client_info: Mapping[str, str] | None, *, adopt: bool | None) -> None:
        """Delete the sign-in of the client_info, else that of the name. Raises NameTaken if it is another owner's."""
        pool_id = client_info["user_pool_id"] if client_info else self._find(gateway_name)
        found = ez_auth.find(self._account.connection, pool_id) if pool_id and client_info else None
        if found and not (self._account.adopts(adopt) or self._account.owns(found["tags"], "ez_auth", found["name"])):
            raise NameTaken(
                f"user pool {pool_id} was not made by owner {self._account.owner!r}",
                "Pass adopt=True to delete it all the same",
            )
        if pool_id:
            self._delete(gateway_name, pool_id)

    def access_token(self, client_info: Mapping[str, str]) -> AccessToken:
        """See get_access_token_for_cognito."""
        missing = [name for name in _REQUIRED if not client_info.get(name)]
        if missing:
            raise InvalidInput(
                f"client_info lacks {', '.join(missing)}",
                "Pass the client_info of create_oauth_authorizer_with_cognito",
            )
        endpoint, client_id, client_secret = (client_info[name] for name in _REQUIRED)
        scope = client_info.get("scope", "")
        with self._account.progress.operation("get_access_token_for_cognito"):
            if endpoint in self._starting:
                token_endpoint.wait(
                    self._account.operation("ez_auth", client_id, timeout=_DOMAIN_SECONDS),
                    endpoint=endpoint,
                    client_id=client_id,
                    client_secret=client_secret,
                    scope=scope,
                )
            token = fetch_token(endpoint, client_id, client_secret, scope)
        self._starting.discard(endpoint)
        self._tokens[endpoint, client_id] = token
        return AccessToken(token.access_token)

    def credentials(self, gateway: Gateway, token: str | None) -> tuple[str, RequestSignature | None]:
        """A token, or what signs requests, as the gateway's authorizer requires. Raises NotSignedIn, WaitTimeout."""
        if token is not None:
            return token, None
        if gateway.get("authorizerType") == "AWS_IAM":
            return "", self.signature()
        return ("" if gateway.get("authorizerType") == "NONE" else self._token_for(gateway)), None

    def signature(self) -> RequestSignature:
        """See get_sigv4_auth."""
        return RequestSignature(self._account.connection)

    def _token_for(self, gateway: Gateway) -> str:
        info = gateway.client_info or self._client_info(gateway)
        kept = self._tokens.get((info.get("token_endpoint", ""), info.get("client_id", "")))
        is_valid = kept is not None and kept.expires_at - time.time() > _RESERVE_SECONDS
        return kept.access_token if kept and is_valid else self.access_token(info)

    def _client_info(self, gateway: Gateway) -> dict[str, str]:
        """How to sign in at the gateway's user pool, if this account has it. Raises NotSignedIn."""
        if "authorizerConfiguration" not in gateway:
            # ListGateways does not return it.
            gateway.refresh()
        jwt = at(gateway.get("authorizerConfiguration"), "customJWTAuthorizer")
        issuer, allowed = str(at(jwt, "discoveryUrl") or ""), at(jwt, "allowedClients")
        pool = _POOL.search(issuer)
        found = ez_auth.find(self._account.connection, pool["id"]) if pool else None
        accepted = not isinstance(allowed, list) or not allowed or (found and found["client_id"] in allowed)
        if not found or not found["client_secret"] or not accepted:
            raise NotSignedIn(
                f"gateway {gateway.name!r} takes tokens of {issuer or 'its own issuer'}, and GatewayClient has no client there",
                "Give token= one of them",
            )
        gateway.client_info = self._described(found)["client_info"]
        return gateway.client_info

    def _described(self, found: ez_auth.SignIn) -> SignIn:
        connection = self._account.connection
        discovery = token_endpoint.discovery_url(
            region=connection.region, endpoint_url=connection.endpoint_url, pool_id=found["user_pool_id"]
        )
        document = {
            "authorizer_config": {
                "customJWTAuthorizer": {"discoveryUrl": discovery, "allowedClients": [found["client_id"]]}
            },
            "client_info": token_endpoint.client_info(connection, found),
        }
        return cast("SignIn", _confidential(document))

    def _find(self, gateway_name: str) -> str | None:
        owner = self._account.owner_tag("ez_auth", gateway_name)
        return ez_auth.find_by_name(self._account.connection, gateway_name, owner)

    def _delete(self, gateway_name: str, pool_id: str) -> None:
        ez_auth.delete(self._account.operation("ez_auth", gateway_name), pool_id)


def _confidential(document: Mapping[str, object]) -> Confidential:
    """The document, and all objects in it, with their secrets hidden."""
    return Confidential(
        {name: _confidential(value) if isinstance(value, Mapping) else value for name, value in document.items()}
    )
