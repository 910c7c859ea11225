"""EZ Auth of a client: a Cognito sign-in per gateway name, and tokens from it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from agentcore_provider.aws import ez_auth, token_endpoint
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.operation import Operation
from agentcore_provider.errors import InvalidInput
from agentcore_provider.gateway_client.confidential import Confidential, confidential
from agentcore_provider.mcp.token import Token, fetch_token
from agentcore_provider.providers.naming import domain_prefix

# "Up to one minute", says Cognito, until a new domain answers; twice that, and it will not come.
DOMAIN_SECONDS = 120.0

_NEEDED = ("token_endpoint", "client_id", "client_secret")


def create(operation: Operation, gateway_name: str) -> Confidential:
    """The sign-in of this name and owner, made or found: {"authorizer_config": ..., "client_info": ...}."""
    connection = operation.connection
    pool_id = ez_auth.find_by_name(connection, gateway_name, operation.owner)
    standing: Mapping[str, object] = (ez_auth.find(connection, pool_id) if pool_id else None) or {}
    # Domains are unique over all accounts, so a new one gets a part that nobody else can have.
    fresh = f"{domain_prefix(gateway_name) or 'gateway'}-{uuid.uuid4().hex[:10]}"
    made = ez_auth.create(
        operation,
        {
            "name": gateway_name,
            "scopes": standing.get("scopes") or ["invoke"],
            "resource_server_identifier": standing.get("resource_server_identifier") or gateway_name,
            "domain_prefix": standing.get("domain_prefix") or fresh,
            "access_token_validity_seconds": standing.get("access_token_validity_seconds") or 3600,
        },
    )
    return described(connection, made)


def described(connection: Connection, made: Mapping[str, Any]) -> Confidential:
    """What agents and the gateway need of a sign-in: {"authorizer_config": ..., "client_info": ...}."""
    place: dict[str, Any] = {"region": connection.region, "endpoint_url": connection.endpoint_url}
    document = {
        "authorizer_config": {
            "customJWTAuthorizer": {
                "discoveryUrl": token_endpoint.discovery_url(**place, pool_id=made["user_pool_id"]),
                "allowedClients": [made["client_id"]],
            }
        },
        "client_info": {
            "client_id": made["client_id"],
            "client_secret": made["client_secret"],
            "user_pool_id": made["user_pool_id"],
            "token_endpoint": token_endpoint.url(**place, domain_prefix=made["domain_prefix"]),
            "scope": " ".join(made["client_scopes"]),
            "domain_prefix": made["domain_prefix"],
        },
    }
    return confidential(document)


def access_token(operation: Operation, client_info: Mapping[str, str], *, coming_up: bool) -> Token:
    """An access token. coming_up: the domain was made a moment ago, so its answers are waited for.

    Raises InvalidInput, NotSignedIn, WaitTimeout.
    """
    missing = [name for name in _NEEDED if not client_info.get(name)]
    if missing:
        raise InvalidInput(
            f"client_info lacks {', '.join(missing)}", "Give the client_info of create_oauth_authorizer_with_cognito"
        )
    endpoint, client_id, client_secret = (client_info[name] for name in _NEEDED)
    scope = client_info.get("scope", "")
    if coming_up:
        token_endpoint.wait(operation, endpoint=endpoint, client_id=client_id, client_secret=client_secret, scope=scope)
    return fetch_token(endpoint, client_id, client_secret, scope)
