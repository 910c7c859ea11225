"""CreateUserPoolClient, UpdateUserPoolClient, and who may sign in at a domain."""

from __future__ import annotations

import functools
import json
import secrets
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jwt import PyJWK
from moto.cognitoidp.models import CognitoIdpUserPool

from agentcore_provider.local.cognito import client_secret, discovery, user_pool_domain
from agentcore_provider.local.cognito.call import Answer, CognitoCall, invalid, require_client, require_user_pool
from agentcore_provider.local.service_error import ServiceError

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import type_defs

_OF_USERS = ("openid", "email", "phone", "profile", "aws.cognito.signin.user.admin")
_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_DEFAULT_VALIDITY = 3600
_GRANT = "client_credentials"


@dataclass(frozen=True)
class UserPoolClient:
    """An app client of a Cognito user pool, with what is needed to sign tokens for it.

    client_secrets: every secret that is valid now; empty for a public client.
    token_validity_seconds: how long an access token lives.
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


def create(call: CognitoCall, request: type_defs.CreateUserPoolClientRequestTypeDef) -> Answer:
    """Creates an app client, with a secret on request."""
    pool = require_user_pool(call, request["UserPoolId"])
    own_secret = request.get("ClientSecret")
    has_secret = bool(request.get("GenerateSecret") or own_secret)
    _require_valid(pool, request, has_secret=has_secret)
    not_kept = ("UserPoolId", "GenerateSecret", "ClientSecret")
    document: dict[str, Any] = {name: value for name, value in request.items() if name not in not_kept}
    client = call.backend.create_user_pool_client(pool.id, has_secret, document)
    del pool.clients[client.id]
    client.id = "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(26))
    pool.clients[client.id] = client
    if has_secret:
        client_secret.start(client, own_secret)
    return {"UserPoolClient": client.to_json(extended=True)}


def update(call: CognitoCall, request: type_defs.UpdateUserPoolClientRequestTypeDef) -> Answer:
    """Resets what is left out."""
    pool = require_user_pool(call, request["UserPoolId"])
    client = require_client(call, pool.id, request["ClientId"])
    _require_valid(pool, request, has_secret=client.generate_secret)
    fresh = type(client)(pool.id, client.generate_secret, {})
    document = {name: value for name, value in request.items() if name not in ("UserPoolId", "ClientId")}
    document.setdefault("ClientName", client.extended_config.get("ClientName"))
    client.extended_config = {**fresh.extended_config, **document}
    return {"UserPoolClient": client.to_json(extended=True)}


def find(domain: str, client_id: str) -> UserPoolClient | None:
    """The app client in the pool that holds a domain, with the pool's signing key."""
    pool = next((it for it in user_pool_domain.user_pools(domain) if client_id in it.clients), None)
    if pool is None:
        return None
    client = pool.clients[client_id]
    config = client.extended_config
    key = _signing_key(json.dumps(pool.json_web_key.as_dict(private=True)))
    unit = _SECONDS[config.get("TokenValidityUnits", {}).get("AccessToken", "hours")]
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
        token_validity_seconds=config["AccessTokenValidity"] * unit
        if "AccessTokenValidity" in config
        else _DEFAULT_VALIDITY,
    )


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
    if _GRANT not in flows:
        return
    if len(flows) > 1:
        raise invalid("client_credentials flow can not be selected along with code flow or implicit flow.")
    if not has_secret:
        raise invalid("client_credentials flow can not be selected if client does not have a client secret.")
    if of_users := [scope for scope in scopes if scope in _OF_USERS]:
        raise invalid(f"client_credentials flow can not be selected with the scopes {', '.join(of_users)}.")
