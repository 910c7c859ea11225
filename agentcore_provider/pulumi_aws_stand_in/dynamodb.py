"""DynamoDB tables: keys, indexes, capacity, streams, expiry, tags."""

from __future__ import annotations

from typing import ClassVar

from .model import Members
from .resource import Naming, Resource, Scope, as_tag_list, as_tag_map, replace_tags, tag_properties, undone_on_failure
from .session import Client
from .wire import Properties

_CAPACITY = frozenset({"billingMode", "readCapacity", "writeCapacity"})
_STREAM = frozenset({"streamEnabled", "streamViewType"})


class Table(Resource):
    """aws.dynamodb.Table"""

    type_name = "aws:dynamodb/table:Table"
    arguments = (
        _CAPACITY
        | _STREAM
        | {
            "attributes",
            "deletionProtectionEnabled",
            "globalSecondaryIndexes",
            "hashKey",
            "localSecondaryIndexes",
            "name",
            "pointInTimeRecovery",
            "rangeKey",
            "region",
            "tableClass",
            "tags",
            "ttl",
        }
    )
    # Indexes of a local table are cheap to create again, so their change replaces it too.
    immutable = frozenset({"globalSecondaryIndexes", "hashKey", "localSecondaryIndexes", "name", "rangeKey"})
    outputs = frozenset({"arn", "streamArn", "streamLabel", "tagsAll"})
    naming = Naming("name", 255)
    unordered = frozenset({"attributes", "globalSecondaryIndexes", "localSecondaryIndexes", "nonKeyAttributes"})
    defaults: ClassVar[Properties] = {
        "billingMode": "PROVISIONED",
        "deletionProtectionEnabled": False,
        "pointInTimeRecovery": {"enabled": False},
        "readCapacity": 0,
        "streamEnabled": False,
        "writeCapacity": 0,
    }
    tagged = True

    def create(self, scope: Scope, inputs: Properties) -> str:
        client = scope.session.client("dynamodb")
        name: str = inputs["name"]
        members: Members = {
            "TableName": name,
            "AttributeDefinitions": _attributes(inputs),
            "KeySchema": _keys(inputs),
            "Tags": as_tag_list(scope.session.tags(inputs)),
            "DeletionProtectionEnabled": inputs.get("deletionProtectionEnabled", False),
            **_capacity(inputs),
        }
        for key, member in (
            ("globalSecondaryIndexes", "GlobalSecondaryIndexes"),
            ("localSecondaryIndexes", "LocalSecondaryIndexes"),
        ):
            if inputs.get(key):
                members[member] = [_index(index, inputs, key) for index in inputs[key]]
        if inputs.get("streamEnabled"):
            members["StreamSpecification"] = _stream(inputs)
        if "tableClass" in inputs:
            members["TableClass"] = inputs["tableClass"]
        client.create_table(**members)
        client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
        with undone_on_failure(lambda: client.delete_table(TableName=name)):
            self._settings(client, name, inputs, frozenset(inputs))
        return name

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        client = scope.session.client("dynamodb")
        table = client.describe_table(TableName=resource_id)["Table"]
        keys = {key["KeyType"]: key["AttributeName"] for key in table["KeySchema"]}
        ttl = client.describe_time_to_live(TableName=resource_id)["TimeToLiveDescription"]
        backups = client.describe_continuous_backups(TableName=resource_id)["ContinuousBackupsDescription"]
        recovery = backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
        stream = table.get("StreamSpecification") or {}
        capacity = table.get("ProvisionedThroughput") or {}
        tags = client.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
        return {
            "arn": table["TableArn"],
            "attributes": [
                {"name": attribute["AttributeName"], "type": attribute["AttributeType"]}
                for attribute in table["AttributeDefinitions"]
            ],
            "billingMode": (table.get("BillingModeSummary") or {}).get("BillingMode", "PROVISIONED"),
            "deletionProtectionEnabled": table.get("DeletionProtectionEnabled", False),
            "hashKey": keys.get("HASH"),
            "name": resource_id,
            "pointInTimeRecovery": {"enabled": recovery == "ENABLED"},
            "rangeKey": keys.get("RANGE"),
            "readCapacity": capacity.get("ReadCapacityUnits", 0),
            "region": scope.session.region,
            "streamArn": table.get("LatestStreamArn", ""),
            "streamEnabled": stream.get("StreamEnabled", False),
            "streamLabel": table.get("LatestStreamLabel", ""),
            "streamViewType": stream.get("StreamViewType") or None,
            "ttl": _expiry(ttl),
            "writeCapacity": capacity.get("WriteCapacityUnits", 0),
            **tag_properties(scope.session, as_tag_map(tags), known),
        }

    def update(self, scope: Scope, resource_id: str, old: Properties, new: Properties) -> None:
        client = scope.session.client("dynamodb")
        members: Members = {}
        if scope.changed & _CAPACITY:
            members |= _capacity(new)
        if scope.changed & {"attributes"}:
            members["AttributeDefinitions"] = _attributes(new)
        if scope.changed & _STREAM:
            members["StreamSpecification"] = _stream(new)
        if "deletionProtectionEnabled" in scope.changed:
            members["DeletionProtectionEnabled"] = new.get("deletionProtectionEnabled", False)
        if "tableClass" in scope.changed:
            members["TableClass"] = new.get("tableClass", "STANDARD")
        if members:
            client.update_table(TableName=resource_id, **members)
            client.get_waiter("table_exists").wait(TableName=resource_id, WaiterConfig={"Delay": 1})
        self._settings(client, resource_id, {**_disabled(old), **new}, scope.changed)
        if "tags" in scope.changed:
            arn = client.describe_table(TableName=resource_id)["Table"]["TableArn"]
            replace_tags(
                as_tag_map(client.list_tags_of_resource(ResourceArn=arn)["Tags"]),
                scope.session.tags(new),
                lambda keys: client.untag_resource(ResourceArn=arn, TagKeys=keys),
                lambda tags: client.tag_resource(ResourceArn=arn, Tags=as_tag_list(tags)),
            )

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        client = scope.session.client("dynamodb")
        client.delete_table(TableName=resource_id)
        client.get_waiter("table_not_exists").wait(TableName=resource_id, WaiterConfig={"Delay": 1})

    def _settings(self, client: Client, name: str, inputs: Properties, changed: frozenset[str]) -> None:
        """What CreateTable does not take."""
        ttl = inputs.get("ttl", {})
        if "ttl" in changed and ttl.get("attributeName"):
            client.update_time_to_live(
                TableName=name,
                TimeToLiveSpecification={
                    "Enabled": ttl.get("enabled", False),
                    "AttributeName": ttl["attributeName"],
                },
            )
        if "pointInTimeRecovery" in changed:
            client.update_continuous_backups(
                TableName=name,
                PointInTimeRecoverySpecification={
                    "PointInTimeRecoveryEnabled": inputs.get("pointInTimeRecovery", {}).get("enabled", False)
                },
            )


