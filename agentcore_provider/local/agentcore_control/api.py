"""The HTTP side of the AgentCore control plane: from a request to an operation, and back.

Everything here is read from botocore's service model, so that a new member of the API needs no line of code.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from werkzeug.wrappers import Request, Response

from agentcore_provider.local import json_document, service_error, service_model, validation
from agentcore_provider.local.service_error import ServiceError

SERVICE = "bedrock-agentcore-control"
_GATEWAY_ID = re.compile(r"([0-9a-z][-]?){1,100}-[0-9a-z]{10}")
_GATEWAY_NAME = re.compile(r"([0-9a-zA-Z][-]?){1,100}")


def read(operation: OperationModel, request: Request, path_values: Mapping[str, str]) -> dict[str, object]:
    """The input of an operation, valid by the model. Raises ValidationException with every problem."""
    shape = operation.input_shape
    if shape is None:
        return {}
    members: dict[str, object] = _read_body(request)
    for name, member in shape.members.items():
        location, written = member.serialization.get("location"), validation.wire_name(name, member)
        if location == "uri":
            members[name] = path_values[written]
        elif location == "querystring" and written in request.args:
            members[name] = _from_query(member, request.args.getlist(written))
    check(operation, members)
    return members


def check(operation: OperationModel, members: Mapping[str, object]) -> None:
    """Raises ValidationException with every problem of the input of an operation."""
    _reject_names(operation, members)
    if problems := validation.validate(_without_locations(operation.input_shape), members):
        raise service_error.validation(validation.summarize(problems))


def write(operation: OperationModel, document: Mapping[str, object]) -> Response:
    """The answer of an operation. Members that the model does not have are left out."""
    status = operation.http.get("responseCode", 200)
    response = Response(status=status, content_type="application/json")
    if status != 204:
        shape = operation.output_shape
        response.set_data(json.dumps(_to_wire(shape, document) if shape else {}))
    return response


def write_error(error: ServiceError) -> Response:
    """An error in the format of REST services with JSON."""
    response = Response(
        json.dumps({"message": error.message, **error.members}),
        status=_status_of(error.code),
        content_type="application/json",
    )
    response.headers["x-amzn-ErrorType"] = error.code
    return response


def _status_of(code: str) -> int:
    shapes = service_model.load(SERVICE)
    if code in shapes.shape_names:
        status: int = shapes.shape_for(code).metadata.get("error", {}).get("httpStatusCode", 400)
        return status
    return {"UnknownOperationException": 404, "SerializationException": 400}.get(code, 400)


def _read_body(request: Request) -> dict[str, object]:
    body = request.get_data()
    if not body:
        return {}
    try:
        document = json_document.read(body)
    except ValueError as error:
        raise ServiceError("SerializationException", f"The body is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise ServiceError("SerializationException", "The body is not a JSON object")
    # A null means the same as leaving the member out.
    return {name: value for name, value in document.items() if value is not None}


def _from_query(member: Shape, values: list[str]) -> object:
    if isinstance(member, ListShape):
        return values
    if member.type_name in ("integer", "long"):
        try:
            return int(values[0])
        except ValueError:
            return values[0]
    return values[0]


def _reject_names(operation: OperationModel, members: Mapping[str, object]) -> None:
    # Authorization comes first, and it takes an ARN or a name for the id of some other gateway.
    identifier = members.get("gatewayIdentifier")
    if not isinstance(identifier, str) or _GATEWAY_ID.fullmatch(identifier):
        return
    if identifier.startswith("arn:") or _GATEWAY_NAME.fullmatch(identifier):
        raise ServiceError(
            "AccessDeniedException",
            f"User is not authorized to perform: bedrock-agentcore:{operation.name} on resource: {identifier}",
        )


def _without_locations(shape: StructureShape) -> StructureShape:
    # Members from path and query are kept under their own names here.
    members = {
        name: {key: value for key, value in model.items() if key not in ("location", "locationName")}
        if "location" in model
        else model
        for name, model in shape._shape_model["members"].items()
    }
    return StructureShape(shape.name, {**shape._shape_model, "members": members}, shape._shape_resolver)


def _to_wire(shape: Shape, value: Any) -> object:
    if isinstance(value, datetime):
        return _timestamp(shape, value)
    if isinstance(shape, StructureShape) and not shape.is_document_type:
        members = {validation.wire_name(name, member): member for name, member in shape.members.items()}
        return {name: _to_wire(member, value[name]) for name, member in members.items() if value.get(name) is not None}
    if isinstance(shape, ListShape):
        return [_to_wire(shape.member, item) for item in value]
    if isinstance(shape, MapShape):
        return {key: _to_wire(shape.value, item) for key, item in value.items()}
    return value


def _timestamp(shape: Shape, value: datetime) -> object:
    if shape.serialization.get("timestampFormat") == "iso8601":
        return value.astimezone(timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return round(value.timestamp(), 3)
