"""CloudWatch Logs delivers logs and traces of gateways; moto knows sources of other services, and no traces."""

from __future__ import annotations

import json
from typing import Any

from moto.logs.models import DeliveryDestination, DeliverySource, logs_backends
from werkzeug.wrappers import Request, Response

from agentcore_provider.local import json_document
from agentcore_provider.local.application.operation import Operation
from agentcore_provider.local.mcp_endpoint import gateway_trace
from agentcore_provider.local.service_error import answer

_Members = dict[str, Any]
_LOG_TYPES = ("APPLICATION_LOGS", "TRACES")


def serve(request: Request, called: Operation, account_id: str) -> Response | None:
    """Answer PutDeliverySource for a gateway and PutDeliveryDestination for X-Ray; None for every other request."""
    if called.service != "logs" or called.name not in ("PutDeliverySource", "PutDeliveryDestination"):
        return None
    members = _members(request)
    if not isinstance(members.get("name"), str):
        return None
    if called.name == "PutDeliverySource":
        return _put_source(members, account_id, called.region)
    return _put_destination(members, account_id, called.region)


def _put_source(members: _Members, account_id: str, region: str) -> Response | None:
    arn, name, log_type = members.get("resourceArn"), members["name"], members.get("logType")
    if not isinstance(arn, str) or arn.split(":")[2:3] != ["bedrock-agentcore"]:
        return None
    if log_type not in _LOG_TYPES:
        return answer(400, "ValidationException", "This service is not allowed for this LogSource.")
    sources = logs_backends[account_id][region].delivery_sources
    if name in sources and arn not in sources[name].resource_arns:
        return answer(
            400, "ConflictException", f"Delivery source {name} is of another resource; create another source."
        )
    sources[name] = DeliverySource(account_id, region, name, arn, log_type, _tags(members))
    return _answer({"deliverySource": sources[name].to_dict()})


def _put_destination(members: _Members, account_id: str, region: str) -> Response | None:
    if members.get("deliveryDestinationType") != "XRAY":
        return None
    # What moto takes the type from: X-Ray has no resource of its own.
    nowhere = {"destinationResourceArn": "arn:aws:xray:::"}
    created = DeliveryDestination(account_id, region, members["name"], None, nowhere, _tags(members))
    created.delivery_destination_type, created.delivery_destination_configuration = "XRAY", {}
    logs_backends[account_id][region].delivery_destinations[members["name"]] = created
    # As if Transaction Search were enabled.
    gateway_trace.spans(account_id, region)
    return _answer({"deliveryDestination": created.to_dict()})


def _members(request: Request) -> _Members:
    try:
        document = json_document.read(request.get_data())
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _tags(members: _Members) -> dict[str, str]:
    tags = members.get("tags")
    return tags if isinstance(tags, dict) else {}


def _answer(document: dict[str, object]) -> Response:
    return Response(json.dumps(document), content_type="application/x-amz-json-1.1")
