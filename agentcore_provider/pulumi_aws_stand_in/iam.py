"""IAM: roles, their policies, managed policies, and the lookups of both."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import ClassVar
from urllib.parse import unquote

from .model import Members, as_members
from .resource import Naming, Resource, Scope, as_tag_list, as_tag_map, replace_tags, tag_properties, undone_on_failure
from .session import Client, Session, is_gone
from .wire import Properties

_NAMED = frozenset({"name", "namePrefix"})


class Role(Resource):
    """aws.iam.Role"""

    type_name = "aws:iam/role:Role"
    arguments = _NAMED | {
        "assumeRolePolicy",
        "description",
        "forceDetachPolicies",
        "inlinePolicies",
        "managedPolicyArns",
        "maxSessionDuration",
        "path",
        "permissionsBoundary",
        "tags",
    }
    required = frozenset({"assumeRolePolicy"})
    immutable = _NAMED | {"path"}
    outputs = frozenset({"arn", "createDate", "tagsAll", "uniqueId"})
    naming = Naming("name", 64, "namePrefix")
    documents = frozenset({"assumeRolePolicy", "policy"})
    unordered = frozenset({"managedPolicyArns", "inlinePolicies"})
    defaults: ClassVar[Properties] = {"maxSessionDuration": 3600, "path": "/", "forceDetachPolicies": False}
    regional = False
    tagged = True

    def create(self, scope: Scope, inputs: Properties) -> str:
        iam = scope.session.client("iam")
        name: str = inputs["name"]
        optional = ("description", "maxSessionDuration", "path", "permissionsBoundary")
        iam.create_role(
            RoleName=name,
            AssumeRolePolicyDocument=inputs["assumeRolePolicy"],
            Tags=as_tag_list(scope.session.tags(inputs)),
            **as_members(iam, "CreateRole", inputs, optional),
        )
        with undone_on_failure(lambda: self.delete(scope, name, {"forceDetachPolicies": True})):
            for policy in inputs.get("inlinePolicies", []):
                _put_inline(iam, name, policy)
            for arn in inputs.get("managedPolicyArns", []):
                iam.attach_role_policy(RoleName=name, PolicyArn=arn)
        return name

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        iam = scope.session.client("iam")
        role = iam.get_role(RoleName=resource_id)["Role"]
        tags = as_tag_map(iam.list_role_tags(RoleName=resource_id)["Tags"])
        # Other resources may give the role policies too: reported only where the program sets them here.
        policies: Properties = {}
        if known.get("inlinePolicies"):
            names = iam.list_role_policies(RoleName=resource_id)["PolicyNames"]
            policies["inlinePolicies"] = [
                {"name": name, "policy": _inline(iam, resource_id, name)} for name in sorted(names)
            ]
        if known.get("managedPolicyArns"):
            attached = iam.list_attached_role_policies(RoleName=resource_id)["AttachedPolicies"]
            policies["managedPolicyArns"] = sorted(policy["PolicyArn"] for policy in attached)
        return {
            **_role(role),
            "forceDetachPolicies": known.get("forceDetachPolicies", False),
            **policies,
            **tag_properties(scope.session, tags, known),
        }

    def update(self, scope: Scope, resource_id: str, old: Properties, new: Properties) -> None:
        iam = scope.session.client("iam")
        if "assumeRolePolicy" in scope.changed:
            iam.update_assume_role_policy(RoleName=resource_id, PolicyDocument=new["assumeRolePolicy"])
        if scope.changed & {"description", "maxSessionDuration"}:
            iam.update_role(
                RoleName=resource_id,
                Description=new.get("description", ""),
                MaxSessionDuration=new.get("maxSessionDuration", 3600),
            )
        if "permissionsBoundary" in scope.changed:
            if boundary := new.get("permissionsBoundary"):
                iam.put_role_permissions_boundary(RoleName=resource_id, PermissionsBoundary=boundary)
            else:
                iam.delete_role_permissions_boundary(RoleName=resource_id)
        self._update_policies(scope, resource_id, old, new)
        if "tags" in scope.changed:
            replace_tags(
                as_tag_map(iam.list_role_tags(RoleName=resource_id)["Tags"]),
                scope.session.tags(new),
                lambda keys: iam.untag_role(RoleName=resource_id, TagKeys=keys),
                lambda tags: iam.tag_role(RoleName=resource_id, Tags=as_tag_list(tags)),
            )

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        iam = scope.session.client("iam")
        owned = {policy["name"] for policy in known.get("inlinePolicies", [])}
        arns = set(known.get("managedPolicyArns", []))
        if known.get("forceDetachPolicies"):
            owned |= set(iam.list_role_policies(RoleName=resource_id)["PolicyNames"])
            attached = iam.list_attached_role_policies(RoleName=resource_id)["AttachedPolicies"]
            arns |= {policy["PolicyArn"] for policy in attached}
        for name in sorted(owned):
            _if_there(partial(iam.delete_role_policy, RoleName=resource_id, PolicyName=name))
        for arn in sorted(arns):
            _if_there(partial(iam.detach_role_policy, RoleName=resource_id, PolicyArn=arn))
        iam.delete_role(RoleName=resource_id)

    def _update_policies(self, scope: Scope, resource_id: str, old: Properties, new: Properties) -> None:
        iam = scope.session.client("iam")
        if "inlinePolicies" in scope.changed:
            kept = {policy["name"] for policy in new.get("inlinePolicies", [])}
            for policy in old.get("inlinePolicies", []):
                if policy["name"] not in kept:
                    iam.delete_role_policy(RoleName=resource_id, PolicyName=policy["name"])
            for policy in new.get("inlinePolicies", []):
                _put_inline(iam, resource_id, policy)
        if "managedPolicyArns" in scope.changed:
            before, after = set(old.get("managedPolicyArns", [])), set(new.get("managedPolicyArns", []))
            for arn in sorted(before - after):
                iam.detach_role_policy(RoleName=resource_id, PolicyArn=arn)
            for arn in sorted(after - before):
                iam.attach_role_policy(RoleName=resource_id, PolicyArn=arn)


class RolePolicy(Resource):
    """aws.iam.RolePolicy"""

    type_name = "aws:iam/rolePolicy:RolePolicy"
    arguments = _NAMED | {"policy", "role"}
    required = frozenset({"policy", "role"})
    immutable = _NAMED | {"role"}
    naming = Naming("name", 128, "namePrefix")
    documents = frozenset({"policy"})
    regional = False

    def create(self, scope: Scope, inputs: Properties) -> str:
        _put_inline(scope.session.client("iam"), inputs["role"], inputs)
        return f"{inputs['role']}:{inputs['name']}"

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        role, _, name = resource_id.partition(":")
        return {"name": name, "policy": _inline(scope.session.client("iam"), role, name), "role": role}

    def update(self, scope: Scope, resource_id: str, old: Properties, new: Properties) -> None:
        _put_inline(scope.session.client("iam"), new["role"], new)

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        role, _, name = resource_id.partition(":")
        scope.session.client("iam").delete_role_policy(RoleName=role, PolicyName=name)


class RolePolicyAttachment(Resource):
    """aws.iam.RolePolicyAttachment"""

    type_name = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    arguments = frozenset({"policyArn", "role"})
    required = arguments
    immutable = arguments
    regional = False

    def create(self, scope: Scope, inputs: Properties) -> str:
        iam = scope.session.client("iam")
        iam.attach_role_policy(RoleName=inputs["role"], PolicyArn=inputs["policyArn"])
        return f"{inputs['role']}/{inputs['policyArn']}"

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        role, _, arn = resource_id.partition("/")
        pages = scope.session.client("iam").get_paginator("list_attached_role_policies").paginate(RoleName=role)
        attached = {policy["PolicyArn"] for page in pages for policy in page["AttachedPolicies"]}
        return {"policyArn": arn, "role": role} if arn in attached else None

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        role, _, arn = resource_id.partition("/")
        scope.session.client("iam").detach_role_policy(RoleName=role, PolicyArn=arn)


class Policy(Resource):
    """aws.iam.Policy"""

    type_name = "aws:iam/policy:Policy"
    arguments = _NAMED | {"delayAfterPolicyCreationInMs", "description", "path", "policy", "tags"}
    required = frozenset({"policy"})
    immutable = _NAMED | {"description", "path"}
    outputs = frozenset({"arn", "attachmentCount", "policyId", "tagsAll"})
    naming = Naming("name", 128, "namePrefix")
    documents = frozenset({"policy"})
    defaults: ClassVar[Properties] = {"path": "/"}
    regional = False
    tagged = True

    def create(self, scope: Scope, inputs: Properties) -> str:
        iam = scope.session.client("iam")
        answer = iam.create_policy(
            PolicyName=inputs["name"],
            PolicyDocument=inputs["policy"],
            Tags=as_tag_list(scope.session.tags(inputs)),
            **as_members(iam, "CreatePolicy", inputs, ("description", "path")),
        )
        return str(answer["Policy"]["Arn"])

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        policy = _policy(scope.session.client("iam"), resource_id)
        return {**policy, **tag_properties(scope.session, policy["tags"], known)}

    def update(self, scope: Scope, resource_id: str, old: Properties, new: Properties) -> None:
        iam = scope.session.client("iam")
        if "policy" in scope.changed:
            versions = iam.list_policy_versions(PolicyArn=resource_id)["Versions"]
            if len(versions) >= 5:  # IAM keeps five versions of a policy
                oldest = min(
                    (version for version in versions if not version["IsDefaultVersion"]),
                    key=lambda version: version["CreateDate"],
                )
                iam.delete_policy_version(PolicyArn=resource_id, VersionId=oldest["VersionId"])
            iam.create_policy_version(PolicyArn=resource_id, PolicyDocument=new["policy"], SetAsDefault=True)
        if "tags" in scope.changed:
            replace_tags(
                as_tag_map(iam.list_policy_tags(PolicyArn=resource_id)["Tags"]),
                scope.session.tags(new),
                lambda keys: iam.untag_policy(PolicyArn=resource_id, TagKeys=keys),
                lambda tags: iam.tag_policy(PolicyArn=resource_id, Tags=as_tag_list(tags)),
            )

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        iam = scope.session.client("iam")
        for version in iam.list_policy_versions(PolicyArn=resource_id)["Versions"]:
            if not version["IsDefaultVersion"]:
                iam.delete_policy_version(PolicyArn=resource_id, VersionId=version["VersionId"])
        iam.delete_policy(PolicyArn=resource_id)


def get_role(session: Session, arguments: Properties) -> Properties:
    """aws.iam.get_role"""
    iam = session.client("iam")
    role = iam.get_role(RoleName=arguments["name"])["Role"]
    described = _role(role)
    return {
        **described,
        "description": described["description"] or "",
        "id": role["RoleName"],
        "permissionsBoundary": described["permissionsBoundary"] or "",
        "roleLastUseds": [],
        "tags": as_tag_map(iam.list_role_tags(RoleName=role["RoleName"])["Tags"]),
    }


def get_policy(session: Session, arguments: Properties) -> Properties:
    """aws.iam.get_policy, by `arn` or `name`"""
    iam = session.client("iam")
    arn = arguments.get("arn")
    if arn is None:
        pages = iam.get_paginator("list_policies").paginate(PathPrefix=arguments.get("pathPrefix", "/"))
        found = [
            policy["Arn"]
            for page in pages
            for policy in page["Policies"]
            if policy["PolicyName"] == arguments.get("name")
        ]
        if len(found) != 1:
            raise LookupError(f"{len(found)} IAM policies have the name {arguments.get('name')!r}; one is needed.")
        arn = found[0]
    policy = _policy(iam, arn)
    return {**policy, "description": policy["description"] or "", "id": arn}


def _role(role: Members) -> Properties:
    """A role as pulumi-aws describes it, without its policies and tags."""
    return {
        "arn": role["Arn"],
        "assumeRolePolicy": _text(role["AssumeRolePolicyDocument"]),
        "createDate": role["CreateDate"].isoformat(),
        "description": role.get("Description") or None,
        "maxSessionDuration": role.get("MaxSessionDuration", 3600),
        "name": role["RoleName"],
        "path": role["Path"],
        "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        "uniqueId": role["RoleId"],
    }


def _policy(iam: Client, arn: str) -> Properties:
    """A managed policy with its default version, as pulumi-aws describes it."""
    policy = iam.get_policy(PolicyArn=arn)["Policy"]
    version = iam.get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"])["PolicyVersion"]
    return {
        "arn": arn,
        "attachmentCount": policy.get("AttachmentCount", 0),
        "description": policy.get("Description") or None,
        "name": policy["PolicyName"],
        "path": policy["Path"],
        "policy": _text(version["Document"]),
        "policyId": policy["PolicyId"],
        "tags": as_tag_map(policy.get("Tags", [])),
    }


def _put_inline(iam: Client, role: str, policy: Properties) -> None:
    iam.put_role_policy(RoleName=role, PolicyName=policy["name"], PolicyDocument=policy["policy"])


def _inline(iam: Client, role: str, name: str) -> str:
    return _text(iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"])


def _text(document: object) -> str:
    """botocore hands out policies as parsed documents, or as the URL-quoted text it could not parse."""
    return unquote(document) if isinstance(document, str) else json.dumps(document, separators=(",", ":"))


def _if_there(remove: Callable[[], object]) -> None:
    try:
        remove()
    except Exception as error:  # botocore makes the classes of its errors when it runs
        if not is_gone(error):
            raise
