"""Policies: the properties of the resource, and with them CreatePolicy's input, from arguments."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from agentcore_provider.arguments import members
from agentcore_provider.arguments.members import Properties
from agentcore_provider.documents import cedar_policy
from agentcore_provider.documents.cedar_policy import SLOT, Entity
from agentcore_provider.problem import Problem, joined
from agentcore_provider.rules import policy as rules

EFFECTS = ("permit", "forbid")
CONDITIONS = ("when", "unless")

_LINE = re.compile(r"line (\d+): ")


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
    lines += [f"{word} {{ {it} }}" for word, it in zip(CONDITIONS, (when, unless), strict=True) if it is not None]
    return "\n".join(lines) + ";"


# Lines of such a statement before its conditions.
_SCOPE_LINES = 5


def placed(problem: Problem, form: str, passed: Mapping[str, object]) -> Problem:
    """The problem of a statement, at the argument that it is about; of a file with its name.

    form: the argument that the statement comes from, or its path there. passed: the arguments of the policy. The lines of a statement that is
    built of permit or forbid mean nothing to who wrote these: only those of a condition are kept.
    """
    if form == "file":
        return replace(problem.below(form), message=f"{passed[form]}: {problem.message}")
    if form not in EFFECTS:
        return problem.below(form)
    written = {word: it for word in CONDITIONS if isinstance(it := passed.get(word), str)}
    found = _LINE.match(problem.message)
    if found is None:
        # What an engine cannot parse although the scope is sound.
        of_condition = len(written) == 1 and problem.severity == "error"
        return problem.below(next(iter(written)) if of_condition else form)
    problem = replace(problem, message=problem.message[found.end() :])
    line = int(found[1]) - _SCOPE_LINES
    for word, condition in written.items():
        lines = condition.count("\n") + 1
        if 1 <= line <= lines:
            where = f"line {line}: " if lines > 1 else ""
            return replace(problem.below(word), message=where + problem.message)
        line -= lines
    return problem.below(_of_tool(problem.message, form, passed[form]))


def _of_tool(message: str, form: str, tools: object) -> str:
    """The path of the item of permit or forbid that the message names; of the argument if it names none."""
    for number, tool in enumerate(tools if isinstance(tools, (list, tuple)) else ()):
        if re.search(rf"(?<!\S){re.escape(str(tool))}(?!\S)", message):
            return joined(form, number)
    return form


def of_gateway(text: str, gateway_arn: str) -> str:
    """The statement with the gateway in place of its slot."""
    return cedar_policy.fill(text, Entity(rules.GATEWAY, gateway_arn))
