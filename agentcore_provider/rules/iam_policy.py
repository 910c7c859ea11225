"""Whether IAM's documents let a gateway do its work: its role's trust, and what the role's policies allow.

A simple reading of them: Effect, Action, Resource and their wildcards, and those conditions that a gateway's call is
known to carry. Other conditions are taken to hold for an Allow and not for a Deny: a call that is not made yet cannot be evaluated.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

_LIKE = ("StringLike", "ArnLike", "ArnEquals")


def untrusted(document: Any, *, service: str, account_id: str, source_arn: str) -> list[str]:
    """Why the service may not assume a role on behalf of a resource, a line for each statement; empty if it may.

    document: the role's trust policy. account_id, source_arn: the account and ARN of the resource.
    """
    context = {"aws:sourceaccount": account_id, "aws:sourcearn": source_arn}
    reasons = []
    for statement in _statements(document):
        services = statement.get("Principal")
        named = services == "*" or (isinstance(services, Mapping) and service in _listed(services.get("Service")))
        if not named or not _covers(statement.get("Action"), "sts:AssumeRole", ignore_case=True):
            continue
        conditions = list(_conditions(statement))
        if statement.get("Effect") == "Deny" and all(
            key.lower() in context and _holds(operator, wanted, context[key.lower()])
            for operator, key, wanted in conditions
        ):
            return [f"a statement denies it to {service}"]
        if statement.get("Effect") != "Allow":
            continue
        broken = [
            f"{key} must be {' or '.join(map(str, _listed(wanted)))} and is {context[key.lower()]}"
            for operator, key, wanted in conditions
            if key.lower() in context and not _holds(operator, wanted, context[key.lower()])
        ]
        if not broken:
            return []
        reasons += broken
    return reasons or [f"no statement lets {service} assume it"]


def is_open(document: Any, *, service: str) -> bool:
    """Whether a trust policy lets the service in on behalf of anybody's resources: no condition on where they are."""
    return any(
        statement.get("Effect") == "Allow"
        and isinstance(statement.get("Principal"), Mapping)
        and service in _listed(statement["Principal"].get("Service"))
        and not any(key.lower().startswith("aws:source") for _, key, _ in _conditions(statement))
        for statement in _statements(document)
    )


def missing(policies: Iterable[Any], needed: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """What of the needed statements the policies do not allow, as pairs of action and resource.

    needed: Allow statements of exact actions. A needed resource that is a pattern is met by a policy that names
    part of it: the exact ARN behind it is not known before the call.
    """
    held = [statement for policy in policies for statement in _statements(policy)]
    return [
        (action, resource)
        for statement in needed
        for action in _listed(statement.get("Action"))
        for resource in _listed(statement.get("Resource"))
        if not _allowed(held, action, resource)
    ]


def _allowed(statements: Sequence[Mapping[str, Any]], action: str, resource: str) -> bool:
    allowed = False
    for statement in statements:
        denies = statement.get("Effect") == "Deny"
        if not _names(statement, "Action", action, ignore_case=True):
            continue
        if not _names(statement, "Resource", resource, part="*" in resource and not denies):
            continue
        if denies:
            if not statement.get("Condition"):
                return False
        else:
            allowed = True
    return allowed


def _names(
    statement: Mapping[str, Any], member: str, text: str, *, ignore_case: bool = False, part: bool = False
) -> bool:
    if f"Not{member}" in statement:
        return not _covers(statement[f"Not{member}"], text, ignore_case=ignore_case)
    return _covers(statement.get(member), text, ignore_case=ignore_case) or (
        part and any(_covers(text, str(pattern)) for pattern in _listed(statement.get(member)))
    )


def _conditions(statement: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for operator, tests in (statement.get("Condition") or {}).items():
        for key, wanted in tests.items():
            yield operator, key, wanted


def _holds(operator: str, wanted: Any, found: str) -> bool:
    name = operator.removesuffix("IfExists")
    if name == "StringEquals":
        return found in _listed(wanted)
    if name == "StringNotEquals":
        return found not in _listed(wanted)
    if name in _LIKE:
        return _covers(wanted, found)
    return True


def _covers(patterns: Any, text: str, *, ignore_case: bool = False) -> bool:
    return any(matches(str(pattern), text, ignore_case=ignore_case) for pattern in _listed(patterns))


def matches(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    """Whether a text matches a pattern of IAM, with * and ?."""
    if ignore_case:
        pattern, text = pattern.lower(), text.lower()
    # Square brackets mean themselves in IAM. Each * of a regular expression would multiply the time that it takes.
    return fnmatch.fnmatchcase(text, pattern.replace("[", "[[]"))


def _statements(document: Any) -> Iterator[Mapping[str, Any]]:
    statements = document.get("Statement") if isinstance(document, Mapping) else None
    yield from (statement for statement in _listed(statements) if isinstance(statement, Mapping))


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
