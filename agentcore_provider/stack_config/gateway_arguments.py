"""The arguments of McpGateway in the description of a gateway: what it is declared with and validated by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentcore_provider.resources.authorizers import JwtAuthorizer
from agentcore_provider.rules.unknown import UNKNOWN

# Keys that are not arguments of McpGateway under the same name.
_OTHERS = ("gateway_id", "authorizer", "search", "targets", "credential_providers", "protect")


def gateway_arguments(gateway: Mapping[str, object]) -> dict[str, Any]:
    """The arguments, without targets and an existing gateway's id. Values may be UNKNOWN, to validate them."""
    return {
        **{key: value for key, value in gateway.items() if key not in _OTHERS},
        **_authorizer(gateway.get("authorizer", "ez_auth")),
        "semantic_search": gateway.get("search", True),
    }


def _authorizer(authorizer: object) -> dict[str, Any]:
    if authorizer == "ez_auth":
        return {}
    if isinstance(authorizer, str):
        return {"authorizer": authorizer.upper()}
    if isinstance(authorizer, Mapping) and isinstance(authorizer.get("jwt"), Mapping):
        return {"authorizer": jwt_authorizer(authorizer["jwt"])}
    if isinstance(authorizer, Mapping) and authorizer:
        return {"ez_auth_arguments": authorizer.get("ez_auth")}
    return {"authorizer": UNKNOWN}


def jwt_authorizer(described: Mapping[str, Any]) -> JwtAuthorizer:
    """The record of a description, whose values may be UNKNOWN."""
    more = described.get("more")
    return JwtAuthorizer(**{**described, "more": more if isinstance(more, Mapping) else None})
