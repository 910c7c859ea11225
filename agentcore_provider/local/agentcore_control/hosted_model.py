"""The Smithy models that AWS keeps in S3 for built-in targets, generated from botocore's own models.

The buckets are AWS's and cannot be read from here. Names of buckets and objects: API_MODEL_BUCKETS in
github.com/aws/bedrock-agentcore-starter-toolkit, operations/gateway/constants.py.
"""

from __future__ import annotations

import functools
import json
import re

from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape

from agentcore_provider.local import service_model
from agentcore_provider.local.tool_schemas.smithy_shapes import Shape as SmithyShape
from agentcore_provider.local.tool_schemas.smithy_shapes import Shapes

_OBJECT = re.compile(
    r"s3://amazonbedrockagentcore-built-sampleschemas455e0815-[a-z0-9]+/"
    r"(?P<service>bedrock-agent-runtime|bedrock-runtime|cloudwatch|dynamodb)-smithy\.json"
)
_API = "smithy.api#"
_SCALARS = {
    "string": "String",
    "character": "String",
    "boolean": "Boolean",
    "integer": "Integer",
    "long": "Long",
    "float": "Float",
    "double": "Double",
    "blob": "Blob",
    "timestamp": "Timestamp",
}


def read(uri: str) -> str | None:
    """The text of a hosted model; None for any other object."""
    found = _OBJECT.fullmatch(uri)
    return _model(found["service"]) if found else None


@functools.cache
def _model(service_name: str) -> str:
    service = service_model.load(service_name)
    return json.dumps(_Ast(service).document())


class _Ast:
    def __init__(self, service: ServiceModel) -> None:
        self._service = service
        self._shapes: Shapes = {}

    def document(self) -> dict[str, object]:
        names = [name for name in self._service.operation_names if not self._streams(name)]
        for name in names:
            self._shapes[f"aws#{name}"] = self._operation(self._service.operation_model(name))
        metadata = self._service.metadata
        about = {"sdkId": metadata["serviceId"], "endpointPrefix": metadata["endpointPrefix"]}
        service = {
            "type": "service",
            "version": metadata["apiVersion"],
            "operations": [{"target": f"aws#{name}"} for name in names],
            "traits": {"aws.api#service": about},
        }
        return {"smithy": "2.0", "shapes": {"aws.service#Service": service, **self._shapes}}

    def _streams(self, name: str) -> bool:
        operation = self._service.operation_model(name)
        return bool(operation.has_event_stream_input or operation.has_event_stream_output)

    def _operation(self, operation: OperationModel) -> SmithyShape:
        traits = {f"{_API}documentation": operation.documentation}
        shape = operation.input_shape
        target = self._target(shape) if shape else f"{_API}Unit"
        return {"type": "operation", "input": {"target": target}, "traits": traits}

    def _target(self, shape: Shape) -> str:
        if shape.type_name in _SCALARS and not getattr(shape, "enum", None):
            return _API + _SCALARS[shape.type_name]
        if getattr(shape, "is_document_type", False):
            return f"{_API}Document"
        shape_id = f"aws.shapes#{shape.name}"
        if shape_id not in self._shapes:
            # Some shapes contain themselves: the entry is added before the members are read.
            self._shapes[shape_id] = entry = {}
            entry.update(self._shape(shape))
        return shape_id

    def _shape(self, shape: Shape) -> SmithyShape:
        if isinstance(shape, StructureShape):
            members = {
                name: self._member(member, name in shape.required_members) for name, member in shape.members.items()
            }
            return {"type": "structure", "members": members}
        if isinstance(shape, ListShape):
            return {"type": "list", "member": self._member(shape.member)}
        if isinstance(shape, MapShape):
            return {"type": "map", "key": self._member(shape.key), "value": self._member(shape.value)}
        return {"type": "string", "traits": {f"{_API}enum": [{"value": value} for value in shape.enum]}}

    def _member(self, shape: Shape, is_required: bool = False) -> SmithyShape:
        traits: SmithyShape = {f"{_API}documentation": shape.documentation} if shape.documentation else {}
        if is_required:
            traits[f"{_API}required"] = {}
        return {"target": self._target(shape), "traits": traits}
