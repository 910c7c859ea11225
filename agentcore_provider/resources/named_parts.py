"""Parts of an McpGateway that it takes by name: rules, rate limits and policies."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.gateway_rate_limit import GatewayRateLimit
from agentcore_provider.resources.gateway_rule import GatewayRule
from agentcore_provider.resources.policy import Policy

# What they take from their gateway.
_OF_THE_GATEWAY = (
    "resource_name",
    "engine",
    "policy_engine_id",
    "gateway",
    "gateway_identifier",
    "resource_arn",
    "opts",
)


@dataclass(frozen=True)
class NamedParts:
    """An argument of McpGateway with parts of one kind. required: arguments of each, and what to do where one is missing."""

    argument: str
    kind: type[GatewayRateLimit | GatewayRule | Policy]
    example: str
    required: Mapping[str, str]

    def arguments(self, given: object) -> Mapping[str, Mapping[str, Any]]:
        """The arguments of each part, by name. Raises InvalidInput for what are none."""
        if given is None:
            return {}
        if not isinstance(given, Mapping):
            cure = f"Give a dict of name to arguments, such as {self.example}"
            raise InvalidInput(f"is a {type(given).__name__}", cure, path=self.argument)
        for name, members in given.items():
            require_arguments(self.kind, f"{self.argument}.{name}", members, self.required)
        return given


def require_arguments(
    resource: type[object], path: str, members: object, required: Mapping[str, str] | None = None
) -> None:
    """Raise InvalidInput for what are not arguments of the resource that a part of a gateway can have.

    required: arguments that it needs, and what to do where one is missing.
    """
    kind, known = resource.__name__, inspect.signature(resource).parameters
    if not isinstance(members, Mapping):
        raise InvalidInput(f"is a {type(members).__name__}", f"Give a dict of arguments of {kind}", path=path)
    for one in members:
        if one in _OF_THE_GATEWAY:
            raise InvalidInput(f"{kind} has no argument {one} here", "Leave it out", path=path)
        if one not in known:
            meant = difflib.get_close_matches(str(one), known, n=1)
            cure = f"Did you mean {meant[0]}?" if meant else "Leave it out"
            raise InvalidInput(f"{kind} has no argument {one}", cure, path=path)
    for one, cure in (required or {}).items():
        if one not in members:
            raise InvalidInput(f"{one} is missing", cure, path=path)


RULES = NamedParts(
    "rules",
    GatewayRule,
    '{"canary": {"priority": 100, "route": "orders"}}',
    {"priority": "Give each rule a priority of its own"},
)
RATE_LIMITS = NamedParts(
    "rate_limits",
    GatewayRateLimit,
    '{"per-tool": {"dimension_keys": ["toolName"], "entries": [{"requests_per_minute": 60}]}}',
    {"dimension_keys": "Name what its requests are counted by", "entries": "Give it at least one entry with a rate"},
)
POLICIES = NamedParts("policies", Policy, '{"lookups": {"permit": "orders___get_order"}}', {})
