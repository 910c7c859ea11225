"""An operation of a Smithy model as a tool."""

from __future__ import annotations

from typing import Any

from agentcore_provider.local.mcp_endpoint.smithy_model import Model, Operation, documentation

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


def tool(operation: Operation) -> dict[str, Any]:
    """The MCP document of a tool, under the operation's own name."""
    return {
        "name": operation.name,
        "description": documentation(operation.traits) or f"The operation {operation.name}.",
        "inputSchema": {"type": "object", "properties": {}, **_schema(operation.model, operation.input, ())},
    }


def _schema(model: Model, shape: dict[str, Any], inside: tuple[int, ...]) -> dict[str, Any]:
    kind = shape.get("type", "document")
    if kind in ("structure", "union", "list", "set", "map"):
        if id(shape) in inside:
            # Some shapes contain themselves: what is in there again is any object.
            return {"type": "array"} if kind in ("list", "set") else {"type": "object"}
        return _aggregate(model, shape, kind, (*inside, id(shape)))
    schema: dict[str, Any] = {"type": _TYPES[kind]} if kind in _TYPES else {}
    traits = shape.get("traits", {})
    if kind == "enum":
        members = shape.get("members", {})
        schema["enum"] = [
            member.get("traits", {}).get("smithy.api#enumValue", name) for name, member in members.items()
        ]
    elif isinstance(traits.get("smithy.api#enum"), list):
        schema["enum"] = [entry["value"] for entry in traits["smithy.api#enum"]]
    if kind == "blob":
        schema["contentEncoding"] = "base64"
    elif kind == "timestamp":
        schema["format"] = "date-time"
    return _described(schema, traits)


def _aggregate(model: Model, shape: dict[str, Any], kind: str, inside: tuple[int, ...]) -> dict[str, Any]:
    traits = shape.get("traits", {})
    if kind in ("list", "set"):
        return _described({"type": "array", "items": _member(model, shape["member"], inside)}, traits)
    if kind == "map":
        return _described({"type": "object", "additionalProperties": _member(model, shape["value"], inside)}, traits)
    members = shape.get("members", {})
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: _member(model, member, inside) for name, member in members.items()},
    }
    required = [name for name, member in members.items() if _is_required(member)]
    if required and kind == "structure":
        schema["required"] = required
    return _described(schema, traits)


def _is_required(member: dict[str, Any]) -> bool:
    traits = member.get("traits", {})
    return "smithy.api#required" in traits and "smithy.api#idempotencyToken" not in traits


def _member(model: Model, member: dict[str, Any], inside: tuple[int, ...]) -> dict[str, Any]:
    return _described(_schema(model, model.shape(member["target"]), inside), member.get("traits", {}))


def _described(schema: dict[str, Any], traits: dict[str, Any]) -> dict[str, Any]:
    text = documentation(traits)
    return {**schema, "description": text} if text else schema
