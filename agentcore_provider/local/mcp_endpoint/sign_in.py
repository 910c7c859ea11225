"""Who may call a gateway: the check of its inbound authorizer, and the metadata by which clients learn who issues tokens.

CUSTOM_JWT         a bearer token, checked in full (see bearer_token.py)
AUTHENTICATE_ONLY  a bearer token that is well-formed and not expired, or a signed request as for AWS_IAM
AWS_IAM            a request signed for bedrock-agentcore (see signed_request.py for what is checked)
NONE               everybody

Statuses, ids and challenges are those of public transcripts of the service, from 2025-12 to 2026-09;
the metadata is that of RFC 9728, OAuth 2.0 Protected Resource Metadata.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from agentcore_provider.local import aws_address
from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint import bearer_token, invoke_permission, signed_request
from agentcore_provider.local.mcp_endpoint.json_rpc import NOT_AUTHORIZED, JsonRpcError, MessageId, respond

if TYPE_CHECKING:
    from agentcore_provider.local.store import Gateway

METADATA_PATH = "/.well-known/oauth-protected-resource"
_DISCOVERY_PATH = re.compile(r"/\.well-known/(openid-configuration|oauth-authorization-server)")


def check(request: Request, gateway: Gateway, base_url: str) -> Response | None:
    """None for a caller who may come in, else the response that turns them away."""
    kind = gateway.authorizer_type
    header = request.headers.get("Authorization", "")
    if kind == "NONE":
        return None
    if kind == "AWS_IAM" or (kind == "AUTHENTICATE_ONLY" and header.startswith("AWS4-")):
        return _check_signature(request, gateway)
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return _refuse(401, "Missing Bearer token", None, _challenge(gateway, base_url), message_id=0)
    authorizer = gateway.authorizer_configuration.get("customJWTAuthorizer")
    try:
        if kind == "AUTHENTICATE_ONLY" or not authorizer:
            bearer_token.check_presence(token.strip())
        else:
            bearer_token.check(token.strip(), authorizer, base_url)
    except bearer_token.InsufficientScopeError as error:
        return _refuse(403, "Insufficient scope", str(error), _challenge(gateway, base_url, "insufficient_scope"))
    except bearer_token.InvalidTokenError as error:
        return _refuse(401, "Invalid Bearer token", str(error), _challenge(gateway, base_url, "invalid_token"))
    return _require_permission(request, gateway, None)


def _check_signature(request: Request, gateway: Gateway) -> Response | None:
    if not signed_request.is_signed(request):
        # The id is the text "null", as observed on AgentCore.
        return _refuse(401, "Missing Authentication Token", None, message_id="null")
    problem = signed_request.problem(request, gateway.region)
    if problem is not None:
        return _refuse(403, "Access denied", problem)
    return _require_permission(request, gateway, signed_request.access_key_id(request))


def _require_permission(request: Request, gateway: Gateway, key_id: str | None) -> Response | None:
    denial = invoke_permission.denial(request, gateway, key_id)
    return None if denial is None else _refuse(403, "Access denied", denial)


def _challenge(gateway: Gateway, base_url: str, error: str | None = None) -> str:
    """The value of WWW-Authenticate. Clients ask for the scope that it names, or look into the metadata."""
    scopes = advertised_scopes(gateway)
    parameters = {
        "error": error or ("invalid_token" if scopes else None),
        "scope": " ".join(scopes),
        "resource_metadata": metadata_url(gateway.gateway_id, base_url),
    }
    return "Bearer " + ", ".join(f"{name}={json.dumps(value)}" for name, value in parameters.items() if value)


def _refuse(
    status: int, message: str, reason: str | None, challenge: str | None = None, *, message_id: MessageId = None
) -> Response:
    # The service keeps the reason to itself; on one's own machine it is what one needs to know.
    data = {"reason": reason} if reason else None
    response = respond(JsonRpcError(NOT_AUTHORIZED, message, data=data).document(message_id), status)
    if challenge:
        response.headers["WWW-Authenticate"] = challenge
    return response


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
