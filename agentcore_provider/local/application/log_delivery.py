"""CloudWatch Logs delivers logs and traces of gateways; moto knows sources of other services, and no traces."""

from __future__ import annotations

import json
from typing import Any

from moto.logs.models import DeliveryDestination, DeliverySource, logs_backends
from werkzeug.wrappers import Request, Response

from agentcore_provider.local import json_document
from agentcore_provider.local.application.operation import Operation
from agentcore_provider.local.service_error import answer

_LOG_TYPES = ("APPLICATION_LOGS", "TRACES")


def serve(request: Request, called: Operation, account_id: str) -> Response | None:
    """Answer PutDeliverySource for a gateway and PutDeliveryDestination for X-Ray; None for every other request."""
    if called.service != "logs" or called.name not in ("PutDeliverySource", "PutDeliveryDestination"):
        return None
    given = _given(request)
    if not isinstance(given.get("name"), str):
        return None
    if called.name == "PutDeliverySource":
        return _put_source(given, account_id, called.region)
    return _put_destination(given, account_id, called.region)


def _put_source(given: dict[str, Any], account_id: str, region: str) -> Response | None:
    arn, name, log_type = given.get("resourceArn"), given["name"], given.get("logType")
    if not isinstance(arn, str) or arn.split(":")[2:3] != ["bedrock-agentcore"]:
        return None
    if log_type not in _LOG_TYPES:
        return answer(400, "ValidationException", "This service is not allowed for this LogSource.")
    sources = logs_backends[account_id][region].delivery_sources
    if name in sources and arn not in sources[name].resource_arns:
        return answer(
            400, "ConflictException", f"Delivery source {name} is of another resource; create another source."
        )
    sources[name] = DeliverySource(account_id, region, name, arn, log_type, _tags(given))
    return _answer({"deliverySource": sources[name].to_dict()})


def _put_destination(given: dict[str, Any], account_id: str, region: str) -> Response | None:
    if given.get("deliveryDestinationType") != "XRAY":
        return None
    # What moto takes the type from: X-Ray has no resource of its own.
    nowhere = {"destinationResourceArn": "arn:aws:xray:::"}
    made = DeliveryDestination(account_id, region, given["name"], None, nowhere, _tags(given))
    made.delivery_destination_type, made.delivery_destination_configuration = "XRAY", {}
    logs_backends[account_id][region].delivery_destinations[given["name"]] = made
    return _answer({"deliveryDestination": made.to_dict()})


def _given(request: Request) -> dict[str, Any]:
    try:
        document = json_document.read(request.get_data())
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _tags(given: dict[str, Any]) -> dict[str, str]:
    tags = given.get("tags")
    return tags if isinstance(tags, dict) else {}


def _answer(document: dict[str, Any]) -> Response:
    return Response(json.dumps(document), content_type="application/x-amz-json-1.1")
