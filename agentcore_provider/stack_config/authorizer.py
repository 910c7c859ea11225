"""Tokens of one's own identity provider, as a stack file says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentcore_provider.arguments.members import member_name
from agentcore_provider.resources.authorizers import JwtAuthorizer

# What JwtAuthorizer has an argument for; all other keys are members of AWS's document, in snake_case.
_ARGUMENTS = ("discovery_url", "allowed_clients", "allowed_audience", "allowed_scopes", "custom_claims")


def jwt_authorizer(described: Mapping[str, Any]) -> JwtAuthorizer:
    """The record of a description; for judging it, values may be UNKNOWN."""
    arguments = {key: described[key] for key in _ARGUMENTS if key in described}
    further = {member_name(key): value for key, value in described.items() if key not in (*_ARGUMENTS, "more")}
    more = described.get("more", {})
    return JwtAuthorizer(**arguments, more={**further, **(more if isinstance(more, Mapping) else {})} or None)
