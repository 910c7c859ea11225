"""A gateway's OAuth protected-resource metadata (RFC 9728): where clients learn who issues its tokens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

from agentcore_provider.local import aws_address
from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint.json_rpc import respond

if TYPE_CHECKING:
    from agentcore_provider.local.store import Gateway

METADATA_PATH = "/.well-known/oauth-protected-resource"
_DISCOVERY_PATH = re.compile(r"/\.well-known/(openid-configuration|oauth-authorization-server)")


def metadata_url(gateway_id: str, base_url: str) -> str:
    """Where the metadata of a gateway is served."""
    return f"{base_url}/gateways/{gateway_id}{METADATA_PATH}"


def resource_metadata(gateway: Gateway, base_url: str) -> Response:
    """The metadata document; 404 for a gateway that takes no bearer tokens."""
    authorizer = gateway.authorizer_configuration.get("customJWTAuthorizer")
    if not authorizer:
        return respond({"message": f"Gateway {gateway.gateway_id} takes no bearer tokens."}, 404)
    # Of a user pool the address on this machine, so that OAuth clients sign in without network.
    discovery_url = aws_address.here(authorizer["discoveryUrl"], base_url)
    document: JsonObject = {
        "resource": f"{base_url}/gateways/{gateway.gateway_id}/mcp",
        "authorization_servers": [_DISCOVERY_PATH.sub("", discovery_url, count=1)],
        "bearer_methods_supported": ["header"],
    }
    if scopes := advertised_scopes(gateway):
        document["scopes_supported"] = scopes
    return respond(document)


def advertised_scopes(gateway: Gateway) -> list[str]:
    """The scopes that clients have to ask for: allowedScopes in the form of advertisedScopeMapping."""
    authorizer = gateway.authorizer_configuration.get("customJWTAuthorizer")
    if not authorizer:
        return []
    advertised = authorizer.get("advertisedScopeMapping", {})
    return [advertised.get(scope, scope) for scope in authorizer.get("allowedScopes") or ()]
