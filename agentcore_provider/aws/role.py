"""Roles of IAM: read only. What a gateway may do is written there; GatewayRole and others write it.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from agentcore_provider.aws.connection import Connection
from agentcore_provider.errors import AwsRefused

IAM = "iam"
DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
"""Codes by which AWS says that the caller, not the role, lacks a permission."""


@dataclass(frozen=True)
class Role:
    """A role as IAM has it."""

    name: str
    arn: str
    trust: Any
    """Document of the trust policy."""


def find(connection: Connection, role_arn: str) -> Role | None:
    """The role of this ARN, or None when there is none. Raises what a call raises."""
    name = role_arn.rpartition("/")[2]
    try:
        role = connection.call("GetRole", service=IAM, RoleName=name)["Role"]
    except AwsRefused as refusal:
        if refusal.code == "NoSuchEntity":
            return None
        raise
    if role["Arn"] != role_arn:
        return None
    return Role(name, role["Arn"], _document(role["AssumeRolePolicyDocument"]))


def trusts(role: Role, service: str) -> bool:
    """Whether any statement of the trust policy names the service as a principal, or everybody. No more is judged."""
    statements = role.trust.get("Statement") if isinstance(role.trust, Mapping) else None
    principals = [it.get("Principal") for it in _listed(statements) if isinstance(it, Mapping)]
    named = [
        name
        for principal in principals
        for names in (principal.values() if isinstance(principal, Mapping) else [principal])
        for name in _listed(names)
    ]
    return service in named or "*" in named


def policies(connection: Connection, role: Role) -> list[Any]:
    """Documents of all the role's policies, its own and attached ones. Raises what a call raises."""
    inline = [
        connection.call("GetRolePolicy", service=IAM, RoleName=role.name, PolicyName=name)["PolicyDocument"]
        for name in _pages(connection, "ListRolePolicies", "PolicyNames", RoleName=role.name)
    ]
    attached = [
        _attached(connection, policy["PolicyArn"])
        for policy in _pages(connection, "ListAttachedRolePolicies", "AttachedPolicies", RoleName=role.name)
    ]
    return [_document(policy) for policy in inline + attached]


def _attached(connection: Connection, policy_arn: str) -> Any:
    version = connection.call("GetPolicy", service=IAM, PolicyArn=policy_arn)["Policy"]["DefaultVersionId"]
    answer = connection.call("GetPolicyVersion", service=IAM, PolicyArn=policy_arn, VersionId=version)
    return answer["PolicyVersion"]["Document"]


def _pages(connection: Connection, operation: str, member: str, **parameters: Any) -> Iterator[Any]:
    page: dict[str, Any] = {}
    while True:
        answer = connection.call(operation, service=IAM, **parameters, **page)
        yield from answer[member]
        if not answer.get("IsTruncated"):
            return
        page = {"Marker": answer["Marker"]}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _document(policy: Any) -> Any:
    return json.loads(unquote(policy)) if isinstance(policy, str) else policy
