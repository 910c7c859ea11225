"""The tools of a schema as tools/list shows them to agents: references in their places, every format as JSON Schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from agentcore_provider.documents import files, smithy_model
from agentcore_provider.documents.json_types import JsonDict, JsonObject, is_object
from agentcore_provider.documents.openapi_document import OpenApiDocument, Operation, media_schemas
from agentcore_provider.documents.pointer import followed
from agentcore_provider.documents.smithy_model import Shapes, target, traits
from agentcore_provider.errors import InvalidInput

if TYPE_CHECKING:
    from agentcore_provider.target_kinds.target_kind import SchemaFormat

# For one tool: schemas that refer to each other multiply.
_MOST_PARTS = 20_000
_MEMBERS = ("name", "title", "description", "inputSchema", "outputSchema", "annotations")
_NOT_LISTED = ("example", "examples", "xml", "externalDocs", "discriminator", "deprecated", "readOnly", "writeOnly")
_TYPES = {
    "blob": "string",
    "boolean": "boolean",
    "string": "string",
    "byte": "integer",
    "short": "integer",
    "integer": "integer",
    "long": "integer",
    "float": "number",
    "double": "number",
    "bigInteger": "integer",
    "bigDecimal": "number",
    "timestamp": "string",
    "enum": "string",
    "intEnum": "integer",
    "list": "array",
    "set": "array",
}


def defined(tools: object) -> list[JsonDict]:
    """Of tool definitions, or of tools as MCP lists them."""
    found = [it for it in tools if isinstance(it, Mapping)] if isinstance(tools, (list, tuple)) else []
    return [{key: it[key] for key in _MEMBERS if key in it} for it in found]


def of_openapi(document: JsonObject) -> list[JsonDict]:
    """Of an OpenAPI document: one for each operation."""
    described = OpenApiDocument(document)
    return [_openapi_tool(described, operation) for operation in described.operations()]


def of_smithy(model: JsonObject) -> list[JsonDict]:
    """Of a Smithy model: one for each operation of its services."""
    shapes = smithy_model.shapes_of(model)
    return [
        {
            "name": name.rpartition("#")[2],
            **_documented(operation),
            "inputSchema": _Shapes(shapes).schema(operation.get("input")),
        }
        for name, operation in smithy_model.service_operations(shapes)
    ]


def of_mcp_server(document: JsonObject) -> list[JsonDict]:
    """Of the fixed list of an MCP server: {"tools": [...]}."""
    return defined(document.get("tools"))


def of_schema(schema_format: SchemaFormat | None, payload: object) -> list[JsonDict] | None:
    """Of a schema in this format, as text or as what the text has; None if it describes no tools or cannot be read."""
    if schema_format == "tool definitions":
        return defined(payload)
    of_format = _BY_FORMAT.get(schema_format) if schema_format else None
    if of_format is None:
        return None
    try:
        document = files.parse(payload, name="schema") if isinstance(payload, str) else payload
    except InvalidInput:
        return None
    return of_format(document) if isinstance(document, Mapping) else None


_BY_FORMAT: Mapping[SchemaFormat, Callable[[JsonObject], list[JsonDict]]] = {
    "OpenAPI": of_openapi,
    "Smithy": of_smithy,
    "MCP tools": of_mcp_server,
}


class _Schemas:
    """Schemas of a document with what they refer to in its place, within limits."""

    def __init__(self, document: JsonObject) -> None:
        self._document = document
        self._left = _MOST_PARTS

    def whole(self, part: object, trail: tuple[str, ...] = ()) -> Any:
        """A schema as an agent sees it."""
        self._left -= 1
        if self._left < 0:
            return {}
        if isinstance(part, list):
            return [self.whole(it, trail) for it in part]
        if not is_object(part):
            return part
        reference = part.get("$ref")
        if isinstance(reference, str):
            return {} if reference in trail else self.whole(followed(self._document, part) or {}, (*trail, reference))
        return {
            str(key): self.whole(value, trail)
            for key, value in part.items()
            if key not in _NOT_LISTED and not str(key).startswith("x-")
        }


def _openapi_tool(document: OpenApiDocument, operation: Operation) -> JsonDict:
    schemas = _Schemas(document.content)
    properties: JsonDict = {}
    required: list[str] = []
    for parameter, _ in document.parameters(operation):
        if is_object(parameter):
            name, schema = str(parameter.get("name")), schemas.whole(parameter.get("schema", {}))
            about = {"description": parameter["description"]} if parameter.get("description") else {}
            properties[name] = {**(schema if isinstance(schema, dict) else {}), **about}
            required += [name] if parameter.get("required") else []
    body, _ = document.body(operation)
    for described, _ in list(media_schemas(body, ""))[:1]:
        schema = schemas.whole(described or {})
        if isinstance(schema, dict) and isinstance(schema.get("properties"), dict):
            properties |= schema["properties"]
            required += schema["required"] if isinstance(schema.get("required"), list) else []
        else:
            properties["body"] = schema
    return {
        "name": operation.operation_id,
        "description": operation.content.get("description") or operation.content.get("summary") or "",
        "inputSchema": {"type": "object", "properties": properties, **({"required": required} if required else {})},
    }


class _Shapes:
    """Shapes of a Smithy model as JSON Schema, within limits."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self._left = _MOST_PARTS

    def schema(self, member: object, trail: tuple[str, ...] = ()) -> JsonDict:
        """What a member of a structure, an item or an input is to an agent."""
        self._left -= 1
        name = target(member) or ""
        shape = self._shapes.get(name)
        if not isinstance(shape, Mapping):
            plain = name.rpartition("#")[2]
            return {"type": _TYPES.get(plain[:1].lower() + plain[1:], "object"), **_documented(member)}
        if name in trail or self._left < 0:
            return {"type": "object"}
        trail = (*trail, name)
        kind = str(shape.get("type"))
        schema: JsonDict = {"type": _TYPES.get(kind, "object"), **_documented(shape), **_documented(member)}
        members = shape.get("members")
        if kind in ("enum", "intEnum") and isinstance(members, Mapping):
            schema["enum"] = list(members)
        elif kind in ("list", "set"):
            schema["items"] = self.schema(shape.get("member"), trail)
        elif kind == "map":
            schema["additionalProperties"] = self.schema(shape.get("value"), trail)
        elif isinstance(members, Mapping):
            schema["properties"] = {str(name): self.schema(it, trail) for name, it in members.items()}
            needed = [str(name) for name, it in members.items() if "smithy.api#required" in traits(it)]
            schema |= {"required": needed} if needed else {}
        return schema


def _documented(shape: object) -> JsonDict:
    about = traits(shape).get("smithy.api#documentation")
    return {"description": about} if about else {}
