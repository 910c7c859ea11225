"""What policies decide about a call of a tool, and whether they let a caller know of it. Whatever fails is denied."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from agentcore_provider.cedar import encoding
from agentcore_provider.cedar.schema import CedarSchema
from agentcore_provider.cedar.types import NAMESPACE
from agentcore_provider.documents.cedar_policy import Entity, render
from agentcore_provider.errors import InvalidInput
from agentcore_provider.installation import command
from agentcore_provider.rules.policy import ACTION, GATEWAY


@dataclass(frozen=True)
class Caller:
    """Who calls: by the claims of a token, or by the ARN of a role or user."""

    arn: str = ""
    claims: Mapping[str, str] = field(default_factory=dict)

    @property
    def entity(self) -> Entity:
        """The caller as policies name it."""
        kind = "IamEntity" if self.arn else "OAuthUser"
        return Entity(f"{NAMESPACE}::{kind}", self.arn or self.claims.get("sub", "anonymous"))


@dataclass(frozen=True)
class Decision:
    """Whether a call is allowed, the policies that decided, and why nothing could be decided."""

    allowed: bool
    policies: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()

    def __str__(self) -> str:
        by = f" by {', '.join(self.policies)}" if self.policies else ""
        why = f" ({'; '.join(self.errors)})" if self.errors else "" if by else " (no policy permits it)"
        return f"{'allow' if self.allowed else 'deny'}{by}{why}"


class Policies:
    """Policies of one engine, evaluated together against the tools of one gateway."""

    def __init__(self, statements: Mapping[str, str], schema: CedarSchema, gateway_arn: str) -> None:
        """statements: by name. gateway_arn: what they name as the gateway. Raises InvalidInput."""
        try:
            import cedarpy
        except ModuleNotFoundError:
            raise InvalidInput(
                "policies are tried with cedarpy, which is not installed", command(extra="policy")
            ) from None
        self._cedarpy = cedarpy
        self._names = [*statements]
        self._schema = schema
        self._gateway = Entity(GATEWAY, gateway_arn)
        try:
            self._parsed = cedarpy.PolicySet.from_str("\n".join(statements.values()))
            self._parsed_schema = cedarpy.Schema.from_str(schema.text)
        except ValueError as error:
            raise InvalidInput(f"the policies cannot be read: {error}", "Correct them") from None

    def decide(self, caller: Caller, tool: str, arguments: Mapping[str, object], now: datetime) -> Decision:
        """Whether the call is allowed. Raises InvalidInput for a tool or arguments that the gateway does not have."""
        known = self._schema.tools.get(tool)
        if known is None:
            tools = ", ".join(sorted(self._schema.tools)) or "none"
            raise InvalidInput(f"the gateway has no tool {tool}", f"It has {tools}", path="tool")
        context = {"input": encoding.encode(known, arguments), "system": {"now": encoding.moment(now)}}
        request = {**self._request(caller, tool), "context": context}
        answer = self._cedarpy.is_authorized(request, self._parsed, self._entities(caller, tool), self._parsed_schema)
        errors = tuple(map(str, answer.diagnostics.errors))
        return Decision(answer.allowed and not errors, self._named(answer.diagnostics.reasons), errors)

    def lists(self, caller: Caller, tool: str) -> bool:
        """Whether tools/list shows the tool: when some arguments exist with which a call may be allowed."""
        request = self._request(caller, tool)
        answer = self._cedarpy.is_authorized_partial(
            request, self._parsed, self._entities(caller, tool), self._parsed_schema
        )
        return not answer.diagnostics.errors and answer.decision != self._cedarpy.Decision.Deny

    def _request(self, caller: Caller, tool: str) -> dict[str, object]:
        return {
            "principal": render(caller.entity),
            "action": render(Entity(ACTION, tool)),
            "resource": render(self._gateway),
        }

    def _entities(self, caller: Caller, tool: str) -> str:
        entity = caller.entity
        tags = {} if caller.arn else {"tags": dict(caller.claims)}
        principal = {"uid": {"type": entity.type, "id": entity.id}, "attrs": {"id": entity.id}, "parents": [], **tags}
        gateway = {"uid": {"type": GATEWAY, "id": self._gateway.id}, "attrs": {}, "parents": []}
        # Where arguments are unknown, the engine does not know the groups of actions from the schema.
        own = self._schema.groups(tool)
        groups: dict[str, list[str]] = {tool: own, **{it: ["CallTool"] for it in own}, "CallTool": ["Mcp"], "Mcp": []}
        actions = [
            {"uid": {"type": ACTION, "id": it}, "attrs": {}, "parents": [{"type": ACTION, "id": up} for up in ups]}
            for it, ups in groups.items()
        ]
        return json.dumps([principal, gateway, *actions])

    def _named(self, reasons: list[str]) -> tuple[str, ...]:
        """The names of policies that the engine calls by their places."""
        places = sorted(int(it.removeprefix("policy")) for it in reasons)
        return tuple(self._names[it] for it in places)
