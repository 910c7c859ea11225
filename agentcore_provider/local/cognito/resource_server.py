"""CreateResourceServer, UpdateResourceServer, DeleteResourceServer."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, cast

from moto.cognitoidp.models import CognitoResourceServer

from agentcore_provider.local.cognito.call import Answer, CognitoCall, invalid, require_user_pool
from agentcore_provider.local.service_error import ServiceError

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import type_defs


def create(_call: CognitoCall, request: type_defs.CreateResourceServerRequestTypeDef) -> None:
    """moto creates it, and rejects an identifier that is taken."""
    _require_different_scopes(request)


def update(call: CognitoCall, request: type_defs.UpdateResourceServerRequestTypeDef) -> Answer:
    """Replaces name and scopes."""
    server = _require(call, request["UserPoolId"], request["Identifier"])
    _require_different_scopes(request)
    server.name, server.scopes = request["Name"], cast("list[dict[str, str]]", request.get("Scopes", []))
    return {"ResourceServer": server.to_json()}


def delete(call: CognitoCall, request: type_defs.DeleteResourceServerRequestTypeDef) -> Answer:
    """Deletes at once."""
    _require(call, request["UserPoolId"], request["Identifier"])
    del require_user_pool(call, request["UserPoolId"]).resource_servers[request["Identifier"]]
    return {}


def _require(call: CognitoCall, pool_id: str, identifier: str) -> CognitoResourceServer:
    server = require_user_pool(call, pool_id).resource_servers.get(identifier)
    if server is None:
        raise ServiceError("ResourceNotFoundException", f"Resource server {identifier} does not exist.")
    return server


def _require_different_scopes(
    request: type_defs.CreateResourceServerRequestTypeDef | type_defs.UpdateResourceServerRequestTypeDef,
) -> None:
    names = Counter(scope["ScopeName"] for scope in request.get("Scopes", []))
    if twice := [name for name, count in names.items() if count > 1]:
        raise invalid(f"Scope names must be unique: {', '.join(twice)}")
