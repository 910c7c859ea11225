"""CreateUserPoolClient, UpdateUserPoolClient, and who may sign in at a domain."""

from __future__ import annotations

import functools
import json
import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jwt import PyJWK
from moto.cognitoidp.models import CognitoIdpUserPool

from agentcore_provider.local.cognito import client_secret, discovery, managed_login, user_pool_domain
from agentcore_provider.local.cognito.call import Answer, CognitoCall, invalid, require_client, require_user_pool
from agentcore_provider.local.service_error import ServiceError

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import type_defs

_OF_USERS = ("openid", "email", "phone", "profile", "aws.cognito.signin.user.admin")
_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_DEFAULT_VALIDITY = 3600
_DEFAULT_REFRESH_VALIDITY = 30 * 86400
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_GRANT = "client_credentials"


@dataclass(frozen=True)
class UserPoolClient:
    """An app client of a Cognito user pool, with what is needed to sign tokens for it.

    client_secrets: every secret that is valid now; empty for a public client.
    token_validity_seconds: how long an access token lives; the other two: an id token, a refresh token.
    has_login_pages: whether managed login displays pages for it.
    """

    user_pool_id: str
    client_id: str
    client_secrets: list[str]
    allowed_scopes: list[str]
    allowed_flows: list[str]
    issuer: str
    signing_key: PyJWK
    key_id: str
    token_validity_seconds: int
    name: str = ""
    callback_urls: tuple[str, ...] = ()
    logout_urls: tuple[str, ...] = ()
    default_redirect_uri: str = ""
    id_validity_seconds: int = 3600
    refresh_validity_seconds: int = 30 * 86400
    has_login_pages: bool = True


def create(call: CognitoCall, request: type_defs.CreateUserPoolClientRequestTypeDef) -> Answer:
    """Creates an app client, with a secret on request."""
    pool = require_user_pool(call, request["UserPoolId"])
    own_secret = request.get("ClientSecret")
    has_secret = bool(request.get("GenerateSecret") or own_secret)
    _require_valid(pool, request, has_secret=has_secret)
    not_kept = ("UserPoolId", "GenerateSecret", "ClientSecret", "PublishSecretsInAWSSecretsManager")
    document: dict[str, Any] = {name: value for name, value in request.items() if name not in not_kept}
    client = call.backend.create_user_pool_client(pool.id, has_secret, document)
    del pool.clients[client.id]
    client.id = "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(26))
    pool.clients[client.id] = client
    if has_secret:
        client_secret.start(client, own_secret)
        client_secret.publish(call, client, wanted=_publishes(request))
    return {"UserPoolClient": client_secret.document_of(client)}


def describe(call: CognitoCall, request: type_defs.DescribeUserPoolClientRequestTypeDef) -> Answer:
    """The client, with its secret or the ARN of it."""
    return {
        "UserPoolClient": client_secret.document_of(require_client(call, request["UserPoolId"], request["ClientId"]))
    }


def delete(call: CognitoCall, request: type_defs.DeleteUserPoolClientRequestTypeDef) -> None:
    """moto deletes it; what Secrets Manager has of it goes too."""
    client = require_user_pool(call, request["UserPoolId"]).clients.get(request["ClientId"])
    if client is not None:
        client_secret.unpublish(call, client)


def _publishes(request: Mapping[str, Any]) -> bool | None:
    wanted: bool | None = request.get("PublishSecretsInAWSSecretsManager")
    return wanted


def update(call: CognitoCall, request: type_defs.UpdateUserPoolClientRequestTypeDef) -> Answer:
    """Resets what is left out."""
    pool = require_user_pool(call, request["UserPoolId"])
    client = require_client(call, pool.id, request["ClientId"])
    _require_valid(pool, request, has_secret=client.generate_secret)
    fresh = type(client)(pool.id, client.generate_secret, {})
    client_secret.publish(call, client, wanted=_publishes(request))
    not_kept = ("UserPoolId", "ClientId", "PublishSecretsInAWSSecretsManager")
    document = {name: value for name, value in request.items() if name not in not_kept}
    document.setdefault("ClientName", client.extended_config.get("ClientName"))
    client.extended_config = {**fresh.extended_config, **document}
    return {"UserPoolClient": client_secret.document_of(client)}


