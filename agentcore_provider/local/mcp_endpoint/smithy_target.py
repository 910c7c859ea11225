"""Smithy targets: a tool for each operation. APIs of AWS are called on local AWS, others at their own endpoint."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint import aws_api_call, smithy_model, smithy_request
from agentcore_provider.local.mcp_endpoint.results import call_http, failure
from agentcore_provider.local.mcp_endpoint.smithy_model import Model, Operation, documentation

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.request_context import RequestContext, ToolCall
    from agentcore_provider.local.store import Target

_API = "smithy.api#"
_DEEPEST = 50
_MOST_PARTS = 20_000
_UNITS = {"string": " characters", "enum": " characters", "blob": " bytes", "map": " entries"}
_TYPES = {
    "byte": "integer",
    "short": "integer",
    "integer": "integer",
    "long": "integer",
    "bigInteger": "integer",
    "intEnum": "integer",
    "float": "number",
    "double": "number",
    "bigDecimal": "number",
    "boolean": "boolean",
    "string": "string",
    "enum": "string",
    "blob": "string",
    "timestamp": "string",
}


def tools(target: Target, _context: RequestContext) -> list[JsonObject]:
    """The operations of the model's services."""
    return [tool(operation) for operation in smithy_model.operations(target.tool_schema)]


def call(call: ToolCall) -> JsonObject:
    """Call the operation."""
    name = call.tool["name"]
    operation = next(found for found in smithy_model.operations(call.target.tool_schema) if found.name == name)
    service = aws_api_call.service_of(operation.service_traits)
    known = aws_api_call.operation_of(service, name) if service else None
    if known is not None:
        return aws_api_call.call_aws(call, known)
    try:
        return call_http(call, smithy_request.request(operation, call.arguments, call.context.gateway.region))
    except smithy_request.CannotBeSentError as error:
        return failure(call.context.gateway, str(error))


def tool(operation: Operation) -> JsonObject:
    """The MCP document of a tool, under the operation's own name."""
    return {
        "name": operation.name,
        "description": documentation(operation.traits) or f"The operation {operation.name}.",
        "inputSchema": {"type": "object", "properties": {}, **_input_schema(operation)},
    }


def _input_schema(operation: Operation) -> JsonObject:
    """The input as JSON Schema, as deep as it stays within limits: shapes that contain each other multiply."""
    for depth in (_DEEPEST, 6, 3):
        try:
            return _Schemas(operation.model, depth).of(operation.input, {}, ())
        except _TooManyPartsError:
            continue
    return _Schemas(operation.model, 1).of(operation.input, {}, ())


class _TooManyPartsError(Exception):
    """A schema that would be too large."""


class _Schemas:
    """Shapes as JSON Schema. deepest: how many shapes may be inside one another; below that anything goes."""

    def __init__(self, model: Model, deepest: int) -> None:
        self._model = model
        self._deepest = deepest
        self._parts = 0

    def of(self, shape: JsonObject, of_member: JsonObject, inside: tuple[int, ...]) -> JsonObject:
        """A shape as JSON Schema. of_member: traits of the member that has it, which are stronger than its own."""
        self._parts += 1
        if self._parts > _MOST_PARTS and self._deepest > 1:
            raise _TooManyPartsError
        kind = shape.get("type", "document")
        traits = {**shape.get("traits", {}), **of_member}
        if kind in ("structure", "union", "list", "set", "map"):
            if id(shape) in inside or len(inside) >= self._deepest:
                # Some shapes contain themselves: what is in there again is any object.
                return {"type": "array"} if kind in ("list", "set") else {"type": "object"}
            return _described(self._aggregate(shape, kind, (*inside, id(shape))), shape, traits)
        schema: JsonObject = {"type": _TYPES[kind]} if kind in _TYPES else {}
        if values := _values(shape):
            schema["enum"] = list(values.values())
        if kind == "blob":
            schema["contentEncoding"] = "base64"
        elif kind == "timestamp":
            schema["format"] = "date-time"
        return _described(schema, shape, traits)

    def _aggregate(self, shape: JsonObject, kind: str, inside: tuple[int, ...]) -> JsonObject:
        if kind in ("list", "set"):
            return {"type": "array", "items": self._member(shape["member"], inside)}
        if kind == "map":
            return {"type": "object", "additionalProperties": self._member(shape["value"], inside)}
        members = shape.get("members", {})
        schema: JsonObject = {
            "type": "object",
            "properties": {name: self._member(member, inside) for name, member in members.items()},
        }
        required = [name for name, member in members.items() if _is_required(member)]
        if required and kind == "structure":
            schema["required"] = required
        return schema

    def _member(self, member: JsonObject, inside: tuple[int, ...]) -> JsonObject:
        return self.of(self._model.shape(member["target"]), member.get("traits", {}), inside)


def _values(shape: JsonObject) -> JsonObject:
    """The values of an enum by their names."""
    if shape.get("type") in ("enum", "intEnum"):
        members = shape.get("members", {})
        return {name: member.get("traits", {}).get(f"{_API}enumValue", name) for name, member in members.items()}
    listed = shape.get("traits", {}).get(f"{_API}enum")
    return {str(it.get("name", it["value"])): it["value"] for it in listed} if isinstance(listed, list) else {}


def _is_required(member: JsonObject) -> bool:
    traits = member.get("traits", {})
    return f"{_API}required" in traits and f"{_API}idempotencyToken" not in traits


def _described(schema: JsonObject, shape: JsonObject, traits: JsonObject) -> JsonObject:
    text = documentation(traits)
    rules = list(_rules(shape, traits))
    if text and rules and not text.endswith((".", "!", "?")):
        text += "."
    words = " ".join(part for part in (text, *rules) if part)
    return {**schema, "description": words} if words else schema


def _rules(shape: JsonObject, traits: JsonObject) -> Iterator[str]:
    """What the schema of a tool has no keyword for, in words."""
    kind = shape.get("type")
    if kind == "union" and shape.get("members"):
        yield f"Exactly one of: {', '.join(shape['members'])}."
    if kind == "intEnum":
        yield f"One of: {', '.join(f'{value} ({name})' for name, value in _values(shape).items())}."
    for trait, unit in (("range", ""), ("length", _UNITS.get(str(kind), " items"))):
        bounds = traits.get(f"{_API}{trait}")
        if isinstance(bounds, dict):
            least, most = bounds.get("min"), bounds.get("max")
            if least is not None and most is not None:
                yield f"From {least} to {most}{unit}."
            elif least is not None or most is not None:
                yield f"At least {least}{unit}." if most is None else f"At most {most}{unit}."
    if isinstance(pattern := traits.get(f"{_API}pattern"), str):
        yield f"Matches the regular expression {pattern}"
    if f"{_API}uniqueItems" in traits or kind == "set":
        yield "Items differ."
    if isinstance(media_type := traits.get(f"{_API}mediaType"), str):
        yield f"Media type {media_type}."
    default = traits.get(f"{_API}default")
    if default is not None and default not in ("", [], {}):
        yield f"Default: {default if isinstance(default, str) else json.dumps(default, ensure_ascii=False)}."
