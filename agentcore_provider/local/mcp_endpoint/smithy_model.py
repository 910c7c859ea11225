"""A Smithy model in its JSON AST: services, operations and shapes. https://smithy.io/2.0/spec/json-ast.html"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass

from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.tool_schemas import smithy_shapes
from agentcore_provider.local.tool_schemas.tool_schema import SchemaUnreadableError

_RESOURCE_OPERATIONS = ("create", "put", "read", "update", "delete", "list")
_PRELUDE = {
    "String": "string",
    "Blob": "blob",
    "BigInteger": "integer",
    "BigDecimal": "double",
    "Timestamp": "timestamp",
    "Document": "document",
    "Boolean": "boolean",
    "PrimitiveBoolean": "boolean",
    "Byte": "integer",
    "PrimitiveByte": "integer",
    "Short": "integer",
    "PrimitiveShort": "integer",
    "Integer": "integer",
    "PrimitiveInteger": "integer",
    "Long": "integer",
    "PrimitiveLong": "integer",
    "Float": "float",
    "PrimitiveFloat": "float",
    "Double": "double",
    "PrimitiveDouble": "double",
    "Unit": "structure",
}


@dataclass(frozen=True)
class Model:
    """The shapes of a model by their ids."""

    shapes: JsonObject

    def shape(self, target: str) -> JsonObject:
        """A shape; those of the prelude are there without being written."""
        found = self.shapes.get(target)
        if found is None:
            kind = _PRELUDE.get(target.removeprefix("smithy.api#"), "document")
            return {"type": kind, "members": {}} if kind == "structure" else {"type": kind}
        return found if isinstance(found, dict) else {"type": "document"}


@dataclass(frozen=True)
class Operation:
    """One operation of one service. `name` is the last part of its id, as is `service_name`."""

    model: Model
    service_name: str
    service: JsonObject
    name: str
    shape: JsonObject

    @property
    def traits(self) -> JsonObject:
        """The operation's traits."""
        traits: JsonObject = self.shape.get("traits", {})
        return traits

    @property
    def service_traits(self) -> JsonObject:
        """The traits of its service."""
        traits: JsonObject = self.service.get("traits", {})
        return traits

    @property
    def input(self) -> JsonObject:
        """The shape of its input; empty for an operation that takes none."""
        return self.model.shape(self.shape.get("input", {}).get("target", "smithy.api#Unit"))


@functools.lru_cache(maxsize=32)
def operations(text: str) -> tuple[Operation, ...]:
    """The operations of every service in a model's text. Raises SchemaUnreadableError."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SchemaUnreadableError(f"the Smithy model is not JSON: {error}") from error
    shapes = document.get("shapes") if isinstance(document, dict) else None
    if not isinstance(shapes, dict):
        raise SchemaUnreadableError("the Smithy model has no shapes")
    try:
        model = Model(smithy_shapes.flatten(shapes))
    except smithy_shapes.ModelError as error:
        raise SchemaUnreadableError(str(error)) from error
    found: dict[str, Operation] = {}
    for shape_id, shape in model.shapes.items():
        if shape["type"] == "service":
            service_name = shape_id.partition("#")[2]
            for target in dict.fromkeys(_targets(model, shape, ())):
                operation = Operation(model, service_name, shape, target.partition("#")[2], model.shape(target))
                found.setdefault(operation.name, operation)
    return tuple(found.values())


def documentation(traits: JsonObject) -> str:
    """What is written about something, in one paragraph and without HTML."""
    text = str(traits.get("smithy.api#documentation", ""))
    plain = "".join(part.partition(">")[2] if index else part for index, part in enumerate(text.split("<")))
    return " ".join(plain.split())


def _targets(model: Model, owner: JsonObject, inside: tuple[str, ...]) -> Iterator[str]:
    for name in _RESOURCE_OPERATIONS:
        if owner.get("type") == "resource" and isinstance(owner.get(name), dict):
            yield owner[name]["target"]
    for member in ("operations", "collectionOperations"):
        for reference in owner.get(member, ()):
            yield reference["target"]
    for reference in owner.get("resources", ()):
        if reference["target"] not in inside:
            yield from _targets(model, model.shape(reference["target"]), (*inside, reference["target"]))
