"""Roles of IAM: find them, and make those that a script asks for; in a program GatewayRole makes them.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.job import OWNER_TAG, Job
from agentcore_provider.errors import AwsRefused, NameTaken

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


def missing(connection: Connection, role_arn: str) -> str | None:
    """That there is no role of this ARN, with the cure; None if there is one, or whoever asks may not look."""
    try:
        return absent(connection, role_arn) if find(connection, role_arn) is None else None
    except AwsRefused:
        return None


def absent(connection: Connection, role_arn: str) -> str:
    """The words for a role that is not there, with the cure."""
    return f"there is no role {role_arn}: give the ARN of one that exists, or {connection.cures.make_role}"


def create(job: Job, name: str, trust: Mapping[str, Any], *, description: str) -> Role:
    """Create the role, or carry on with the one of this name and owner; its trust policy is then what is said now.

    Raises NameTaken when somebody else made it, and what a call raises.
    """
    connection, document = job.connection, json.dumps(trust)
    try:
        job.tell(f"creating the role {name}")
        made = connection.call(
            "CreateRole",
            service=IAM,
            RoleName=name,
            AssumeRolePolicyDocument=document,
            Description=description,
            Tags=[{"Key": OWNER_TAG, "Value": job.owner}],
        )["Role"]
        return Role(name, made["Arn"], dict(trust))
    except AwsRefused as refusal:
        if refusal.code != "EntityAlreadyExists":
            raise
    found = connection.call("GetRole", service=IAM, RoleName=name)["Role"]
    if not job.adopt and _owner(found) != job.owner:
        raise NameTaken(
            f"{job.label}: role {name} exists and was made by somebody else; give a role of your own, or "
            f"{connection.cures.adopt}"
        )
    if _document(found["AssumeRolePolicyDocument"]) != trust:
        set_trust(connection, name, trust)
    return Role(name, found["Arn"], dict(trust))


def set_trust(connection: Connection, name: str, trust: Mapping[str, Any]) -> None:
    """Make this the role's trust policy. Raises what a call raises."""
    connection.call("UpdateAssumeRolePolicy", service=IAM, RoleName=name, PolicyDocument=json.dumps(trust))


def put_policy(connection: Connection, name: str, policy_name: str, statements: Sequence[Mapping[str, Any]]) -> None:
    """Give the role an inline policy of these statements, or take it away if there are none. Raises what a call raises."""
    if not statements:
        delete_policy(connection, name, policy_name)
        return
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    connection.call("PutRolePolicy", service=IAM, RoleName=name, PolicyName=policy_name, PolicyDocument=document)


def delete_policy(connection: Connection, name: str, policy_name: str) -> None:
    """Take an inline policy away; gone already is fine, and so is a role that is. Raises what a call raises."""
    try:
        connection.call("DeleteRolePolicy", service=IAM, RoleName=name, PolicyName=policy_name)
    except AwsRefused as refusal:
        if refusal.code != "NoSuchEntity":
            raise


def delete(job: Job, name: str) -> None:
    """Delete the role of this name and owner with its inline policies; gone already, or somebody else's, is left alone.

    Raises what a call raises.
    """
    connection = job.connection
    try:
        found = connection.call("GetRole", service=IAM, RoleName=name)["Role"]
        if _owner(found) != job.owner:
            return
        job.tell(f"deleting the role {name}")
        for policy in list(_pages(connection, "ListRolePolicies", "PolicyNames", RoleName=name)):
            delete_policy(connection, name, policy)
        connection.call("DeleteRole", service=IAM, RoleName=name)
    except AwsRefused as refusal:
        if refusal.code != "NoSuchEntity":
            raise


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


def _owner(role: Mapping[str, Any]) -> str | None:
    return next((tag["Value"] for tag in role.get("Tags") or () if tag["Key"] == OWNER_TAG), None)


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
