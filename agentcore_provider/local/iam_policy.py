"""Statements of IAM policies: which request they are about, and whether their conditions hold.

Evaluated as documented: an explicit deny wins; an operator whose name has Not, and one that ends in IfExists, holds for a
key that the request does not have; all keys of a condition have to hold, and of each key one value.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import fnmatch
import ipaddress
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

Statement = Mapping[str, Any]
"""A statement of a policy."""

_ACCOUNT = re.compile(r"(?P<id>\d{12})|arn:[^:]+:iam::(?P<root>\d{12}):root")
_SETS = re.compile(r"(?:(?P<set>ForAllValues|ForAnyValue):)?(?P<name>\w+?)(?P<optional>IfExists)?")


@dataclass(frozen=True)
class Principal:
    """Who calls. arn: as GetCallerIdentity has it; None for the holder of a token, who has no identity in IAM.

    role_arn: the role of an assumed role.
    """

    arn: str | None = None
    account_id: str = ""
    role_arn: str | None = None


@dataclass(frozen=True)
class Request:
    """What is asked for. context: condition keys in lower case, and their values."""

    principal: Principal
    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)


def effects(document: object, request: Request, *, of_resource: bool = False) -> set[str]:
    """The effects that a policy has on a request: Allow, Deny, both or none.

    of_resource: whether it is a resource policy. Its statements name principals, and one that names the caller's whole
    account has the effect `Delegate`: the account's own policies decide.
    """
    found = set()
    for statement in statements(document):
        named = _named(statement, request.principal) if of_resource else "itself"
        if not named or not names_action(statement, request.action):
            continue
        if not (of_resource and not {"Resource", "NotResource"} & statement.keys()) and not names_resource(
            statement, request.resource
        ):
            continue
        if not conditions_hold(statement.get("Condition") or {}, request.context):
            continue
        effect = str(statement.get("Effect"))
        found.add("Delegate" if effect == "Allow" and named == "account" else effect)
    return found


def statements(document: object) -> Iterator[Statement]:
    """The statements of a policy, which may be a text; none of what is not a policy."""
    try:
        parsed = json.loads(document) if isinstance(document, str) else document
    except ValueError:
        return
    found = parsed.get("Statement", []) if isinstance(parsed, Mapping) else []
    yield from found if isinstance(found, list) else [found]


def names_action(statement: Statement, action: str) -> bool:
    """Whether a statement is about an action."""
    if "NotAction" in statement:
        return not matches_any(statement["NotAction"], action)
    return matches_any(statement.get("Action"), action)


def names_resource(statement: Statement, resource: str) -> bool:
    """Whether a statement is about a resource."""
    if "NotResource" in statement:
        return not matches_any(statement["NotResource"], resource, ignore_case=False)
    return matches_any(statement.get("Resource"), resource, ignore_case=False)


def conditions_hold(conditions: Mapping[str, Mapping[str, object]], context: Mapping[str, str]) -> bool:
    """Whether all conditions of a statement hold for a request with this context."""
    return all(
        _holds(operator, as_list(expected), context.get(key.lower()))
        for operator, tests in conditions.items()
        for key, expected in tests.items()
    )


def matches_any(patterns: object, text: str, *, ignore_case: bool = True) -> bool:
    """Whether a text matches one of the patterns, with the wildcards * and ?."""
    if ignore_case:
        return any(_matches(str(pattern).lower(), text.lower()) for pattern in as_list(patterns))
    return any(_matches(str(pattern), text) for pattern in as_list(patterns))


def as_list(value: object) -> list[Any]:
    """One value as a list of it."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _named(statement: Statement, principal: Principal) -> str:
    """How a statement of a resource policy names the caller: `itself`, `account`, or not at all."""
    if "NotPrincipal" in statement:
        return "" if _found_in(statement["NotPrincipal"], principal) else "itself"
    return _found_in(statement.get("Principal"), principal)


def _found_in(named: object, principal: Principal) -> str:
    if named == "*":
        return "itself"
    listed = as_list(named.get("AWS")) if isinstance(named, Mapping) else []
    if "*" in listed or (principal.arn and {principal.arn, principal.role_arn} & {*map(str, listed)}):
        return "itself"
    accounts = {found["id"] or found["root"] for it in listed if (found := _ACCOUNT.fullmatch(str(it)))}
    return "account" if principal.arn and principal.account_id in accounts else ""


def _holds(operator: str, expected: list[object], found: str | None) -> bool:
    parts = _SETS.fullmatch(operator)
    if parts is None:
        return False
    name = parts["name"]
    if name == "Null":
        return (found is None) == (str(expected[0]).lower() == "true") if expected else False
    if found is None:
        return bool(parts["optional"]) or "Not" in name or parts["set"] == "ForAllValues"
    try:
        if "Not" in name:
            return not any(_COMPARED[name.replace("Not", "")](str(it), found) for it in expected)
        return any(_COMPARED[name](_as_text(it), found) for it in expected)
    except (KeyError, ValueError):
        # An operator that IAM does not have, or a value that is not a number, time or address.
        return False


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _moment(text: str) -> float:
    if text.isdigit():
        return float(text)
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()


def _in_range(addresses: str, found: str) -> bool:
    return ipaddress.ip_address(found) in ipaddress.ip_network(addresses, strict=False)


def _by(read: Callable[[str], Any], compare: Callable[[Any, Any], bool]) -> Callable[[str, str], bool]:
    return lambda expected, found: compare(read(found), read(expected))


def _matches(pattern: str, text: str) -> bool:
    # Square brackets mean themselves in IAM.
    return fnmatch.fnmatchcase(text, pattern.replace("[", "[[]"))


_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "Equals": lambda one, other: bool(one == other),
    "LessThan": lambda one, other: bool(one < other),
    "LessThanEquals": lambda one, other: bool(one <= other),
    "GreaterThan": lambda one, other: bool(one > other),
    "GreaterThanEquals": lambda one, other: bool(one >= other),
}
_COMPARED: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda expected, found: expected == found,
    "StringEqualsIgnoreCase": lambda expected, found: expected.lower() == found.lower(),
    "Bool": lambda expected, found: expected.lower() == found.lower(),
    "IpAddress": _in_range,
    **dict.fromkeys(("StringLike", "ArnLike", "ArnEquals"), _matches),
    **{f"Numeric{name}": _by(float, order) for name, order in _ORDERS.items()},
    **{f"Date{name}": _by(_moment, order) for name, order in _ORDERS.items()},
}
