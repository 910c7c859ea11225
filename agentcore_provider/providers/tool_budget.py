"""What the tools of a target cost an agent, and whether that is more than the program wants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agentcore_provider import target_kinds
from agentcore_provider.aws.documents import Document
from agentcore_provider.problem import Problem
from agentcore_provider.providers import context
from agentcore_provider.providers.unknowns import contains_unknown
from agentcore_provider.schemas import tool_cost
from agentcore_provider.schemas.tool_cost import Cost

_SOURCE = "docs/targets/cost.md"
# What a target may have at all, and more than any model reads.
_MOST = {"tools": 1000, "tokens": 1_000_000}


def cost(target: Document) -> Cost | None:
    """What the tools of a target cost, as far as its document or the program shows that; else None."""
    counted = context.of(target).get("cost")
    if isinstance(counted, (list, tuple)) and len(counted) == 2:
        return Cost(int(counted[0]), int(counted[1]))
    schema_format, payload = target_kinds.inline_schema(target.get("target_configuration"))
    if not isinstance(payload, (str, list)) or contains_unknown(payload):
        return None
    found = tool_cost.of_schema(schema_format, payload, str(target.get("name") or ""))
    return found if found and found.tools else None


def problems(target: Document) -> Iterator[Problem]:
    """A warning for each limit of the program that the tools go beyond, and an error for one that is not a limit."""
    limits = context.of(target).get("limits")
    found: Cost | None = None
    for name, limit in limits.items() if isinstance(limits, Mapping) else ():
        argument = f"{name.rstrip('s')}_limit"
        if contains_unknown(limit):
            continue
        most = _MOST.get(name, 0)
        number = isinstance(limit, (int, float)) and not isinstance(limit, bool)
        if not number or not 1 <= limit <= most or limit != int(limit):
            yield Problem(argument, f"is {limit!r}", f"Give a whole number of {name}, 1 to {most}.", _SOURCE)
            continue
        found = found or cost(target)
        has = getattr(found, name) if found is not None else 0
        if has > limit:
            about = "about " if name == "tokens" else ""
            message = f"the target adds {found}, and the limit is {about}{int(limit):,} {name}"
            fix = "Choose operations with only= or without=, shorten descriptions, or raise the limit."
            yield Problem(argument, message, fix, _SOURCE, severity="warning")
