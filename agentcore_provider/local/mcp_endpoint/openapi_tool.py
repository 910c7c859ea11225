"""An operation of an OpenAPI document as a tool.

The guide does not document how arguments are named. Here every parameter is an argument under its own name, and so is
every property of a body that is an object; one name in two places is one argument that goes to both. A body of
another kind is the argument `body`.
"""

from __future__ import annotations

from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.tool_schemas.openapi_document import BODY, Operation, Parameter

# OpenAPI's own words, which JSON Schema does not have.
_OPENAPI_ONLY = frozenset({"nullable", "discriminator", "xml", "externalDocs", "example"})
# OpenAPI has these headers described elsewhere: parameters of these names are ignored.
_NOT_PARAMETERS = frozenset({"accept", "content-type", "authorization"})


def tool(operation: Operation) -> JsonObject:
    """The MCP document of a tool, under the operation's own name."""
    properties: JsonObject = {}
    required: list[str] = []
    if operation.body is not None:
        body = json_schema(operation.body.schema)
        if operation.body.is_object:
            properties.update(body["properties"])
            required += body.get("required", []) if operation.body.required else []
        else:
            properties[BODY] = body
            required += [BODY] if operation.body.required else []
    for parameter in parameters(operation):
        schema = json_schema(parameter.schema) or {"type": "string"}
        if parameter.description:
            schema["description"] = parameter.description
        properties[parameter.name] = schema
        required += [parameter.name] if parameter.required else []
    schema = {"type": "object", "properties": properties}
    if required:
        schema["required"] = list(dict.fromkeys(required))
    return {"name": operation.operation_id, "description": operation.description, "inputSchema": schema}


def parameters(operation: Operation) -> list[Parameter]:
    """The parameters that are arguments of the tool."""
    return [
        parameter
        for parameter in operation.parameters
        if parameter.place != "header" or parameter.name.lower() not in _NOT_PARAMETERS
    ]


def json_schema(schema: JsonObject) -> JsonObject:
    """An OpenAPI 3.0 or 3.1 schema, already without references, as JSON Schema."""
    found: JsonObject = {
        key: _part(key, value) for key, value in schema.items() if key not in _OPENAPI_ONLY and not key.startswith("x-")
    }
    if "type" not in found and "properties" in found:
        found["type"] = "object"
    if schema.get("nullable") is True and isinstance(found.get("type"), str):
        found["type"] = [found["type"], "null"]
        if isinstance(found.get("enum"), list) and None not in found["enum"]:
            found["enum"] = [*found["enum"], None]
    # OpenAPI 3.0 writes limits that are not reached themselves as a flag beside the limit.
    for flag, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(found.get(flag), bool):
            exclusive = found.pop(flag)
            if exclusive and limit in found:
                found[flag] = found.pop(limit)
    return found


def _part(key: str, value: object) -> object:
    if key in ("properties", "patternProperties") and isinstance(value, dict):
        return {name: json_schema(part) for name, part in value.items() if isinstance(part, dict)}
    if key in ("items", "additionalProperties", "not") and isinstance(value, dict):
        return json_schema(value)
    if key in ("oneOf", "anyOf", "allOf", "prefixItems") and isinstance(value, list):
        return [json_schema(part) for part in value if isinstance(part, dict)]
    return value
