"""Statements of policies against the schema of a gateway's tools, before AWS validates them.

AWS's own rules come first (`rules.policy`). What an engine reports gets the line of the statement and the line to write;
what no engine reports is added: a `has` of an argument that no tool has, callers that the gateway does not have.
"""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from agentcore_provider.cedar import requests, types
from agentcore_provider.cedar.schema import CedarSchema
from agentcore_provider.cedar.types import Type
from agentcore_provider.documents import cedar_policy
from agentcore_provider.documents.cedar_policy import CedarPolicy
from agentcore_provider.installation import command
from agentcore_provider.problem import Problem
from agentcore_provider.rules import policy as rules

if TYPE_CHECKING:
    from cedarpy import Schema

UNTRIED = "is not validated against the gateway's tools"
"""The message where no engine is installed."""
_SCHEMA = "devguide policy-schema-constraints"
_PAGE = "docs/policies.md"
_MOST_ALTERNATIVES = 5

_NOT_FOUND = re.compile(r"attribute `(?P<path>.+)` in context for (?P<action>.+) not found")
_OPTIONAL = re.compile(r"safety of access to optional attribute `(?P<path>.+)` in context")
_TAG = re.compile(r'safety of access to tag `"(?P<tag>.+)"`')
_UNFIT = re.compile(r"the types (?P<one>.+) and (?P<other>.+) are not compatible")
_DECIMAL = re.compile(r"expected Long but saw decimal")
_UNLIKE = re.compile(r"expected String but saw (?P<type>AgentCore::\S+)")
_VALUE = re.compile(r"entity `(?P<type>.+?)::\"(?P<value>.*)\"` is of an enumerated entity type")
_ASSIGNED = re.compile(r"'=' is not a valid operator")
_PART = re.compile(r'\["((?:\\.|[^"\\])*)"\]|([A-Za-z_]\w*)')
_PREFIX = re.compile(r"^for policy `policy\d+`[,:] ")


def validate(
    statement: str,
    schema: CedarSchema,
    *,
    elsewhere: Iterable[str] = (),
    authorizers: Iterable[object] = (),
) -> Iterator[Problem]:
    """Everything about a statement that does not fit the tools. AWS's own rules find nothing wrong with it.

    elsewhere: names of targets whose tools are not known here; `""` for one whose name is not either. authorizers: authorizerType of each gateway.
    """
    (policy,) = cedar_policy.read(statement)
    hidden = set(elsewhere)
    unknown = [*_unknown_tools(policy, schema, hidden)]
    yield from unknown
    yield from _callers(policy, authorizers)
    if unknown:
        return
    not_known = [it.id for it in rules.tools(policy) if it.id not in {*schema.tools, *schema.targets}]
    if not_known and all(requests.is_action(it, schema.forwarding) for it in not_known):
        if policy.conditional:
            why = f"what a request of {not_known[0]} has is not known here, so the condition is not validated"
            yield Problem("", why, "Try it on local AWS.", _PAGE, severity="warning")
    elif not_known:
        why = f"the tool {not_known[0]} is not known before the deployment, so the statement is not validated here"
        yield Problem("", why, "Try it on local AWS.", _PAGE, severity="warning")
    elif not schema.tools:
        # The engine would find no action that a policy of every tool applies to.
        if policy.conditional:
            why = "no tool is known before the deployment, so the condition is not validated here"
            yield Problem("", why, "Try it on local AWS.", _PAGE, severity="warning")
    elif policy.clauses:
        words = " and ".join(policy.clauses)
        yield Problem("", f"a clause with {words} is not validated here, only by AWS", "", _PAGE, severity="warning")
    else:
        yield from _by_engine(statement, policy, schema)


