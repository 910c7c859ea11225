"""Whether a gateway's role exists in local IAM, lets the service in, and may do what its targets need."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from moto.iam.models import Role, iam_backends

from agentcore_provider.local import service_error
from agentcore_provider.local.settings import Settings

_SERVICE = "bedrock-agentcore.amazonaws.com"
_ROLE_ARN = re.compile(r"arn:(?P<partition>aws[^:]*):iam::(?P<account>\d{12}):role/(?P<path>(?:.+/)?)(?P<name>[^/]+)")


@dataclass(frozen=True)
class _View:
    """A role at one moment: its trust policy, and its other policies."""

    trust: Any
    policies: tuple[Any, ...]


def require_trust(role_arn: str, gateway_arn: str, account_id: str, settings: Settings) -> None:
    """The role exists, and the service may assume it on behalf of this gateway."""
    role = _seen(role_arn, settings)
    if role is None:
        raise service_error.validation(
            f"Gateway execution role lacks permission: the role {role_arn} does not exist or cannot be assumed"
        )
    context = {"aws:sourceaccount": account_id, "aws:sourcearn": gateway_arn}
    for statement in _statements(role.trust):
        if (
            statement.get("Effect") == "Allow"
            and _matches_any(statement.get("Action"), "sts:AssumeRole")
            and _trusts_service(statement.get("Principal"))
            and _conditions_hold(statement.get("Condition", {}), context)
        ):
            return
    raise service_error.validation(
        f"Gateway execution role lacks permission: the trust policy of {role_arn} does not let {_SERVICE} "
        f"assume it for {gateway_arn}"
    )


def require_may_invoke(role_arn: str, function_arn: str, settings: Settings) -> None:
    """The role's own policies let it invoke the function; a policy of the function was seen not to help."""
    role = _seen(role_arn, settings)
    if role is None or not _allows(role, "lambda:InvokeFunction", function_arn):
        raise service_error.validation(
            f"Gateway execution role lacks permission to invoke Lambda function {function_arn}. Update the permission and retry"
        )


def allows(role_arn: str, action: str, resource: str) -> bool:
    """Whether the role exists and its own policies allow this action on this resource."""
    role = find(role_arn)
    return role is not None and _allows(_view(role), action, resource)


def is_seen(role_arn: str, settings: Settings) -> bool:
    """Whether the service sees the role as it is now in IAM, which may only take time."""
    role = find(role_arn)
    return role is None or _seen(role_arn, settings) == _view(role)


def find(role_arn: str) -> Role | None:
    """The role in local IAM."""
    found = _ROLE_ARN.fullmatch(role_arn)
    if found is None:
        return None
    roles: dict[str, Role] = iam_backends[found["account"]][found["partition"]].roles
    return next((role for role in list(roles.values()) if role.arn == role_arn), None)


def _seen(role_arn: str, settings: Settings) -> _View | None:
    """The role as the service sees it: where permissions are slow, as it was that long after a first look at it."""
    role = find(role_arn)
    if role is None:
        return None
    now, delay = settings.monotonic(), settings.seconds_until_ready("permission")
    current = _view(role)
    if not delay:
        return current
    looks: list[tuple[float, _View]] = settings.sights.setdefault(role_arn, [])
    if not looks or looks[-1][1] != current:
        looks.append((now, current))
    return next((view for at, view in reversed(looks) if at + delay <= now), None)


def _view(role: Role) -> _View:
    managed = (
        next(version for version in policy.versions if version.is_default).document
        for policy in list(role.managed_policies.values())
    )
    documents = [*list(role.policies.values()), *managed]
    return _View(role.assume_role_policy_document, tuple(documents))


def _allows(role: _View, action: str, resource: str) -> bool:
    allowed = False
    for statement in (statement for document in role.policies for statement in _statements(document)):
        if not (_names_action(statement, action) and _names_resource(statement, resource)):
            continue
        if statement.get("Effect") == "Deny":
            # A conditioned Deny is taken not to apply, a conditioned Allow to apply: conditions on calls
            # that were not made yet cannot be judged.
            if "Condition" not in statement:
                return False
        else:
            allowed = True
    return allowed


def _statements(document: Any) -> Iterator[Mapping[str, Any]]:
    try:
        parsed = json.loads(document) if isinstance(document, str) else document
    except ValueError:
        return
    statements = parsed.get("Statement", []) if isinstance(parsed, Mapping) else []
    yield from statements if isinstance(statements, list) else [statements]


def _names_action(statement: Mapping[str, Any], action: str) -> bool:
    if "NotAction" in statement:
        return not _matches_any(statement["NotAction"], action)
    return _matches_any(statement.get("Action"), action)


def _names_resource(statement: Mapping[str, Any], resource: str) -> bool:
    if "NotResource" in statement:
        return not _matches_any(statement["NotResource"], resource, ignore_case=False)
    return _matches_any(statement.get("Resource"), resource, ignore_case=False)


def _trusts_service(principal: Any) -> bool:
    if principal == "*":
        return True
    services = principal.get("Service", []) if isinstance(principal, Mapping) else []
    return _SERVICE in _as_list(services)


def _conditions_hold(conditions: Mapping[str, Mapping[str, Any]], context: Mapping[str, str]) -> bool:
    return all(
        _condition_holds(operator, expected, context.get(key.lower()))
        for operator, tests in conditions.items()
        for key, expected in tests.items()
    )


def _condition_holds(operator: str, expected: Any, found: str | None) -> bool:
    if found is None:
        return operator.endswith("IfExists")
    name = operator.removesuffix("IfExists")
    if name == "StringEquals":
        return found in _as_list(expected)
    if name in ("StringLike", "ArnLike", "ArnEquals"):
        return _matches_any(expected, found, ignore_case=False)
    # Any other operator compares with what a request for a gateway does not carry.
    return False


def _matches_any(patterns: Any, text: str, *, ignore_case: bool = True) -> bool:
    if ignore_case:
        return any(_wildcard(str(pattern).lower(), text.lower()) for pattern in _as_list(patterns))
    return any(_wildcard(str(pattern), text) for pattern in _as_list(patterns))


def _wildcard(pattern: str, text: str) -> bool:
    # Square brackets mean themselves in IAM.
    return fnmatch.fnmatchcase(text, pattern.replace("[", "[[]"))


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
