"""Logs and traces of a gateway in CloudWatch: a source, a destination and a delivery between them, for each.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/observability-configure.html
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateDelivery.html
"""

from __future__ import annotations

from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Properties

LOGS = "logs"
SPANS = "aws/spans"
"""The log group of all spans of the account and Region, which Transaction Search of CloudWatch makes."""
# Names that the starter toolkit gives them, so that either can turn off what the other turned on.
_LOG_TYPES = {"logs": "APPLICATION_LOGS", "traces": "TRACES"}
_EXISTS = frozenset({"ResourceAlreadyExistsException", "ConflictException"})


def log_group(gateway_id: str) -> str:
    """Where the gateway's logs go."""
    return f"/aws/vendedlogs/bedrock-agentcore/gateway/APPLICATION_LOGS/{gateway_id}"


def enable(connection: Connection, gateway_id: str, gateway_arn: str, kind: str) -> dict[str, str]:
    """Deliver the gateway's "logs" to its log group, or its "traces" to X-Ray; what is delivered already is fine.

    Returns {"delivery_id", "source_name", "destination_name"}. Raises what a call raises.
    """
    source, destination = _names(gateway_id, kind)
    target: Properties = {"deliveryDestinationType": "XRAY"}
    if kind == "logs":
        group = log_group(gateway_id)
        connection.call_or_none("CreateLogGroup", service=LOGS, absent=_EXISTS, logGroupName=group)
        # arn:PARTITION:bedrock-agentcore:REGION:ACCOUNT:gateway/ID
        partition, _, region, account = gateway_arn.split(":")[1:5]
        arn = f"arn:{partition}:logs:{region}:{account}:log-group:{group}"
        place = {"destinationResourceArn": arn}
        target = {"deliveryDestinationType": "CWL", "deliveryDestinationConfiguration": place}
    connection.call("PutDeliverySource", service=LOGS, name=source, logType=_LOG_TYPES[kind], resourceArn=gateway_arn)
    made = connection.call("PutDeliveryDestination", service=LOGS, name=destination, **target)
    destination_arn = made["deliveryDestination"]["arn"]
    between = {"deliverySourceName": source, "deliveryDestinationArn": destination_arn}
    delivery = connection.call_or_none("CreateDelivery", service=LOGS, absent=_EXISTS, **between)
    found = delivery["delivery"] if delivery else next(iter(_deliveries(connection, source)), {})
    return {"delivery_id": str(found.get("id", "")), "source_name": source, "destination_name": destination}


def disable(connection: Connection, gateway_id: str, kind: str) -> list[str]:
    """Delete the delivery with its source and destination; returns what was deleted, nothing where nothing was.

    The log group stays. Raises what a call raises.
    """
    source, destination = _names(gateway_id, kind)
    deleted = []
    # A source that a delivery uses cannot be deleted.
    for delivery in _deliveries(connection, source):
        connection.call("DeleteDelivery", service=LOGS, id=delivery["id"])
        deleted.append(f"delivery:{delivery['id']}")
    if connection.call_or_none("DeleteDeliverySource", service=LOGS, name=source) is not None:
        deleted.append(f"source:{source}")
    if connection.call_or_none("DeleteDeliveryDestination", service=LOGS, name=destination) is not None:
        deleted.append(f"destination:{destination}")
    return deleted


def delete_log_group(connection: Connection, gateway_id: str) -> list[str]:
    """Delete the log group with its logs; returns what was deleted. Raises what a call raises."""
    group = log_group(gateway_id)
    deleted = connection.call_or_none("DeleteLogGroup", service=LOGS, logGroupName=group)
    return [] if deleted is None else [f"log_group:{group}"]


def _names(gateway_id: str, kind: str) -> tuple[str, str]:
    return f"{gateway_id}-{kind}-source", f"{gateway_id}-{kind}-destination"


def _deliveries(connection: Connection, source: str) -> list[Properties]:
    pages = connection.pages("DescribeDeliveries", "deliveries", service=LOGS)
    return [it for it in pages if it.get("deliverySourceName") == source]


def log_groups(connection: Connection, gateway_id: str) -> list[str]:
    """The log groups that the gateway's log is delivered to, whoever set that up. Raises what a call raises."""
    used = _delivered(connection, _sources(connection, gateway_id, "logs"))
    if not used:
        return []
    found = connection.pages("DescribeDeliveryDestinations", "deliveryDestinations", service=LOGS)
    places = [it.get("deliveryDestinationConfiguration", {}) for it in found if it.get("arn") in used]
    groups = [it.get("destinationResourceArn", "").partition(":log-group:")[2] for it in places]
    return [group.removesuffix(":*") for group in groups if group]


def _sources(connection: Connection, gateway_id: str, kind: str) -> set[str]:
    """Names of the delivery sources of the gateway's "logs" or "traces"."""
    return {
        str(source["name"])
        for source in connection.pages("DescribeDeliverySources", "deliverySources", service=LOGS)
        if source.get("logType") == _LOG_TYPES[kind]
        and any(arn.endswith(f":gateway/{gateway_id}") for arn in source.get("resourceArns", ()))
    }


def _delivered(connection: Connection, sources: set[str]) -> set[str]:
    """ARNs of the destinations that sources are delivered to."""
    if not sources:
        return set()
    return {
        str(delivery.get("deliveryDestinationArn"))
        for delivery in connection.pages("DescribeDeliveries", "deliveries", service=LOGS)
        if delivery.get("deliverySourceName") in sources
    }


def delivers_traces(connection: Connection, gateway_id: str) -> bool:
    """Whether the gateway's traces are delivered, whoever set that up. Raises what a call raises."""
    return bool(_delivered(connection, _sources(connection, gateway_id, "traces")))


def events(connection: Connection, group: str, *, since: int, phrase: str = "") -> list[Properties]:
    """The events of a log group, oldest first. Raises what a call raises.

    since: milliseconds since the epoch. phrase: what all of them have in their text.
    """
    pattern = {"filterPattern": f'"{phrase}"'} if phrase else {}
    found = connection.pages("FilterLogEvents", "events", service=LOGS, logGroupName=group, startTime=since, **pattern)
    # Events of one millisecond stay in the order of the answer.
    return sorted(found, key=lambda it: it.get("timestamp", 0))