def _unknown_tools(policy: CedarPolicy, schema: CedarSchema, hidden: set[str]) -> Iterator[Problem]:
    for tool in rules.tools(policy):
        target = tool.id.partition("___")[0]
        hides = hidden & {"", target} and target not in schema.forwarding
        if tool.id in {*schema.tools, *schema.targets} or hides or requests.is_action(tool.id, schema.forwarding):
            continue
        if (request := requests.meant(tool.id, schema.forwarding)) or target in schema.forwarding:
            fix = f"Did you mean {request}?" if request else f"Write {target}___METHOD:/path, such as {target}___GET:/."
            yield Problem("", f"line {policy.action.line}: the gateway has no action {tool.id}", fix, rules.SCOPES)
            continue
        near = difflib.get_close_matches(tool.id, schema.tools, n=1)
        known = ", ".join(sorted(schema.tools)[:_MOST_ALTERNATIVES]) or "none"
        cure = f"Did you mean {near[0]}?" if near else f"Name one of its tools, such as {known}."
        if not near and hidden:
            cure = f"Name one of its tools as TARGET___TOOL; its targets are {', '.join(sorted(hidden))}."
        yield Problem("", f"line {policy.action.line}: the gateway has no tool {tool.id}", cure, rules.SCOPES)


def _callers(policy: CedarPolicy, authorizers: Iterable[object]) -> Iterator[Problem]:
    kinds = {rules.PRINCIPALS.get(str(it)) for it in authorizers}
    wanted = policy.principal.type
    if wanted and kinds and None not in kinds and wanted not in kinds:
        line, found = policy.principal.line, " and ".join(sorted(map(str, kinds)))
        message = f"line {line}: never applies, since the gateway's callers are {found}"
        yield Problem("", message, f"Write principal is {found}.", rules.SCOPES, severity="warning")


def _by_engine(statement: str, policy: CedarPolicy, schema: CedarSchema) -> Iterator[Problem]:
    try:
        import cedarpy
    except ModuleNotFoundError:
        cure = f"Install cedarpy: {command(extra='policy')}."
        yield Problem("", UNTRIED, cure, _PAGE, severity="warning")
        return
    scope = {it.id for it in rules.tools(policy)} or {*schema.tools}
    named = [it for it in schema.tools if scope & {it, *schema.groups(it)}]
    arguments = [schema.tools[it] for it in named]
    found = _errors(statement, schema.text)
    reported = set()
    for message in found:
        problem = _explained(message, statement, arguments, schema)
        if str(problem) not in reported:
            reported.add(str(problem))
            yield problem
    if not found:
        parsed = json.loads(cedarpy.policies_to_json_str(statement))
        yield from _never(parsed, statement, arguments)


# What a stack file describes is validated there, and once more when it is declared.
@lru_cache(maxsize=1024)
def _errors(statement: str, schema: str) -> tuple[str, ...]:
    """What the engine reports of a statement."""
    import cedarpy

    try:
        parsed = _parsed(schema)
    except ValueError as error:
        return (f"the schema of the tools cannot be read: {error}",)
    found = cedarpy.validate_policies(statement, parsed).errors
    return tuple(_of_all_tools(sorted(_PREFIX.sub("", it.error) for it in found)))


def _of_all_tools(messages: list[str]) -> Iterator[str]:
    """The messages, those that a policy for many tools has for each of them as one."""
    places = {it: match for it in messages if (match := _NOT_FOUND.search(it))}
    counts = Counter(it["path"] for it in places.values())
    reported = set()
    for message in messages:
        path = places[message]["path"] if message in places else None
        if path is not None and path in reported:
            continue
        reported.add(path)
        others = counts[path] - 1 if path is not None else 0
        yield f"{message}, nor for {others} more" if others else message


@lru_cache(maxsize=4)
def _parsed(schema: str) -> Schema:
    import cedarpy

    return cedarpy.Schema.from_str(schema)


