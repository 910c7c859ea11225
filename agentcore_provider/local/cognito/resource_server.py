"""CreateResourceServer, UpdateResourceServer, DeleteResourceServer."""

from __future__ import annotations

from collections import Counter
from typing import Any

from agentcore_provider.local.cognito.call import CognitoCall, invalid, require_user_pool
from agentcore_provider.local.service_error import ServiceError


def create(_call: CognitoCall, given: dict[str, Any]) -> None:
    """Moto makes it, and refuses an identifier that is taken."""
    _require_different_scopes(given)


def update(call: CognitoCall, given: dict[str, Any]) -> dict[str, Any]:
    """Replaces name and scopes."""
    server = _require(call, given)
    _require_different_scopes(given)
    server.name, server.scopes = given["Name"], given.get("Scopes", [])
    return {"ResourceServer": server.to_json()}


def delete(call: CognitoCall, given: dict[str, Any]) -> dict[str, Any]:
    """Deletes at once."""
    _require(call, given)
    del require_user_pool(call, given).resource_servers[given["Identifier"]]
    return {}


def _require(call: CognitoCall, given: dict[str, Any]) -> Any:
    server = require_user_pool(call, given).resource_servers.get(given["Identifier"])
    if server is None:
        raise ServiceError("ResourceNotFoundException", f"Resource server {given['Identifier']} does not exist.")
    return server


def _require_different_scopes(given: dict[str, Any]) -> None:
    names = Counter(scope["ScopeName"] for scope in given.get("Scopes", []))
    if twice := [name for name, count in names.items() if count > 1]:
        raise invalid(f"Scope names must be unique: {', '.join(twice)}")