def find(domain: str, client_id: str) -> UserPoolClient | None:
    """The app client in the pool that holds a domain, with the pool's signing key."""
    pool = next((it for it in user_pool_domain.user_pools(domain) if client_id in it.clients), None)
    if pool is None:
        return None
    client = pool.clients[client_id]
    config = client.extended_config
    key = _signing_key(json.dumps(pool.json_web_key.as_dict(private=True)))
    uses_oauth = config.get("AllowedOAuthFlowsUserPoolClient", False)
    return UserPoolClient(
        user_pool_id=pool.id,
        client_id=client.id,
        client_secrets=client_secret.values_of(client),
        allowed_scopes=list(config.get("AllowedOAuthScopes", [])) if uses_oauth else [],
        allowed_flows=list(config.get("AllowedOAuthFlows", [])) if uses_oauth else [],
        issuer=discovery.issuer_of(pool.id),
        signing_key=key,
        key_id=str(key.key_id),
        token_validity_seconds=_seconds(config, "AccessToken", "hours", _DEFAULT_VALIDITY),
        name=str(config.get("ClientName", "")),
        callback_urls=tuple(config.get("CallbackURLs", ())),
        logout_urls=tuple(config.get("LogoutURLs", ())),
        default_redirect_uri=str(config.get("DefaultRedirectURI", "")),
        id_validity_seconds=_seconds(config, "IdToken", "hours", _DEFAULT_VALIDITY),
        refresh_validity_seconds=_seconds(config, "RefreshToken", "days", _DEFAULT_REFRESH_VALIDITY),
        has_login_pages=pool.domain is not None and managed_login.has_pages(pool.domain, client),
    )


def _seconds(config: Mapping[str, Any], token: str, unit: str, default: int) -> int:
    """How long a kind of token is valid. unit: the one that the number has if the client names none."""
    number = config.get(f"{token}Validity")
    return int(number) * _SECONDS[config.get("TokenValidityUnits", {}).get(token, unit)] if number else default


@functools.cache
def _signing_key(key: str) -> PyJWK:
    """A key from its JSON. Finding the primes of one takes as long as a hundred requests; moto's pools share one."""
    return PyJWK.from_json(key, algorithm="RS256")


def _require_valid(
    pool: CognitoIdpUserPool,
    request: type_defs.CreateUserPoolClientRequestTypeDef | type_defs.UpdateUserPoolClientRequestTypeDef,
    *,
    has_secret: bool,
) -> None:
    scopes, flows = request.get("AllowedOAuthScopes", []), request.get("AllowedOAuthFlows", [])
    custom = {
        f"{server.identifier}/{scope['ScopeName']}"
        for server in pool.resource_servers.values()
        for scope in server.scopes or []
    }
    if unknown := [scope for scope in scopes if scope not in custom and scope not in _OF_USERS]:
        raise ServiceError("ScopeDoesNotExistException", f"Invalid scopes requested: {', '.join(unknown)}")
    _require_valid_addresses(request)
    if _GRANT not in flows:
        if flows and not scopes:
            raise ServiceError(
                "InvalidOAuthFlowException", "AllowedOAuthFlows needs at least one of AllowedOAuthScopes."
            )
        if flows and not request.get("CallbackURLs"):
            raise ServiceError("InvalidOAuthFlowException", f"The flow {flows[0]} needs at least one of CallbackURLs.")
        return
    if len(flows) > 1:
        raise invalid("client_credentials flow can not be selected along with code flow or implicit flow.")
    if not has_secret:
        raise invalid("client_credentials flow can not be selected if client does not have a client secret.")
    if of_users := [scope for scope in scopes if scope in _OF_USERS]:
        raise invalid(f"client_credentials flow can not be selected with the scopes {', '.join(of_users)}.")


def _require_valid_addresses(
    request: type_defs.CreateUserPoolClientRequestTypeDef | type_defs.UpdateUserPoolClientRequestTypeDef,
) -> None:
    callbacks = request.get("CallbackURLs", [])
    for url in (*callbacks, *request.get("LogoutURLs", [])):
        parts = urlsplit(url)
        if not parts.scheme or "#" in url:
            raise invalid(f"Invalid redirect uri {url}: it has to be absolute, and have no fragment.")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise invalid(f"cannot use the HTTP protocol for this url: {url}")
    default = request.get("DefaultRedirectURI")
    if default and default not in callbacks:
        raise invalid("The default redirect uri has to be one of CallbackURLs.")