def _attributes(inputs: Properties) -> list[dict[str, str]]:
    return [
        {"AttributeName": attribute["name"], "AttributeType": attribute["type"]}
        for attribute in inputs.get("attributes", [])
    ]


def _keys(inputs: Properties) -> list[dict[str, str]]:
    keys = (("hashKey", "HASH"), ("rangeKey", "RANGE"))
    return [{"AttributeName": inputs[key], "KeyType": kind} for key, kind in keys if key in inputs]


def _throughput(inputs: Properties) -> dict[str, int]:
    return {
        "ReadCapacityUnits": inputs.get("readCapacity", 1),
        "WriteCapacityUnits": inputs.get("writeCapacity", 1),
    }


def _capacity(inputs: Properties) -> Members:
    mode = inputs.get("billingMode", "PROVISIONED")
    if mode == "PAY_PER_REQUEST":
        return {"BillingMode": mode}
    return {"BillingMode": mode, "ProvisionedThroughput": _throughput(inputs)}


def _index(index: Properties, table: Properties, kind: str) -> Members:
    keys = {"hashKey": table.get("hashKey"), **index}
    projection: Members = {"ProjectionType": index["projectionType"]}
    if index.get("nonKeyAttributes"):
        projection["NonKeyAttributes"] = index["nonKeyAttributes"]
    members: Members = {"IndexName": index["name"], "KeySchema": _keys(keys), "Projection": projection}
    if kind == "globalSecondaryIndexes" and table.get("billingMode") != "PAY_PER_REQUEST":
        members["ProvisionedThroughput"] = _throughput(index)
    return members


def _stream(inputs: Properties) -> Members:
    if not inputs.get("streamEnabled"):
        return {"StreamEnabled": False}
    return {"StreamEnabled": True, "StreamViewType": inputs.get("streamViewType", "NEW_AND_OLD_IMAGES")}


def _expiry(described: Members) -> Properties | None:
    if not described.get("AttributeName"):
        return None
    enabled = described["TimeToLiveStatus"] in {"ENABLED", "ENABLING"}
    return {"attributeName": described["AttributeName"], "enabled": enabled} if enabled else None


def _disabled(old: Properties) -> Properties:
    """The settings of the old inputs, switched off: what holds when the new inputs leave them out."""
    return {"ttl": {**old["ttl"], "enabled": False}} if "ttl" in old else {}
