"""GatewayObservability: a gateway's log in CloudWatch and its traces in X-Ray."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources import aws_access
from agentcore_provider.resources import pulumi_aws as aws

if TYPE_CHECKING:
    from agentcore_provider.resources.gateway import Gateway
    from agentcore_provider.resources.mcp_gateway import McpGateway

_GROUP = "/aws/vendedlogs/bedrock-agentcore/gateway/APPLICATION_LOGS"
_KINDS = {"logs": "APPLICATION_LOGS", "traces": "TRACES"}


class GatewayObservability(pulumi.ComponentResource):
    """Delivers what a gateway writes about each request: lines to a log group, and spans to X-Ray.

    The log has what agents are not shown, such as the status and body of a target's error. It contains the requests and
    responses of tools, so give it the protection that those need. Traces are stored once CloudWatch's Transaction Search
    is enabled in the account and Region. Log groups and X-Ray charge for what they store.

    Example:
        ```python
        GatewayObservability("shop", gateway=gateway, retention_in_days=90)
        ```

    https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/observability-configure.html
    """

    log_group_name: pulumi.Output[str] | None
    """Name of the log group: that of the service's console, with the gateway's id. None without logs. Known once the gateway
    is created."""
    log_group_arn: pulumi.Output[str] | None
    """ARN of the log group; None without logs. Known once it is created."""

    def __init__(
        self,
        resource_name: str,
        *,
        gateway: Gateway | McpGateway,
        logs: bool = True,
        traces: bool = True,
        retention_in_days: pulumi.Input[int] = 30,
        kms_key_id: pulumi.Input[str] | None = None,
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
            tags: Tags of the log group and the deliveries, up to 50. Updates in place.
            opts: Pulumi's resource options.

        Raises:
            InvalidInput: Neither logs nor traces, or no gateway of this package.
        """
        label = f'GatewayObservability "{resource_name}"'
        if not hasattr(gateway, "gateway_arn") or not hasattr(gateway, "gateway_id"):
            raise InvalidInput(
                f"is a {type(gateway).__name__}", "Pass a Gateway or an McpGateway", path="gateway", label=label
            )
        for name, value in (("logs", logs), ("traces", traces)):
            if not isinstance(value, bool):
                raise InvalidInput(f"is a {type(value).__name__}", "Write True or False", path=name, label=label)
        if not logs and not traces:
            raise InvalidInput("delivers neither logs nor traces", "Leave it out, or deliver one", label=label)
        access = aws_access.find(
            GatewayObservability, resource_name, opts, inherited=getattr(gateway, "aws_access", None)
        )
        super().__init__("agentcore:index:GatewayObservability", resource_name, None, access.component(opts))
        self.aws_access = access
        self._resource_name, self._gateway, self._tags = resource_name, gateway, tags
        self.log_group_name = self.log_group_arn = None
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
        outputs = {"log_group_name": self.log_group_name, "log_group_arn": self.log_group_arn}
        self.register_outputs({name: value for name, value in outputs.items() if value is not None})

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