def _explained(message: str, statement: str, arguments: list[Type], schema: CedarSchema) -> Problem:
    """What an engine reports, with the line to write instead."""
    word, cure = "", ""
    if match := _NOT_FOUND.search(message):
        *parents, word = _parts(match["path"])
        cure = "Arguments are under context.input, the time is context.system.now."
        if parents and word in (known := _names(parents, arguments)):
            record = "".join(map(types.access, parents))
            cure = f"Name the tools that have it, or write context{record} has {types.member(word)} && before it."
        elif parents:
            cure = _meant(word, known)
    elif match := _OPTIONAL.search(message):
        *parents, word = _parts(match["path"])
        record = "".join(map(types.access, parents))
        cure = f"Write context{record} has {types.member(word)} && before it."
    elif match := _TAG.search(message):
        word = match["tag"]
        cure = f'Write principal.hasTag("{word}") && before it, and principal is AgentCore::OAuthUser.'
    elif (match := _UNFIT.search(message)) and (fix := _comparable(match, schema)):
        enums = [it for it in match.groups() if it in schema.enumerations()]
        word, cure = enums[0].rpartition("::")[2] if enums else "", fix
    elif (match := _UNLIKE.search(message)) and (fix := _enumeration(match["type"], schema)):
        word, cure = match["type"].rpartition("::")[2], fix
    elif _DECIMAL.search(message):
        cure = 'A number is a decimal: write .lessThan(decimal("500.0")), or make the argument an integer.'
    elif _ASSIGNED.search(message):
        cure = "Write == to compare."
    elif match := _VALUE.search(message):
        word, cure = match["value"], _enumeration(match["type"], schema)
    line = _line_of(word, statement)
    return Problem("", f"line {line}: {message}" if line else message, cure, _SCHEMA)


def _comparable(match: re.Match[str], schema: CedarSchema) -> str:
    for one in (match["one"], match["other"]):
        if one.startswith("{typeChoice"):
            return "An argument with alternatives is a record: write ARGUMENT has typeChoice0 && ARGUMENT.typeChoice0 == ..."
        if fix := _enumeration(one, schema):
            return fix
    if "decimal" in (match["one"], match["other"]):
        return 'Compare a number with decimal("1.5").'
    return ""


def _enumeration(name: str, schema: CedarSchema) -> str:
    values = schema.enumerations().get(name)
    if values is None:
        return ""
    each = " or ".join(f"{name}::{cedar_policy.quoted(it)}" for it in values[:_MOST_ALTERNATIVES])
    return f"The argument is an enumeration: compare it with == {each}."


def _meant(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"Did you mean {near[0]}?" if near else f"The tool has {', '.join(known) or 'no arguments'}."


def _parts(path: str) -> list[str]:
    """The names of a path such as input.customer["e-mail"]."""
    return [quoted or plain for quoted, plain in _PART.findall(path)]


def _names(parents: list[str], arguments: list[Type]) -> list[str]:
    """The names in the record of arguments, or in one below it. parents: its path below context."""
    records = arguments
    for name in parents[1:]:
        records = [it.members[name][0] for it in records if name in it.members]
    return sorted({name for it in records for name in it.members})


def _line_of(word: str, statement: str) -> int:
    """The first line that has the word outside of comments; 0 if none has."""
    if not word:
        return 0
    for number, line in enumerate(statement.splitlines(), start=1):
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", line.partition("//")[0]):
            return number
    return 0


def _never(parsed: Mapping[str, Any], statement: str, arguments: list[Type]) -> Iterator[Problem]:
    """A `has` that is false for every tool: whatever is behind it is never looked at."""
    for one in parsed.get("staticPolicies", {}).values():
        for path in _has(one.get("conditions")):
            if path[:1] != ["input"]:
                continue
            records = arguments
            for name in path[1:-1]:
                records = [it.members[name][0] for it in records if name in it.members]
            if all(path[-1] not in it.members for it in records):
                cure = _meant(path[-1], _names(path[:-1], arguments))
                line = _line_of(path[-1], statement)
                message = f"line {line}: never true, since no tool has the argument {'.'.join(path[1:])}"
                yield Problem("", message, cure, _SCHEMA)


def _has(part: object) -> Iterator[list[str]]:
    """The path below context of each `has`."""
    if isinstance(part, Mapping):
        content = part.get("has")
        if isinstance(content, Mapping) and (path := _path(content.get("left"))) is not None:
            named = content.get("attr")
            yield [*path, *([named] if isinstance(named, str) else map(str, named or ()))]
        for it in part.values():
            yield from _has(it)
    elif isinstance(part, list):
        for it in part:
            yield from _has(it)


def _path(part: object) -> list[str] | None:
    if not isinstance(part, Mapping):
        return None
    if part.get("Var") == "context":
        return []
    content = part.get(".")
    if not isinstance(content, Mapping) or (before := _path(content.get("left"))) is None:
        return None
    return [*before, str(content.get("attr"))]
