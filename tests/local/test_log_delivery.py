"""Logs and traces of a gateway can be delivered: the calls that scripts make for it are answered as by CloudWatch."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.control_plane import ControlPlane


@pytest.mark.parametrize(("log_type", "kind"), [("APPLICATION_LOGS", "CWL"), ("TRACES", "XRAY")])
def test_a_gateway_is_the_source_of_a_delivery(local_aws: ControlPlane, log_type: str, kind: str) -> None:
    """Source, destination and delivery are made, found and taken away."""
    logs, arn, name = local_aws.client("logs"), local_aws.gateway()["gatewayArn"], local_aws.unique("delivery")
    source = logs.put_delivery_source(name=name, resourceArn=arn, logType=log_type)["deliverySource"]
    assert (source["service"], source["resourceArns"]) == ("bedrock-agentcore", [arn])
    logs.put_delivery_source(name=name, resourceArn=arn, logType=log_type)
    where: dict[str, Any] = {"deliveryDestinationType": kind}
    if kind == "CWL":
        group = f"arn:aws:logs:us-west-2:123456789012:log-group:/{name}"
        logs.create_log_group(logGroupName=f"/{name}")
        where["deliveryDestinationConfiguration"] = {"destinationResourceArn": group}
    destination = logs.put_delivery_destination(name=name, **where)["deliveryDestination"]["arn"]
    made = logs.create_delivery(deliverySourceName=name, deliveryDestinationArn=destination)["delivery"]
    assert name in [it["deliverySourceName"] for it in logs.describe_deliveries()["deliveries"]]
    logs.delete_delivery(id=made["id"])
    logs.delete_delivery_destination(name=name)
    logs.delete_delivery_source(name=name)


def test_what_cannot_be_delivered_is_refused(local_aws: ControlPlane) -> None:
    """Another type of log, and another gateway under a name that is taken."""
    logs, arn, name = local_aws.client("logs"), local_aws.gateway()["gatewayArn"], local_aws.unique("delivery")
    with pytest.raises(ClientError, match="ValidationException"):
        logs.put_delivery_source(name=name, resourceArn=arn, logType="ACCESS_LOGS")
    logs.put_delivery_source(name=name, resourceArn=arn, logType="TRACES")
    with pytest.raises(ClientError, match="ConflictException"):
        logs.put_delivery_source(name=name, resourceArn=f"{arn}x", logType="TRACES")
