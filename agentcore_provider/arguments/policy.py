"""Policies: the properties of the resource, and with them CreatePolicy's input, from arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agentcore_provider.arguments import members
from agentcore_provider.arguments.members import Properties
from agentcore_provider.documents import cedar_policy
from agentcore_provider.documents.cedar_policy import SLOT, Entity
from agentcore_provider.rules import policy as rules

EFFECTS = ("permit", "forbid")


def properties(*, definition: object = None, more: Mapping[str, object] | None = None, **others: object) -> Properties:
    """The properties of a policy, those that are None included.

    Args:
        definition: AWS's document of the statement.
        more: Members of the API without an argument.
        others: Members, by property name.
    """
    return {**others, "definition": definition, **members.further(more)}


def document(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """CreatePolicy's input. arguments: those of `properties`."""
    return members.document({name: it for name, it in properties(**arguments).items() if it is not None})


def statement(
    effect: str, tools: Sequence[str], *, authorizer_type: object, when: str | None = None, unless: str | None = None
) -> str:
    """The statement of a policy for some tools of one gateway, whose place is a slot.

    effect: permit or forbid. tools: as TARGET___TOOL, or TARGET for all of a target. authorizer_type: the gateway's, which decides who its callers are.
    when, unless: conditions.
    """
    named = [cedar_policy.render(Entity(rules.ACTION, it)) for it in tools]
    # A target is the group of its tools: no call is the group itself.
    is_one = len(tools) == 1 and "___" in tools[0]
    action = f"== {named[0]}" if is_one else f"in [{', '.join(named)}]"
    callers = rules.PRINCIPALS.get(str(authorizer_type))
    scope = [f"principal is {callers}" if callers else "principal", f"action {action}", f"resource == {SLOT}"]
    lines = [f"{effect} (", ",\n".join(f"  {it}" for it in scope), ")"]
    lines += [f"{word} {{ {it} }}" for word, it in (("when", when), ("unless", unless)) if it is not None]
    return "\n".join(lines) + ";"


def of_gateway(text: str, gateway_arn: str) -> str:
    """The statement with the gateway in place of its slot."""
    return cedar_policy.fill(text, Entity(rules.GATEWAY, gateway_arn))
