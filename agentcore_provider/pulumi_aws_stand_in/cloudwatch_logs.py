"""CloudWatch log groups."""

from __future__ import annotations

from typing import ClassVar

from .model import Members
from .resource import Naming, Resource, Scope, replace_tags, tag_properties, undone_on_failure
from .wire import Properties


class LogGroup(Resource):
    """aws.cloudwatch.LogGroup"""

    type_name = "aws:cloudwatch/logGroup:LogGroup"
    arguments = frozenset(
        {"kmsKeyId", "logGroupClass", "name", "namePrefix", "region", "retentionInDays", "skipDestroy", "tags"}
    )
    immutable = frozenset({"logGroupClass", "name", "namePrefix"})
    outputs = frozenset({"arn", "tagsAll"})
    naming = Naming("name", 512, "namePrefix")
    defaults: ClassVar[Properties] = {"retentionInDays": 0, "logGroupClass": "STANDARD"}
    tagged = True

    def create(self, scope: Scope, inputs: Properties) -> str:
        logs = scope.session.client("logs")
        name: str = inputs["name"]
        optional: Members = {key: inputs[key] for key in ("kmsKeyId", "logGroupClass") if key in inputs}
        if tags := scope.session.tags(inputs):
            optional["tags"] = tags
        logs.create_log_group(logGroupName=name, **optional)
        with undone_on_failure(lambda: logs.delete_log_group(logGroupName=name)):
            if inputs.get("retentionInDays"):
                logs.put_retention_policy(logGroupName=name, retentionInDays=inputs["retentionInDays"])
        return name

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        logs = scope.session.client("logs")
        pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=resource_id)
        groups = [group for page in pages for group in page["logGroups"] if group["logGroupName"] == resource_id]
        if not groups:
            return None
        arn = groups[0]["arn"].removesuffix(":*")
        return {
            "arn": arn,
            "kmsKeyId": groups[0].get("kmsKeyId"),
            "logGroupClass": groups[0].get("logGroupClass", "STANDARD"),
            "name": resource_id,
            "region": scope.session.region,
            "retentionInDays": groups[0].get("retentionInDays", 0),
            "skipDestroy": known.get("skipDestroy", False),
            **tag_properties(scope.session, logs.list_tags_for_resource(resourceArn=arn)["tags"], known),
        }

    def update(self, scope: Scope, resource_id: str, old: Properties, new: Properties) -> None:
        logs = scope.session.client("logs")
        if "retentionInDays" in scope.changed:
            if days := new.get("retentionInDays"):
                logs.put_retention_policy(logGroupName=resource_id, retentionInDays=days)
            else:
                logs.delete_retention_policy(logGroupName=resource_id)
        if "kmsKeyId" in scope.changed:
            if key := new.get("kmsKeyId"):
                logs.associate_kms_key(logGroupName=resource_id, kmsKeyId=key)
            else:
                logs.disassociate_kms_key(logGroupName=resource_id)
        if "tags" in scope.changed:
            current = self.read(scope, resource_id, new) or {}
            replace_tags(
                current["tagsAll"],
                scope.session.tags(new),
                lambda keys: logs.untag_resource(resourceArn=current["arn"], tagKeys=keys),
                lambda tags: logs.tag_resource(resourceArn=current["arn"], tags=tags),
            )

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        if not known.get("skipDestroy"):
            scope.session.client("logs").delete_log_group(logGroupName=resource_id)
