"""Roles and users of local IAM, and what their policies allow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from moto.iam.models import Group, Role, User, iam_backends

from agentcore_provider.local.iam_policy import (
    as_list,
    conditions_hold,
    matches_any,
    names_action,
    names_resource,
    statements,
)

_ROLE_ARN = re.compile(r"arn:(?P<partition>aws[^:]*):iam::(?P<account>\d{12}):role/(?P<path>(?:.+/)?)(?P<name>[^/]+)")

_USER_ARN = re.compile(r"arn:(?P<partition>aws[^:]*):iam::(?P<account>\d{12}):user/.+")


@dataclass(frozen=True)
class RolePolicies:
    """A role at one moment: its trust policy, and its other policies."""

    trust: object
    policies: tuple[object, ...]

    def allow(self, action: str, resource: str) -> bool:
        """Whether the role's own policies allow this action on this resource."""
        allowed = False
        for statement in (statement for document in self.policies for statement in statements(document)):
            if not (names_action(statement, action) and names_resource(statement, resource)):
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
            and matches_any(statement.get("Action"), "sts:AssumeRole")
            and _is_principal(service, statement.get("Principal"))
            and conditions_hold(statement.get("Condition", {}), context)
            for statement in statements(self.trust)
        )


def role_policies(role_arn: str) -> RolePolicies | None:
    """The policies of a role of local IAM; None if there is no such role."""
    role = _find(role_arn)
    return None if role is None else RolePolicies(role.assume_role_policy_document, _documents(role))


def user_policies(user_arn: str) -> tuple[object, ...] | None:
    """The policies of a user of local IAM and of the user's groups; None if there is no such user."""
    found = _USER_ARN.fullmatch(user_arn)
    backend = iam_backends[found["account"]][found["partition"]] if found else None
    user = next((it for it in list(backend.users.values()) if it.arn == user_arn), None) if backend else None
    if backend is None or user is None:
        return None
    groups: list[Group] = [it for it in list(backend.groups.values()) if user in it.users]
    return (*_documents(user), *(document for group in groups for document in _documents(group)))


def role_allows(role_arn: str, action: str, *resources: str) -> bool:
    """Whether a role of local IAM exists and its own policies allow an action on each of these resources."""
    policies = role_policies(role_arn)
    return policies is not None and all(policies.allow(action, resource) for resource in resources)


def _find(role_arn: str) -> Role | None:
    found = _ROLE_ARN.fullmatch(role_arn)
    if found is None:
        return None
    roles: dict[str, Role] = iam_backends[found["account"]][found["partition"]].roles
    # moto has a role for each of AWS's services, and composes an ARN whenever it is read.
    name = role_arn.rpartition("/")[2]
    return next((role for role in list(roles.values()) if role.name == name and role.arn == role_arn), None)


def _documents(holder: Role | User | Group) -> tuple[object, ...]:
    """The policies of a role, user or group, inline and managed."""
    managed = (
        next(version for version in policy.versions if version.is_default).document
        for policy in list(holder.managed_policies.values())
    )
    return (*list(holder.policies.values()), *managed)


def _is_principal(service: str, principal: object) -> bool:
    if principal == "*":
        return True
    services = principal.get("Service", []) if isinstance(principal, Mapping) else []
    return service in as_list(services)
