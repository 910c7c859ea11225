"""GatewayObservability: a gateway's log in CloudWatch and its traces in X-Ray."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pulumi

from agentcore_provider.arguments import gateway_metrics
from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources import aws_access
from agentcore_provider.resources import pulumi_aws as aws

if TYPE_CHECKING:
    from agentcore_provider.resources.gateway import Gateway
    from agentcore_provider.resources.mcp_gateway import McpGateway

_GROUP = "/aws/vendedlogs/bedrock-agentcore/gateway/APPLICATION_LOGS"
_KINDS = {"logs": "APPLICATION_LOGS", "traces": "TRACES"}


class GatewayObservability(pulumi.ComponentResource):
    """Delivers what a gateway writes about each request: lines to a log group, and spans to X-Ray. On request, a dashboard and
    alarms about its metrics.

    The log has what agents are not shown, such as the status and body of a target's error. It contains the requests and
    responses of tools, so give it the protection that those need. Traces are stored once CloudWatch's Transaction Search
    is enabled in the account and Region. Log groups and X-Ray charge for what they store.

    Example:
        ```python
        GatewayObservability("shop", gateway=gateway, dashboard=True, alarms={"system_errors": 1, "latency": 5000})
        ```

    https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/observability-configure.html
    """

    log_group_name: pulumi.Output[str] | None
    """Name of the log group: that of the service's console, with the gateway's id. None without logs. Known once the gateway
    is created."""
    log_group_arn: pulumi.Output[str] | None
    """ARN of the log group; None without logs. Known once it is created."""
    dashboard_name: pulumi.Output[str] | None
    """Name of the dashboard: the gateway's id. None without it. Known once the gateway is created."""
    alarm_arns: dict[str, pulumi.Output[str]]
    """ARNs of the alarms by metric, such as system_errors. Known once they are created."""

    def __init__(
        self,
        resource_name: str,
        *,
        gateway: Gateway | McpGateway,
        logs: bool = True,
        traces: bool = True,
        retention_in_days: pulumi.Input[int] = 30,
        kms_key_id: pulumi.Input[str] | None = None,
        dashboard: bool = False,
        alarms: bool | Mapping[str, float] = False,
        alarm_actions: Sequence[pulumi.Input[str]] | None = None,
        tags: Mapping[str, pulumi.Input[str]] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """
        Args:
            resource_name: Logical name; all parts are called after it.
            gateway: The gateway, whose account and Region all of it goes to. Another one replaces the deliveries.
            logs: Whether the gateway's log is delivered. Default: yes. Updates in place: turned off, the log group is deleted with
                its log.
            traces: Whether its traces are delivered. Default: yes. Updates in place.
            retention_in_days: Days that the log is kept, one of the periods that CloudWatch offers, 1 to 3653, such as 7, 30, 90
                or 365; 0 for ever. Default: 30. Updates in place.
            kms_key_id: ARN of the key that encrypts the log group, whose policy has to allow CloudWatch Logs. Default: a key of
                AWS. Updates in place.
            dashboard: Whether CloudWatch gets a dashboard: requests by method and tool, errors, times, and the errors of the log.
                Default: no. Updates in place.
            alarms: Alarms about metrics within five minutes: metric to the value at which it alarms. Counts are invocations,
                throttles, system_errors and user_errors; averages in milliseconds are latency, duration and
                target_execution_time. True is {"system_errors": 1, "throttles": 1}. Default: none. Updates in place.
            alarm_actions: ARNs of what an alarm notifies when it begins and when it ends, such as a topic of SNS, up to 5. Default:
                none. Updates in place.
            tags: Tags of the log group, the deliveries and the alarms, up to 50. Updates in place.
            opts: Pulumi's resource options.

        Raises:
            InvalidInput: Nothing is to be observed, there is no such metric, or no gateway of this package.
        """
        label = f'GatewayObservability "{resource_name}"'
        if not hasattr(gateway, "gateway_arn") or not hasattr(gateway, "gateway_id"):
            raise InvalidInput(
                f"is a {type(gateway).__name__}", "Pass a Gateway or an McpGateway", path="gateway", label=label
            )
        try:
            thresholds = gateway_metrics.thresholds(
                logs=logs,
                traces=traces,
                dashboard=dashboard,
                alarms=alarms,
                alarm_actions=alarm_actions,
                retention_in_days=retention_in_days,
            )
        except InvalidInput as error:
            raise error.labelled(label) from None
        access = aws_access.find(
            GatewayObservability, resource_name, opts, inherited=getattr(gateway, "aws_access", None)
        )
        super().__init__("agentcore:index:GatewayObservability", resource_name, None, access.component(opts))
        self.aws_access = access
        self._resource_name, self._gateway, self._tags = resource_name, gateway, tags
        self.log_group_name = self.log_group_arn = self.dashboard_name = None
        if logs:
            group = aws.cloudwatch.LogGroup(
                resource_name,
                name=gateway.gateway_id.apply(lambda known: f"{_GROUP}/{known}"),
                retention_in_days=retention_in_days,
                kms_key_id=kms_key_id,
                tags=tags,
                opts=access.child(self),
                **access.arguments,
            )
            self.log_group_name, self.log_group_arn = group.name, group.arn
            self._deliver("logs", delivery_destination_configuration={"destination_resource_arn": group.arn})
        if traces:
            self._deliver("traces", delivery_destination_type="XRAY")
        if dashboard:
            self.dashboard_name = self._dashboard()
        self.alarm_arns = {name: self._alarm(name, it, alarm_actions) for name, it in thresholds.items()}
        outputs: dict[str, Any] = {
            "log_group_name": self.log_group_name,
            "log_group_arn": self.log_group_arn,
            "dashboard_name": self.dashboard_name,
            "alarm_arns": self.alarm_arns or None,
        }
        self.register_outputs({name: value for name, value in outputs.items() if value is not None})

    def _dashboard(self) -> pulumi.Output[str]:
        known = pulumi.Output.all(self._gateway.gateway_arn, self.log_group_name)
        return aws.cloudwatch.Dashboard(
            self._resource_name,
            dashboard_name=self._gateway.gateway_id,
            dashboard_body=known.apply(lambda it: json.dumps(gateway_metrics.dashboard(it[0], it[1]))),
            opts=self.aws_access.child(self),
            **self.aws_access.arguments,
        ).dashboard_name

    def _alarm(self, name: str, threshold: float, actions: Sequence[pulumi.Input[str]] | None) -> pulumi.Output[str]:
        metric = gateway_metrics.METRICS[name]
        # A metric of several dimensions has no value over all of them, and an alarm on one that is not published is silent.
        query = self._gateway.gateway_arn.apply(lambda arn: gateway_metrics.query(metric, arn))
        return aws.cloudwatch.MetricAlarm(
            f"{self._resource_name}-{name.replace('_', '-')}",
            alarm_description=self._gateway.gateway_id.apply(
                lambda it: f"Gateway {it}: {metric.meaning}, {threshold:g} or more in {gateway_metrics.PERIOD} seconds"
            ),
            comparison_operator="GreaterThanOrEqualToThreshold",
            evaluation_periods=1,
            threshold=threshold,
            treat_missing_data="notBreaching",
            metric_queries=[
                {
                    "id": "q",
                    "expression": query,
                    "label": metric.name,
                    "period": gateway_metrics.PERIOD,
                    "return_data": True,
                }
            ],
            alarm_actions=actions,
            ok_actions=actions,
            tags=self._tags,
            opts=self.aws_access.child(self),
            **self.aws_access.arguments,
        ).arn

    def _deliver(
        self,
        kind: str,
        *,
        delivery_destination_configuration: aws.cloudwatch.LogDeliveryDestinationDeliveryDestinationConfigurationArgsDict
        | None = None,
        delivery_destination_type: str | None = None,
    ) -> None:
        name = f"{self._resource_name}-{kind}"
        # A source that is replaced has the name of the old one, and a delivery holds on to both of its ends.
        child = self.aws_access.child(self, delete_before_replace=True)
        here = self.aws_access.arguments
        source = aws.cloudwatch.LogDeliverySource(
            name, log_type=_KINDS[kind], resource_arn=self._gateway.gateway_arn, tags=self._tags, opts=child, **here
        )
        destination = aws.cloudwatch.LogDeliveryDestination(
            name,
            delivery_destination_configuration=delivery_destination_configuration,
            delivery_destination_type=delivery_destination_type,
            tags=self._tags,
            opts=child,
            **here,
        )
        aws.cloudwatch.LogDelivery(
            name,
            delivery_source_name=source.name,
            delivery_destination_arn=destination.arn,
            tags=self._tags,
            opts=child,
            **here,
        )
