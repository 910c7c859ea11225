"""CloudWatch dashboards and alarms."""

from __future__ import annotations

from typing import ClassVar

from .model import Members, as_members, as_properties
from .resource import Naming, Resource, Scope, as_tag_list, as_tag_map, replace_tags, tag_properties
from .session import Client
from .wire import Properties

# Arguments of an alarm that PutMetricAlarm has under the same name.
_SAME = (
    *("actionsEnabled", "alarmActions", "alarmDescription", "comparisonOperator", "datapointsToAlarm"),
    *("evaluationPeriods", "extendedStatistic", "insufficientDataActions", "metricName", "namespace"),
    *("period", "statistic", "threshold", "treatMissingData", "unit"),
)


class Dashboard(Resource):
    """aws.cloudwatch.Dashboard"""

    type_name = "aws:cloudwatch/dashboard:Dashboard"
    arguments = frozenset({"dashboardBody", "dashboardName", "region"})
    required = frozenset({"dashboardBody", "dashboardName"})
    immutable = frozenset({"dashboardName"})
    outputs = frozenset({"dashboardArn"})
    documents = frozenset({"dashboardBody"})

    def create(self, scope: Scope, inputs: Properties) -> str:
        name: str = inputs["dashboardName"]
        scope.session.client("cloudwatch").put_dashboard(DashboardName=name, DashboardBody=inputs["dashboardBody"])
        return name

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        found = scope.session.client("cloudwatch").get_dashboard(DashboardName=resource_id)
        return {
            "dashboardArn": found["DashboardArn"],
            "dashboardBody": found["DashboardBody"],
            "dashboardName": resource_id,
            "region": scope.session.region,
        }

    def update(self, scope: Scope, resource_id: str, old: Properties, new: Properties) -> None:
        self.create(scope, new)

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        scope.session.client("cloudwatch").delete_dashboards(DashboardNames=[resource_id])


class MetricAlarm(Resource):
    """aws.cloudwatch.MetricAlarm; of metric queries those with an expression."""

    type_name = "aws:cloudwatch/metricAlarm:MetricAlarm"
    arguments = frozenset({*_SAME, "dimensions", "metricQueries", "name", "okActions", "region", "tags"})
    required = frozenset({"comparisonOperator", "evaluationPeriods"})
    immutable = frozenset({"name"})
    outputs = frozenset({"arn", "tagsAll"})
    naming = Naming("name", 255)
    defaults: ClassVar[Properties] = {"actionsEnabled": True, "treatMissingData": "missing"}
    unordered = frozenset({"alarmActions", "insufficientDataActions", "okActions"})
    tagged = True

    def create(self, scope: Scope, inputs: Properties) -> str:
        client = scope.session.client("cloudwatch")
        tags = scope.session.tags(inputs)
        client.put_metric_alarm(**_members(client, inputs), **({"Tags": as_tag_list(tags)} if tags else {}))
        return str(inputs["name"])

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        client = scope.session.client("cloudwatch")
        alarms = client.describe_alarms(AlarmNames=[resource_id])["MetricAlarms"]
        if not alarms:
            return None
        found = as_properties(alarms[0])
        dimensions = {it["name"]: it["value"] for it in found.get("dimensions", ())}
        tags = client.list_tags_for_resource(ResourceARN=alarms[0]["AlarmArn"])["Tags"]
        return {
            **{name: found.get(name) for name in _SAME},
            "arn": alarms[0]["AlarmArn"],
            "dimensions": dimensions or None,
            "metricQueries": found.get("metrics"),
            "name": resource_id,
            "okActions": found.get("oKActions"),
            "region": scope.session.region,
            **tag_properties(scope.session, as_tag_map(tags), known),
        }

    def update(self, scope: Scope, resource_id: str, old: Properties, new: Properties) -> None:
        client = scope.session.client("cloudwatch")
        client.put_metric_alarm(**_members(client, {**new, "name": resource_id}))
        if "tags" in scope.changed:
            arn = (self.read(scope, resource_id, new) or {})["arn"]
            replace_tags(
                as_tag_map(client.list_tags_for_resource(ResourceARN=arn)["Tags"]),
                scope.session.tags(new),
                lambda keys: client.untag_resource(ResourceARN=arn, TagKeys=keys),
                lambda tags: client.tag_resource(ResourceARN=arn, Tags=as_tag_list(tags)),
            )

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        scope.session.client("cloudwatch").delete_alarms(AlarmNames=[resource_id])


def _members(client: Client, inputs: Properties) -> Members:
    """PutMetricAlarm's request, which replaces all settings of an alarm."""
    dimensions = [{"Name": name, "Value": value} for name, value in inputs.get("dimensions", {}).items()]
    renamed = {"oKActions": inputs.get("okActions"), "metrics": inputs.get("metricQueries")}
    given = {"actionsEnabled": True, **inputs, **{name: it for name, it in renamed.items() if it is not None}}
    return {
        "AlarmName": inputs["name"],
        **as_members(client, "PutMetricAlarm", given, (*_SAME, *renamed)),
        **({"Dimensions": dimensions} if dimensions else {}),
    }
