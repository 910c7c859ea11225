"""Logs and traces of a gateway in CloudWatch: a source, a destination and a delivery between them, for each.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/observability-configure.html
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateDelivery.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agentcore_provider.aws.connection import Connection
from agentcore_provider.errors import AwsRefused

LOGS = "logs"
# Names that the starter toolkit gives them, so that either can turn off what the other turned on.
_LOG_TYPES = {"logs": "APPLICATION_LOGS", "traces": "TRACES"}
_EXISTS = ("ResourceAlreadyExistsException", "ConflictException")


def log_group(gateway_id: str) -> str:
    """Where the gateway's logs go."""
    return f"/aws/vendedlogs/bedrock-agentcore/gateway/APPLICATION_LOGS/{gateway_id}"


def enable(connection: Connection, gateway_id: str, gateway_arn: str, kind: str) -> dict[str, str]:
    """Deliver the gateway's "logs" to its log group, or its "traces" to X-Ray; what is delivered already is fine.

    Returns {"delivery_id", "source_name", "destination_name"}. Raises what a call raises.
    """
    source, destination = _names(gateway_id, kind)
    target: dict[str, Any] = {"deliveryDestinationType": "XRAY"}
    if kind == "logs":
        group = log_group(gateway_id)
        _unless(_EXISTS, connection, "CreateLogGroup", logGroupName=group)
        # arn:PARTITION:bedrock-agentcore:REGION:ACCOUNT:gateway/ID
        partition, _, region, account = gateway_arn.split(":")[1:5]
        arn = f"arn:{partition}:logs:{region}:{account}:log-group:{group}"
        place = {"destinationResourceArn": arn}
        target = {"deliveryDestinationType": "CWL", "deliveryDestinationConfiguration": place}
    connection.call("PutDeliverySource", service=LOGS, name=source, logType=_LOG_TYPES[kind], resourceArn=gateway_arn)
    made = connection.call("PutDeliveryDestination", service=LOGS, name=destination, **target)
    destination_arn = made["deliveryDestination"]["arn"]
    delivery = _unless(
        _EXISTS, connection, "CreateDelivery", deliverySourceName=source, deliveryDestinationArn=destination_arn
    )
    found = delivery["delivery"] if delivery else next(iter(_deliveries(connection, source)), {})
    return {"delivery_id": str(found.get("id", "")), "source_name": source, "destination_name": destination}


def disable(connection: Connection, gateway_id: str, kind: str) -> list[str]:
    """Take away the delivery with its source and destination; returns what was deleted, nothing where nothing was.

    The log group stays. Raises what a call raises.
    """
    source, destination = _names(gateway_id, kind)
    deleted = []
    # A source that a delivery uses cannot be deleted.
    for delivery in _deliveries(connection, source):
        connection.call("DeleteDelivery", service=LOGS, id=delivery["id"])
        deleted.append(f"delivery:{delivery['id']}")
    for noun, name in (("Source", source), ("Destination", destination)):
        if _unless(("ResourceNotFoundException",), connection, f"DeleteDelivery{noun}", name=name) is not None:
            deleted.append(f"{noun.lower()}:{name}")
    return deleted


def delete_log_group(connection: Connection, gateway_id: str) -> list[str]:
    """Delete the log group with its logs; returns what was deleted. Raises what a call raises."""
    group = log_group(gateway_id)
    gone = _unless(("ResourceNotFoundException",), connection, "DeleteLogGroup", logGroupName=group)
    return [] if gone is None else [f"log_group:{group}"]


def _names(gateway_id: str, kind: str) -> tuple[str, str]:
    return f"{gateway_id}-{kind}-source", f"{gateway_id}-{kind}-destination"


def _deliveries(connection: Connection, source: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    page: dict[str, Any] = {}
    while True:
        answer = connection.call("DescribeDeliveries", service=LOGS, **page)
        found += [it for it in answer.get("deliveries", []) if it.get("deliverySourceName") == source]
        if not answer.get("nextToken"):
            return found
        page = {"nextToken": answer["nextToken"]}


def _unless(codes: Sequence[str], connection: Connection, operation: str, **parameters: Any) -> dict[str, Any] | None:
    """The answer, None where AWS says that there is nothing to do."""
    try:
        return connection.call(operation, service=LOGS, **parameters)
    except AwsRefused as refusal:
        if refusal.code in codes:
            return None
        raise
