"""The documents from which clients learn how to get and check a user pool's tokens."""

from __future__ import annotations

import json

from moto.cognitoidp.models import CognitoIdpUserPool, cognitoidp_backends
from werkzeug.wrappers import Response

from agentcore_provider.local import aws_address
from agentcore_provider.local.cognito import user_pool_domain


def issuer_of(pool_id: str) -> str:
    """The `iss` of a pool's tokens; the discovery document lies below it, as OpenID Connect wants."""
    return f"{aws_address.base_url()}/{pool_id}"


def serve(pool_id: str, document: str) -> Response:
    """document: the name below `.well-known`; a pool has `openid-configuration` and `jwks.json`."""
    pool = _find(pool_id)
    if pool is None:
        return _json({"message": f"User pool {pool_id} does not exist."}, 400)
    if document == "jwks.json":
        return _json({"keys": [pool.json_web_key.as_dict(private=False)]})
    if document != "openid-configuration":
        # OAuth clients try oauth-authorization-server first, and go on at 404.
        return _json({"message": f"User pools have no {document[:100]}."}, 404)
    issuer = issuer_of(pool_id)
    configuration: dict[str, object] = {
        "issuer": issuer,
        "jwks_uri": f"{issuer}/.well-known/jwks.json",
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "token"],
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }
    if domain := user_pool_domain.domain_of(pool_id):
        oauth2 = f"{aws_address.base_url()}/cognito/{domain}/oauth2"
        configuration["token_endpoint"] = f"{oauth2}/token"
        configuration["authorization_endpoint"] = f"{oauth2}/authorize"
        configuration["userinfo_endpoint"] = f"{oauth2}/userInfo"
        configuration["revocation_endpoint"] = f"{oauth2}/revoke"
        configuration["end_session_endpoint"] = f"{aws_address.base_url()}/cognito/{domain}/logout"
    return _json(configuration)


def _find(pool_id: str) -> CognitoIdpUserPool | None:
    region = pool_id.rpartition("_")[0]
    for account in list(cognitoidp_backends.values()):
        if region in account and pool_id in account[region].user_pools:
            found: CognitoIdpUserPool = account[region].user_pools[pool_id]
            return found
    return None


def _json(document: object, status: int = 200) -> Response:
    return Response(json.dumps(document), status=status, content_type="application/json")
