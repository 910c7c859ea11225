"""Whether policies allow a call, and which tools they let a caller know of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from agentcore_provider.local.cedar import types
from agentcore_provider.local.cedar.schema import ToolSchema, groups_of
from agentcore_provider.local.cedar.types import NAMESPACE, UnfitValueError

if TYPE_CHECKING:
    from cedarpy import Entities, PolicySet

_ACTION, _GATEWAY = f"{NAMESPACE}::Action", f"{NAMESPACE}::Gateway"


@dataclass(frozen=True)
class Principal:
    """A caller. kind: `OAuthUser` or `IamEntity`. tags: claims of a token, as text."""

    kind: str
    principal_id: str
    tags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Decision:
    """Whether a call is allowed. policy_ids: the policies that decided. errors: why nothing could be decided."""

    allowed: bool
    policy_ids: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """Why a call is denied, in the service's words where they are known."""
        if self.errors:
            return "Policy evaluation failed"
        if self.policy_ids:
            return f"Policy evaluation denied due to {', '.join(self.policy_ids)}"
        return "No policy applies to the request (denied by default)."


class PolicyStatements:
    """Policies that are evaluated together. statements: one policy each, by the policy's id."""

    def __init__(self, statements: Mapping[str, str]) -> None:
        self._statements = statements
        self._ids = list(statements)

    @cached_property
    def parsed(self) -> PolicySet:
        """As the engine takes them. Raises ValueError."""
        from cedarpy import PolicySet

        return PolicySet.from_str("\n".join(self._statements.values()))

    def named(self, found: Sequence[str]) -> tuple[str, ...]:
        """The policies' own ids. found: those of the engine, which are by place: policy0, policy1."""
        places = sorted(int(it.removeprefix("policy")) for it in found)
        return tuple(self._ids[place] for place in places)


def decide(
    policies: PolicyStatements,
    schema: ToolSchema,
    principal: Principal,
    call: tuple[str, str, Mapping[str, Any]],
    now: datetime,
) -> Decision:
    """Whether a call is allowed. call: the gateway's ARN, the whole name of the tool, and the arguments."""
    from cedarpy import Decision as Verdict
    from cedarpy import is_authorized

    gateway_arn, tool, arguments = call
    try:
        context = {"input": schema.arguments[tool].encode(arguments), "system": {"now": types.at(now)}}
        request = {
            "principal": {"type": f"{NAMESPACE}::{principal.kind}", "id": principal.principal_id},
            "action": _action(tool),
            "resource": {"type": _GATEWAY, "id": gateway_arn},
            "context": context,
        }
        answer = is_authorized(request, policies.parsed, _entities(principal, gateway_arn, tool), schema.parsed)
    except (UnfitValueError, ValueError, RecursionError) as error:
        return Decision(False, errors=(str(error) or type(error).__name__,))
    errors = tuple(map(str, answer.diagnostics.errors))
    if errors or answer.decision not in (Verdict.Allow, Verdict.Deny):
        return Decision(False, errors=errors or ("Cedar came to no decision",))
    return Decision(answer.decision == Verdict.Allow, policies.named(answer.diagnostics.reasons))


def decide_listing(
    policies: PolicyStatements, schema: ToolSchema, principal: Principal, gateway_arn: str, tool: str
) -> Decision:
    """Whether a call with any arguments might be allowed at any time: then a caller may know of the tool."""
    from cedarpy import Decision as Verdict
    from cedarpy import is_authorized_partial

    request = {
        "principal": f"{NAMESPACE}::{principal.kind}::{types.quoted(principal.principal_id)}",
        "action": f"{_ACTION}::{types.quoted(tool)}",
        "resource": f"{_GATEWAY}::{types.quoted(gateway_arn)}",
    }
    try:
        answer = is_authorized_partial(request, policies.parsed, _entities(principal, gateway_arn, tool), schema.parsed)
    except (ValueError, RecursionError) as error:
        return Decision(False, errors=(str(error) or type(error).__name__,))
    # NoDecision: it depends on the arguments, or there was an error.
    if errors := tuple(map(str, answer.diagnostics.errors)):
        return Decision(False, errors=errors)
    return Decision(answer.decision != Verdict.Deny, policies.named(answer.diagnostics.must_be_determining))


@lru_cache(maxsize=1024)
def _entities(principal: Principal, gateway_arn: str, tool: str) -> Entities:
    """The caller, the gateway, and the action with its groups: what a schema has of groups is not used for listings."""
    from cedarpy import Entities

    caller = {
        "uid": {"type": f"{NAMESPACE}::{principal.kind}", "id": principal.principal_id},
        "attrs": {"id": principal.principal_id},
        "parents": [],
        **({"tags": dict(principal.tags)} if principal.tags else {}),
    }
    gateway = {"uid": {"type": _GATEWAY, "id": gateway_arn}, "attrs": {}, "parents": []}
    actions = [
        {"uid": _action(name), "attrs": {}, "parents": [_action(it) for it in groups]}
        for name, groups in {
            tool: groups_of(tool),
            **{it: ["CallTool"] for it in groups_of(tool)},
            "CallTool": ["Mcp"],
            "Mcp": [],
        }.items()
    ]
    return Entities.from_json_str(json.dumps([caller, gateway, *actions]))


def _action(name: str) -> dict[str, str]:
    return {"type": _ACTION, "id": name}
