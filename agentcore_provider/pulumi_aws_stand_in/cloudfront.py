"""Distributions of CloudFront."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

from .model import Members
from .resource import Resource, Scope, as_tag_list, as_tag_map, replace_tags, tag_properties
from .session import Client
from .wire import Properties

if TYPE_CHECKING:
    from botocore.model import Shape

_SETTINGS = (
    *("aliases", "comment", "defaultCacheBehavior", "enabled", "httpVersion", "isIpv6Enabled", "origins"),
    *("priceClass", "restrictions", "viewerCertificate", "webAclId"),
)
_RENAMED = {"originId": "id", "locations": "items"}
ZONE = "Z2FDTNDATAQYW2"
"""The hosted zone of every distribution's domain."""


class Distribution(Resource):
    """aws.cloudfront.Distribution with one behavior. Local AWS stores it, and sends no request through it.

    Of settings below the top only the state is compared.
    """

    type_name = "aws:cloudfront/distribution:Distribution"
    arguments = frozenset({*_SETTINGS, "tags"})
    required = frozenset({"defaultCacheBehavior", "enabled", "origins", "restrictions", "viewerCertificate"})
    outputs = frozenset({"arn", "domainName", "hostedZoneId", "status", "tagsAll"})
    defaults: ClassVar[Properties] = {"httpVersion": "http2", "priceClass": "PriceClass_All"}
    unordered = frozenset({"aliases", "allowedMethods", "cachedMethods"})
    regional = False
    tagged = True

    def create(self, scope: Scope, inputs: Properties) -> str:
        client = scope.session.client("cloudfront")
        settings = {**_config(client, inputs), "CallerReference": uuid4().hex}
        tags = {"Items": as_tag_list(scope.session.tags(inputs))}
        made = client.create_distribution_with_tags(
            DistributionConfigWithTags={"DistributionConfig": settings, "Tags": tags}
        )
        return str(made["Distribution"]["Id"])

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        client = scope.session.client("cloudfront")
        found = client.get_distribution(Id=resource_id)["Distribution"]
        config = found["DistributionConfig"]
        return {
            "aliases": config["Aliases"].get("Items") or None,
            "arn": found["ARN"],
            "comment": config.get("Comment") or None,
            "domainName": found["DomainName"],
            "enabled": config["Enabled"],
            "hostedZoneId": ZONE,
            "status": found["Status"],
            **tag_properties(scope.session, _tags(client, found["ARN"]), known),
        }

    def update(self, scope: Scope, resource_id: str, old: Properties, new: Properties) -> None:
        client = scope.session.client("cloudfront")
        found = client.get_distribution(Id=resource_id)
        reference = found["Distribution"]["DistributionConfig"]["CallerReference"]
        settings = {**_config(client, new), "CallerReference": reference}
        client.update_distribution(Id=resource_id, IfMatch=found["ETag"], DistributionConfig=settings)
        arn = found["Distribution"]["ARN"]
        replace_tags(
            _tags(client, arn),
            scope.session.tags(new),
            lambda keys: client.untag_resource(Resource=arn, TagKeys={"Items": keys}),
            lambda tags: client.tag_resource(Resource=arn, Tags={"Items": as_tag_list(tags)}),
        )

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        client = scope.session.client("cloudfront")
        client.delete_distribution(Id=resource_id, IfMatch=client.get_distribution(Id=resource_id)["ETag"])


def _tags(client: Client, arn: str) -> dict[str, str]:
    return as_tag_map(client.list_tags_for_resource(Resource=arn)["Tags"].get("Items", []))


def _config(client: Client, inputs: Properties) -> Members:
    """AWS's DistributionConfig. Raises ValueError for a setting that it does not have."""
    shape = client.meta.service_model.shape_for("DistributionConfig")
    given = {"comment": "", **{name: inputs[name] for name in _SETTINGS if name in inputs}}
    behavior = dict(given["defaultCacheBehavior"])
    cached = behavior.pop("cachedMethods", [])
    methods = behavior.pop("allowedMethods", [])
    config: Members = _members({**given, "defaultCacheBehavior": behavior}, shape)
    config["DefaultCacheBehavior"]["AllowedMethods"] = {**_counted(methods), "CachedMethods": _counted(cached)}
    return config


def _members(value: Any, shape: Shape) -> Any:
    if shape.type_name != "structure":
        return value
    if isinstance(value, list):
        return _counted([_members(it, shape.members["Items"].member) for it in value])
    members = {member.lower(): member for member in shape.members}
    found: Members = {}
    for name, item in value.items():
        member = members.get(_RENAMED.get(name, name).lower())
        if member is None:
            raise ValueError(f"the stand-in does not know {name} of a distribution")
        found[member] = _members(item, shape.members[member])
    if "Quantity" in shape.members:
        found["Quantity"] = len(found.get("Items", ()))
    return found


def _counted(items: list[Any]) -> Members:
    return {"Quantity": len(items), "Items": items}
