"""Roles of local IAM, and what their policies allow."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from moto.iam.models import Role, iam_backends

Statement = Mapping[str, Any]
"""A statement of a policy."""

_ROLE_ARN = re.compile(r"arn:(?P<partition>aws[^:]*):iam::(?P<account>\d{12}):role/(?P<path>(?:.+/)?)(?P<name>[^/]+)")


@dataclass(frozen=True)
class RolePolicies:
    """A role at one moment: its trust policy, and its other policies."""

    trust: object
    policies: tuple[object, ...]

    def allow(self, action: str, resource: str) -> bool:
        """Whether the role's own policies allow this action on this resource."""
        allowed = False
        for statement in (statement for document in self.policies for statement in _statements(document)):
            if not (_names_action(statement, action) and _names_resource(statement, resource)):
                continue
            if statement.get("Effect") == "Deny":
                # A conditioned Deny is taken not to apply, a conditioned Allow to apply: conditions on calls
                # that have not happened yet cannot be evaluated.
                if "Condition" not in statement:
                    return False
            else:
                allowed = True
        return allowed

    def trust_service(self, service: str, context: Mapping[str, str]) -> bool:
        """Whether a service may assume the role. context: condition keys in lower case, and their values."""
        return any(
            statement.get("Effect") == "Allow"
            and _matches_any(statement.get("Action"), "sts:AssumeRole")
            and _is_principal(service, statement.get("Principal"))
            and _conditions_hold(statement.get("Condition", {}), context)
            for statement in _statements(self.trust)
        )


def role_policies(role_arn: str) -> RolePolicies | None:
    """The policies of a role of local IAM; None if there is no such role."""
    role = _find(role_arn)
    if role is None:
        return None
    managed = (
        next(version for version in policy.versions if version.is_default).document
        for policy in list(role.managed_policies.values())
    )
    documents = [*list(role.policies.values()), *managed]
    return RolePolicies(role.assume_role_policy_document, tuple(documents))


def role_allows(role_arn: str, action: str, *resources: str) -> bool:
    """Whether a role of local IAM exists and its own policies allow an action on each of these resources."""
    policies = role_policies(role_arn)
    return policies is not None and all(policies.allow(action, resource) for resource in resources)


def _find(role_arn: str) -> Role | None:
    found = _ROLE_ARN.fullmatch(role_arn)
    if found is None:
        return None
    roles: dict[str, Role] = iam_backends[found["account"]][found["partition"]].roles
    return next((role for role in list(roles.values()) if role.arn == role_arn), None)


def _statements(document: object) -> Iterator[Statement]:
    try:
        parsed = json.loads(document) if isinstance(document, str) else document
    except ValueError:
        return
    statements = parsed.get("Statement", []) if isinstance(parsed, Mapping) else []
    yield from statements if isinstance(statements, list) else [statements]


def _names_action(statement: Statement, action: str) -> bool:
    if "NotAction" in statement:
        return not _matches_any(statement["NotAction"], action)
    return _matches_any(statement.get("Action"), action)


def _names_resource(statement: Statement, resource: str) -> bool:
    if "NotResource" in statement:
        return not _matches_any(statement["NotResource"], resource, ignore_case=False)
    return _matches_any(statement.get("Resource"), resource, ignore_case=False)


def _is_principal(service: str, principal: object) -> bool:
    if principal == "*":
        return True
    services = principal.get("Service", []) if isinstance(principal, Mapping) else []
    return service in _as_list(services)


def _conditions_hold(conditions: Mapping[str, Mapping[str, object]], context: Mapping[str, str]) -> bool:
    return all(
        _condition_holds(operator, expected, context.get(key.lower()))
        for operator, tests in conditions.items()
        for key, expected in tests.items()
    )


def _condition_holds(operator: str, expected: object, found: str | None) -> bool:
    if found is None:
        return operator.endswith("IfExists")
    name = operator.removesuffix("IfExists")
    if name == "StringEquals":
        return found in _as_list(expected)
    if name in ("StringLike", "ArnLike", "ArnEquals"):
        return _matches_any(expected, found, ignore_case=False)
    # Any other operator compares with what a request for a gateway does not carry.
    return False


def _matches_any(patterns: object, text: str, *, ignore_case: bool = True) -> bool:
    if ignore_case:
        return any(_wildcard(str(pattern).lower(), text.lower()) for pattern in _as_list(patterns))
    return any(_wildcard(str(pattern), text) for pattern in _as_list(patterns))


def _wildcard(pattern: str, text: str) -> bool:
    # Square brackets mean themselves in IAM.
    return fnmatch.fnmatchcase(text, pattern.replace("[", "[[]"))


def _as_list(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
