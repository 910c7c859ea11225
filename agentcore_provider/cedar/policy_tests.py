"""Files of tests for policies: callers, tools, arguments, and what is to be decided about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from difflib import get_close_matches

from agentcore_provider.cedar.decisions import Caller, Decision, Policies
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem, joined

_KEYS = ("name", "principal", "tool", "arguments", "at", "expect", "by", "listed")
_EXPECTED = ("allow", "deny")
_PAGE = "docs/policies.md"


@dataclass(frozen=True)
class Case:
    """One test. at: the time of the call. expect: allow or deny. by: the policies that have to decide, if that matters.
    listed: whether tools/list has to show the tool, if that matters."""

    name: str
    caller: Caller
    tool: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    at: datetime | None = None
    expect: str = ""
    by: tuple[str, ...] = ()
    listed: bool | None = None


@dataclass(frozen=True)
class Result:
    """A test that was run. problems: what differs from what it expects; none if it passed."""

    case: Case
    decision: Decision | None
    problems: tuple[str, ...]


def run(case: Case, policies: Policies) -> Result:
    """Run a test."""
    try:
        decision = policies.decide(case.caller, case.tool, case.arguments, case.at or datetime.now(timezone.utc))
    except InvalidInput as error:
        return Result(case, None, tuple(map(str, error.problems)))
    problems = []
    if decision.allowed != (case.expect == "allow"):
        problems.append(f"expected {case.expect}")
    if case.by and set(case.by) != set(decision.policies):
        problems.append(f"expected the decision of {', '.join(case.by)}")
    if case.listed is not None and policies.lists(case.caller, case.tool) != case.listed:
        problems.append("expected tools/list " + ("to show the tool" if case.listed else "to hide the tool"))
    return Result(case, decision, tuple(problems))


def cases(document: object) -> list[Case]:
    """The tests of a file. Raises InvalidInput with every problem."""
    if not isinstance(document, list) or not document:
        raise InvalidInput("is not a list of tests", "Write a list under tests", path="tests", source=_PAGE)
    found, problems = [], []
    for index, one in enumerate(document):
        wrong = [it.below(joined("tests", index)) for it in _problems(one)]
        problems += wrong
        if not wrong:
            found.append(_case(one, index))
    if problems:
        raise InvalidInput.of_problems(problems)
    return found


def unknown_keys(document: Mapping[str, object], known: tuple[str, ...]) -> list[Problem]:
    """A problem for each key that a file of tests, or one of its tests, does not have."""
    found = []
    for key in map(str, document):
        if key not in known:
            near = get_close_matches(key, known, n=1)
            cure = f"Did you mean {near[0]}?" if near else f"Known keys: {', '.join(known)}."
            found.append(Problem(key, "is not a known key", cure, _PAGE))
    return found


def _problems(one: object) -> list[Problem]:
    if not isinstance(one, Mapping):
        return [Problem("", "is not a mapping", f"Write {', '.join(_KEYS)}.", _PAGE)]
    found = unknown_keys(one, _KEYS)
    if one.get("expect") not in _EXPECTED:
        found.append(Problem("expect", "is not allow or deny", "Write what is to be decided.", _PAGE))
    if not isinstance(one.get("tool"), str):
        found.append(Problem("tool", "is not the name of a tool", "Write it as TARGET___TOOL.", _PAGE))
    if not isinstance(one.get("arguments", {}), Mapping):
        found.append(Problem("arguments", "is not a mapping", "Write the tool's arguments by name.", _PAGE))
    if not isinstance(one.get("listed"), (bool, type(None))):
        found.append(Problem("listed", "is not true or false", "Write whether tools/list shows the tool.", _PAGE))
    by = one.get("by", [])
    if not isinstance(by, (str, list)) or not all(isinstance(it, str) for it in by):
        found.append(Problem("by", "is not a list of policies", "Write their names.", _PAGE))
    try:
        _moment(one.get("at"))
    except ValueError:
        found.append(Problem("at", "is not a time", "Write it as 2026-11-30T09:00:00Z.", _PAGE))
    return [*found, *_caller_problems(one.get("principal"))]


def _caller_problems(principal: object) -> list[Problem]:
    if not isinstance(principal, Mapping) or not principal:
        cure = "Write the claims of a token, such as {sub: ana, scope: read}, or {arn: ...} of a role or user."
        return [Problem("principal", "is not a mapping", cure, _PAGE)]
    if "arn" in principal and len(principal) > 1:
        return [Problem("principal", "has both an ARN and claims", "Keep one of them.", _PAGE)]
    # What AWS makes of a claim that is a list is documented nowhere.
    return [
        Problem(
            joined("principal", str(name)), "is not text", "Write it as text: policies compare claims as text.", _PAGE
        )
        for name, value in principal.items()
        if isinstance(value, (Mapping, list)) or value is None
    ]


def _case(one: Mapping[str, object], index: int) -> Case:
    principal, by = one["principal"], one.get("by", [])
    assert isinstance(principal, Mapping)
    claims = {str(name): _text(value) for name, value in principal.items()}
    arguments, listed = one.get("arguments", {}), one.get("listed")
    assert isinstance(arguments, Mapping)
    assert isinstance(by, (str, list))
    return Case(
        name=str(one.get("name") or f"{one['tool']} {index + 1}"),
        caller=Caller(arn=claims["arn"]) if "arn" in claims else Caller(claims=claims),
        tool=str(one["tool"]),
        arguments=arguments,
        at=_moment(one.get("at")),
        expect=str(one["expect"]),
        by=(by,) if isinstance(by, str) else tuple(by),
        listed=listed if isinstance(listed, bool) else None,
    )


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _moment(value: object) -> datetime | None:
    """The time of a call; YAML has read what looks like one. Raises ValueError."""
    if value is None or isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=timezone.utc)
    return datetime.fromisoformat(str(value).replace("Z", "+00:00"))
