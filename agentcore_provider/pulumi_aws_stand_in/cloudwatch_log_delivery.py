"""Deliveries of logs that services of AWS write: a source, a destination, and a delivery between them."""

from __future__ import annotations

from typing import ClassVar

from .model import Members
from .resource import Naming, Resource, Scope, replace_tags, tag_properties
from .session import Session
from .wire import Properties


class LogDeliverySource(Resource):
    """aws.cloudwatch.LogDeliverySource"""

    type_name = "aws:cloudwatch/logDeliverySource:LogDeliverySource"
    arguments = frozenset({"logType", "name", "region", "resourceArn", "tags"})
    required = frozenset({"logType", "resourceArn"})
    immutable = frozenset({"logType", "name", "resourceArn"})
    outputs = frozenset({"arn", "service", "tagsAll"})
    naming = Naming("name", 60)
    tagged = True

    def create(self, scope: Scope, inputs: Properties) -> str:
        members: Members = {key: inputs[key] for key in ("name", "logType", "resourceArn")}
        scope.session.client("logs").put_delivery_source(**members, **_tags(scope.session, inputs))
        return str(inputs["name"])

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        found = scope.session.client("logs").get_delivery_source(name=resource_id)["deliverySource"]
        return {
            "arn": found["arn"],
            "logType": found["logType"],
            "name": found["name"],
            "region": scope.session.region,
            "resourceArn": found["resourceArns"][0],
            "service": found["service"],
            **_read_tags(scope.session, found["arn"], known),
        }

    def update(self, scope: Scope, resource_id: str, old: Properties, new: Properties) -> None:
        _replace_tags(scope, self.read(scope, resource_id, new) or {}, new)

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        scope.session.client("logs").delete_delivery_source(name=resource_id)


class LogDeliveryDestination(Resource):
    """aws.cloudwatch.LogDeliveryDestination"""

    type_name = "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination"
    arguments = frozenset(
        {"deliveryDestinationConfiguration", "deliveryDestinationType", "name", "outputFormat", "region", "tags"}
    )
    immutable = frozenset({"deliveryDestinationConfiguration", "deliveryDestinationType", "name", "outputFormat"})
    outputs = frozenset({"arn", "tagsAll"})
    naming = Naming("name", 60)
    # Of the ARN of a log group.
    defaults: ClassVar[Properties] = {"deliveryDestinationType": "CWL"}
    tagged = True

    def create(self, scope: Scope, inputs: Properties) -> str:
        optional = ("deliveryDestinationConfiguration", "deliveryDestinationType", "outputFormat")
        members: Members = {key: inputs[key] for key in ("name", *optional) if key in inputs}
        scope.session.client("logs").put_delivery_destination(**members, **_tags(scope.session, inputs))
        return str(inputs["name"])

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        found = scope.session.client("logs").get_delivery_destination(name=resource_id)["deliveryDestination"]
        return {
            "arn": found["arn"],
            "deliveryDestinationConfiguration": found.get("deliveryDestinationConfiguration") or None,
            "deliveryDestinationType": found["deliveryDestinationType"],
            "name": found["name"],
            "outputFormat": found.get("outputFormat"),
            "region": scope.session.region,
            **_read_tags(scope.session, found["arn"], known),
        }

    def update(self, scope: Scope, resource_id: str, old: Properties, new: Properties) -> None:
        _replace_tags(scope, self.read(scope, resource_id, new) or {}, new)

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        scope.session.client("logs").delete_delivery_destination(name=resource_id)


class LogDelivery(Resource):
    """aws.cloudwatch.LogDelivery, without what only deliveries to S3 and Firehose have."""

    type_name = "aws:cloudwatch/logDelivery:LogDelivery"
    arguments = frozenset({"deliveryDestinationArn", "deliverySourceName", "region", "tags"})
    required = frozenset({"deliveryDestinationArn", "deliverySourceName"})
    immutable = frozenset({"deliveryDestinationArn", "deliverySourceName"})
    outputs = frozenset({"arn", "tagsAll"})
    tagged = True

    def create(self, scope: Scope, inputs: Properties) -> str:
        members: Members = {key: inputs[key] for key in ("deliveryDestinationArn", "deliverySourceName")}
        made = scope.session.client("logs").create_delivery(**members, **_tags(scope.session, inputs))
        return str(made["delivery"]["id"])

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        found = scope.session.client("logs").get_delivery(id=resource_id)["delivery"]
        return {
            "arn": found["arn"],
            "deliveryDestinationArn": found["deliveryDestinationArn"],
            "deliverySourceName": found["deliverySourceName"],
            "region": scope.session.region,
            **_read_tags(scope.session, found["arn"], known),
        }

    def update(self, scope: Scope, resource_id: str, old: Properties, new: Properties) -> None:
        _replace_tags(scope, self.read(scope, resource_id, new) or {}, new)

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        scope.session.client("logs").delete_delivery(id=resource_id)


def _tags(session: Session, inputs: Properties) -> Members:
    tags = session.tags(inputs)
    return {"tags": tags} if tags else {}


def _read_tags(session: Session, arn: str, known: Properties) -> Properties:
    return tag_properties(session, session.client("logs").list_tags_for_resource(resourceArn=arn)["tags"], known)


def _replace_tags(scope: Scope, current: Properties, new: Properties) -> None:
    logs, arn = scope.session.client("logs"), current["arn"]
    replace_tags(
        current["tagsAll"],
        scope.session.tags(new),
        lambda keys: logs.untag_resource(resourceArn=arn, tagKeys=keys),
        lambda tags: logs.tag_resource(resourceArn=arn, tags=tags),
    )
