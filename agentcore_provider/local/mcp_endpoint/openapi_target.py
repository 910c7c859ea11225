"""OpenAPI targets: a tool for each operation, a call is a request to the API's own server.

The guide does not document how arguments are named. Here every parameter is an argument under its own name, and so is
every property of a body that is an object; one name in two places is one argument that goes to both. A body of
another kind is the argument `body`.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint import openapi_request
from agentcore_provider.local.mcp_endpoint.results import call_http
from agentcore_provider.local.tool_schemas import openapi_document
from agentcore_provider.local.tool_schemas.openapi_document import BODY, Operation

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.request_context import RequestContext, ToolCall
    from agentcore_provider.local.store import Target

# OpenAPI's own words, which JSON Schema does not have.
_OPENAPI_ONLY = frozenset({"nullable", "discriminator", "xml", "externalDocs", "example"})


def tools(target: Target, _context: RequestContext) -> list[JsonObject]:
    """The operations that have an operationId."""
    return [tool(operation) for operation in operations_of(target.tool_schema)]


def call(call: ToolCall) -> JsonObject:
    """Send the operation's request."""
    for operation in operations_of(call.target.tool_schema):
        if operation.operation_id == call.tool["name"]:
            return call_http(call, openapi_request.request(operation, call.arguments))
    raise LookupError(f"{call.tool['name']} is not in the document it came from")


@functools.lru_cache(maxsize=128)
def operations_of(text: str) -> tuple[Operation, ...]:
    """The operations in a document's text. Documents are large and every call needs them, so they are kept."""
    return tuple(openapi_document.operations(openapi_document.parse(text)))


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
    for parameter in openapi_request.parameters(operation):
        schema = json_schema(parameter.schema) or {"type": "string"}
        if parameter.description:
            schema["description"] = parameter.description
        properties[parameter.name] = schema
        required += [parameter.name] if parameter.required else []
    schema = {"type": "object", "properties": properties}
    if required:
        schema["required"] = list(dict.fromkeys(required))
    return {"name": operation.operation_id, "description": operation.description, "inputSchema": schema}


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
