"""Roles of IAM: find them, and create those of scripts; in a program GatewayRole creates them.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from agentcore_provider.aws import caller
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Document, Properties
from agentcore_provider.aws.operation import OWNER_TAG, Operation
from agentcore_provider.errors import AwsRefused, InvalidInput, NameTaken
from agentcore_provider.problem import Problem

IAM = "iam"
DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
"""Codes by which AWS answers that the caller, not the role, lacks a permission."""
_NAME = re.compile(r"(?:[\w+=,.@-]+/)*[\w+=,.@-]{1,64}")


@dataclass(frozen=True)
class Role:
    """A role as IAM has it."""

    name: str
    arn: str
    trust: Properties
    """Document of the trust policy."""


def arn_of(connection: Connection, role: str) -> str:
    """The ARN of a role, from its ARN or from its name in the caller's account; one with a path: `service-role/Name`.

    Raises InvalidInput, and what asking for the account raises.
    """
    check_name(role)
    if role.startswith("arn:"):
        return role
    found = caller.find(connection)
    return f"arn:{found.partition}:iam::{found.account_id}:role/{role.removeprefix('role/')}"


def check_name(role: str) -> None:
    """Raises InvalidInput if this is neither an ARN nor a name that IAM takes."""
    if not role.startswith("arn:") and not _NAME.fullmatch(role):
        raise InvalidInput(
            f"{role!r} is not a role",
            "Pass its name (letters, digits and _+=,.@-, 64 at most) or its ARN arn:aws:iam::ACCOUNT:role/NAME",
        )


def find(connection: Connection, role_arn: str) -> Role | None:
    """The role of this ARN, or None when there is none. Raises what a call raises."""
    name = role_arn.rpartition("/")[2]
    role = _read(connection, name)
    if role is None or role["Arn"] != role_arn:
        return None
    return Role(name, role["Arn"], _document(role["AssumeRolePolicyDocument"]))


def missing(connection: Connection, role_arn: str) -> Problem | None:
    """The problem that no role has this ARN; None if there is one, or it may not be read."""
    try:
        return absent(role_arn, connection.cures.make_role) if find(connection, role_arn) is None else None
    except AwsRefused:
        return None


def absent(role_arn: str, make_role: str) -> Problem:
    """The problem that no role has this ARN. make_role: how else to get one."""
    cure = f"pass the ARN of one that exists, or {make_role}"
    return Problem("", f"there is no role {role_arn}", cure)


def create(operation: Operation, name: str, trust: Document, *, description: str) -> Role:
    """Create the role, or adopt the one of this name and owner; its trust policy is then this one.

    Raises NameTaken when another owner made it, and what a call raises.
    """
    connection = operation.connection
    operation.report(f"creating the role {name}")
    created = connection.call_or_none(
        "CreateRole",
        service=IAM,
        absent=frozenset({"EntityAlreadyExists"}),
        RoleName=name,
        AssumeRolePolicyDocument=json.dumps(trust),
        Description=description,
        Tags=[{"Key": OWNER_TAG, "Value": operation.owner}],
    )
    if created is not None:
        return Role(name, created["Role"]["Arn"], dict(trust))
    found = connection.call("GetRole", service=IAM, RoleName=name)["Role"]
    if not operation.adopt and _owner(found) != operation.owner:
        raise NameTaken(
            f"{operation.label}: role {name} exists and was made by another owner",
            f"Pass a role of your own, or {connection.cures.adopt}",
        )
    if _document(found["AssumeRolePolicyDocument"]) != trust:
        set_trust(connection, name, trust)
    return Role(name, found["Arn"], dict(trust))


def set_trust(connection: Connection, name: str, trust: Document) -> None:
    """Make this the role's trust policy. Raises what a call raises."""
    connection.call("UpdateAssumeRolePolicy", service=IAM, RoleName=name, PolicyDocument=json.dumps(trust))


def put_policy(connection: Connection, name: str, policy_name: str, statements: Sequence[Document]) -> None:
    """Give the role an inline policy of these statements, or delete it if there are none. Raises what a call raises."""
    if not statements:
        delete_policy(connection, name, policy_name)
        return
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    connection.call("PutRolePolicy", service=IAM, RoleName=name, PolicyName=policy_name, PolicyDocument=document)


def delete_policy(connection: Connection, name: str, policy_name: str) -> None:
    """Delete an inline policy; gone already is fine, and so is a role that is. Raises what a call raises."""
    connection.call_or_none("DeleteRolePolicy", service=IAM, RoleName=name, PolicyName=policy_name)


def delete(operation: Operation, name: str) -> None:
    """Delete the role of this name and owner with its inline policies; gone already, or another owner's, is left alone.

    Raises what a call raises.
    """
    connection = operation.connection
    found = _read(connection, name)
    if found is None or _owner(found) != operation.owner:
        return
    operation.report(f"deleting the role {name}")
    for policy in list(connection.pages("ListRolePolicies", "PolicyNames", service=IAM, RoleName=name)):
        delete_policy(connection, name, str(policy))
    connection.call_or_none("DeleteRole", service=IAM, RoleName=name)


def trusts(role: Role, service: str) -> bool:
    """Whether any statement of the trust policy names the service as a principal, or everybody. No more is checked."""
    statements = role.trust.get("Statement") if isinstance(role.trust, Mapping) else None
    principals = [it.get("Principal") for it in _listed(statements) if isinstance(it, Mapping)]
    named = [
        name
        for principal in principals
        for names in (principal.values() if isinstance(principal, Mapping) else [principal])
        for name in _listed(names)
    ]
    return service in named or "*" in named


def policies(connection: Connection, role: Role) -> list[Properties]:
    """Documents of all the role's policies, its own and attached ones. Raises what a call raises."""
    inline = [
        connection.call("GetRolePolicy", service=IAM, RoleName=role.name, PolicyName=name)["PolicyDocument"]
        for name in connection.pages("ListRolePolicies", "PolicyNames", service=IAM, RoleName=role.name)
    ]
    attached = [
        _attached(connection, policy["PolicyArn"])
        for policy in connection.pages("ListAttachedRolePolicies", "AttachedPolicies", service=IAM, RoleName=role.name)
    ]
    return [_document(policy) for policy in inline + attached]


def _read(connection: Connection, name: str) -> Properties | None:
    """IAM's members of the role, or None when there is none."""
    answer = connection.call_or_none("GetRole", service=IAM, RoleName=name)
    return None if answer is None else answer["Role"]


def _owner(role: Document) -> str | None:
    return next((tag["Value"] for tag in role.get("Tags") or () if tag["Key"] == OWNER_TAG), None)


def _attached(connection: Connection, policy_arn: str) -> object:
    version = connection.call("GetPolicy", service=IAM, PolicyArn=policy_arn)["Policy"]["DefaultVersionId"]
    answer = connection.call("GetPolicyVersion", service=IAM, PolicyArn=policy_arn, VersionId=version)
    return answer["PolicyVersion"]["Document"]


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _document(policy: Any) -> Any:
    """A policy; IAM returns some as text, quoted as in URLs."""
    return json.loads(unquote(policy)) if isinstance(policy, str) else policy
