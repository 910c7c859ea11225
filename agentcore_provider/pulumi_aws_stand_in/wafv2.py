"""AWS WAF: web ACLs, and which resource one is in front of."""

from __future__ import annotations

from typing import Any

from .resource import Naming, Resource, Scope, as_tag_list, as_tag_map, replace_tags, tag_properties
from .session import Client
from .wire import Properties

_SETTINGS = ("defaultAction", "rules", "visibilityConfig")
# Properties whose members are not the same with a capital; and back.
_MEMBERS = {
    "arn": "ARN",
    "cloudwatchMetricsEnabled": "CloudWatchMetricsEnabled",
    "forwardedIpConfig": "ForwardedIPConfig",
    "ipSetForwardedIpConfig": "IPSetForwardedIPConfig",
    "ipSetReferenceStatement": "IPSetReferenceStatement",
}
_PROPERTIES = {member: name for name, member in _MEMBERS.items()}


class WebAcl(Resource):
    """aws.wafv2.WebAcl; local AWS stores it, and lets every request pass."""

    type_name = "aws:wafv2/webAcl:WebAcl"
    arguments = frozenset({*_SETTINGS, "description", "name", "namePrefix", "region", "scope", "tags"})
    required = frozenset({"defaultAction", "scope", "visibilityConfig"})
    immutable = frozenset({"name", "namePrefix", "scope"})
    outputs = frozenset({"arn", "capacity", "lockToken", "tagsAll"})
    naming = Naming("name", 128, "namePrefix")
    unordered = frozenset({"rules"})
    choices = frozenset({"defaultAction"})
    tagged = True

    def renewed(self, changed: frozenset[str]) -> frozenset[str]:
        return frozenset({"capacity", "lockToken"}) if changed - {"tags"} else frozenset()

    def create(self, scope: Scope, inputs: Properties) -> str:
        tags = scope.session.tags(inputs)
        optional = {"Tags": as_tag_list(tags)} if tags else {}
        answer = scope.session.client("wafv2").create_web_acl(
            Name=inputs["name"], Scope=inputs["scope"], **_settings(inputs), **optional
        )
        return str(answer["Summary"]["Id"])

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        client = scope.session.client("wafv2")
        # An import names it as ID/NAME/SCOPE.
        acl_id, _, rest = resource_id.partition("/")
        name, _, acl_scope = rest.partition("/")
        name, acl_scope = known.get("name", name), known.get("scope", acl_scope)
        answer = client.get_web_acl(Name=name, Scope=acl_scope, Id=acl_id)
        found = answer["WebACL"]
        tags = client.list_tags_for_resource(ResourceARN=found["ARN"])["TagInfoForResource"]["TagList"]
        return {
            "arn": found["ARN"],
            "capacity": found["Capacity"],
            "defaultAction": _as_properties(found["DefaultAction"]),
            "description": found.get("Description") or None,
            "lockToken": answer["LockToken"],
            "name": found["Name"],
            "region": scope.session.region,
            "rules": _as_properties(found.get("Rules")) or None,
            "scope": acl_scope,
            "visibilityConfig": _as_properties(found["VisibilityConfig"]),
            **tag_properties(scope.session, as_tag_map(tags), known),
        }

    def update(self, scope: Scope, resource_id: str, old: Properties, new: Properties) -> None:
        client = scope.session.client("wafv2")
        found = self._found(client, resource_id, new)
        if scope.changed & {*_SETTINGS, "description"}:
            client.update_web_acl(**found["names"], LockToken=found["lock"], **_settings(new))
        if "tags" in scope.changed:
            listed = client.list_tags_for_resource(ResourceARN=found["arn"])["TagInfoForResource"]["TagList"]
            replace_tags(
                as_tag_map(listed),
                scope.session.tags(new),
                lambda keys: client.untag_resource(ResourceARN=found["arn"], TagKeys=keys),
                lambda tags: client.tag_resource(ResourceARN=found["arn"], Tags=as_tag_list(tags)),
            )

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        client = scope.session.client("wafv2")
        found = self._found(client, resource_id, known)
        client.delete_web_acl(**found["names"], LockToken=found["lock"])

    def _found(self, client: Client, resource_id: str, properties: Properties) -> dict[str, Any]:
        names = {"Name": properties["name"], "Scope": properties["scope"], "Id": resource_id.partition("/")[0]}
        answer = client.get_web_acl(**names)
        return {"names": names, "lock": answer["LockToken"], "arn": answer["WebACL"]["ARN"]}


def _settings(inputs: Properties) -> dict[str, Any]:
    """The members of a create and an update, which replaces all of them."""
    given = {"Description": inputs["description"]} if inputs.get("description") else {}
    return {**given, "Rules": [], **{_member(name): _as_members(inputs[name]) for name in _SETTINGS if name in inputs}}


def _as_members(value: Any) -> Any:
    """A value of pulumi-aws with AWS's names, empty structures such as `allow: {}` included."""
    if isinstance(value, dict):
        return {_member(name): _as_members(item) for name, item in value.items()}
    return [_as_members(item) for item in value] if isinstance(value, list) else value


def _as_properties(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            _PROPERTIES.get(name, name[:1].lower() + name[1:]): _as_properties(item) for name, item in value.items()
        }
    if isinstance(value, bytes):
        return value.decode()
    return [_as_properties(item) for item in value] if isinstance(value, list) else value


def _member(name: str) -> str:
    return _MEMBERS.get(name, name[:1].upper() + name[1:])


class WebAclAssociation(Resource):
    """aws.wafv2.WebAclAssociation"""

    type_name = "aws:wafv2/webAclAssociation:WebAclAssociation"
    arguments = frozenset({"region", "resourceArn", "webAclArn"})
    required = frozenset({"resourceArn", "webAclArn"})
    immutable = frozenset({"resourceArn", "webAclArn"})

    def create(self, scope: Scope, inputs: Properties) -> str:
        # AWS replaces the association that the resource has; moto would keep both.
        client = scope.session.client("wafv2")
        client.disassociate_web_acl(ResourceArn=inputs["resourceArn"])
        client.associate_web_acl(WebACLArn=inputs["webAclArn"], ResourceArn=inputs["resourceArn"])
        return f"{inputs['webAclArn']},{inputs['resourceArn']}"

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        web_acl, _, resource = resource_id.partition(",")
        found = scope.session.client("wafv2").get_web_acl_for_resource(ResourceArn=resource).get("WebACL")
        if not found or found["ARN"] != web_acl:
            return None
        return {"region": scope.session.region, "resourceArn": resource, "webAclArn": web_acl}

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        scope.session.client("wafv2").disassociate_web_acl(ResourceArn=resource_id.partition(",")[2])
