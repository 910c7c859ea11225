"""The policies of a gateway in words, as `agentcore show` displays them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agentcore_provider.documents import cedar_policy
from agentcore_provider.documents.json_types import JsonObject
from agentcore_provider.documents.limits import Unreadable

_MOST_TOOLS = 5


@dataclass(frozen=True)
class ShownPolicy:
    """A policy of the engine that a gateway asks."""

    name: str
    effect: str = ""
    """permit or forbid; empty for a statement that cannot be read."""
    tools: Sequence[str] = ()
    """The tools that it names; empty for every tool."""
    conditional: bool = False
    """Whether it has a condition."""
    mode: str = ""
    """LOG_ONLY for a policy that is not enforced."""
    statement: str = ""
    status: str = ""
    status_reasons: Sequence[str] = ()
    description: str = ""

    @property
    def line(self) -> str:
        """What it does, on which tools."""
        more = len(self.tools) - _MOST_TOOLS
        listed = [*self.tools[:_MOST_TOOLS], *([f"{more} more"] if more > 0 else [])]
        what = f"{self.effect} {', '.join(listed) or 'every tool'}" if self.effect else "a statement"
        words = [what, *(["on a condition"] if self.conditional else []), *(["only logged"] if self.mode else [])]
        return ", ".join(words)


@dataclass(frozen=True)
class ShownPolicyEngine:
    """The policy engine that a gateway asks."""

    arn: str
    mode: str = ""
    """ENFORCE or LOG_ONLY, as the gateway has it."""
    policies: Sequence[ShownPolicy] = ()


def described_policy(policy: JsonObject) -> ShownPolicy:
    """The policy that AWS has. policy: its properties."""
    definition = policy.get("definition")
    content: object = next(iter(definition.values()), {}) if isinstance(definition, Mapping) else {}
    statement = str(content.get("statement") or "") if isinstance(content, Mapping) else ""
    try:
        read = cedar_policy.read(statement)[:1]
    except Unreadable:
        read = []
    return ShownPolicy(
        name=str(policy["name"]),
        effect=read[0].effect if read else "",
        tools=[it.id for it in read[0].action.entities] if read else [],
        conditional=bool(read and read[0].conditional),
        mode="LOG_ONLY" if policy.get("enforcement_mode") == "LOG_ONLY" else "",
        statement=statement,
        status=str(policy.get("status", "")),
        status_reasons=policy.get("status_reasons") or [],
        description=str(policy.get("description") or ""),
    )
