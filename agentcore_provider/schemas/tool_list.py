"""What a schema offers as tools: their names, descriptions, and a fingerprint of everything an agent sees of each."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from agentcore_provider.documents import files, smithy_model
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.documents.openapi_document import METHODS, OpenApiDocument
from agentcore_provider.documents.pointer import at
from agentcore_provider.errors import InvalidInput

if TYPE_CHECKING:
    from agentcore_provider.target_kinds.target_kind import SchemaFormat

Tool = dict[str, str]


def defined(tools: object) -> list[Tool]:
    """Of tool definitions, as Lambda targets and MCP servers have them."""
    if not isinstance(tools, (list, tuple)):
        return []
    return [
        _tool(tool["name"], tool.get("description"), tool)
        for tool in tools
        if isinstance(tool, Mapping) and isinstance(tool.get("name"), str)
    ]


def of_mcp_server(text: str) -> list[Tool]:
    """Of the fixed list of an MCP server: {"tools": [...]} as text."""
    document = _parsed(text)
    return defined(document.get("tools") if isinstance(document, Mapping) else document)


def of_openapi(text: str) -> list[Tool]:
    """Of an OpenAPI document: one for each operation with an operationId."""
    document = _parsed(text)
    if not isinstance(document, Mapping):
        return []
    found = []
    for operation in OpenApiDocument(document).operations():
        if operation.operation_id:
            shared = {key: value for key, value in operation.item.items() if key not in METHODS}
            parts = [shared, operation.content]
            about = operation.content.get("description") or operation.content.get("summary")
            found.append(_tool(operation.operation_id, about, [*parts, *_referred_to(parts, document)]))
    return found


def of_smithy(text: str) -> list[Tool]:
    """Of a Smithy model: one for each operation of its services."""
    shapes = smithy_model.shapes_of(_parsed(text))
    found = []
    for name, shape in smithy_model.service_operations(shapes):
        about = smithy_model.traits(shape).get("smithy.api#documentation")
        below = _reached([{"target": name}], "target", lambda target: shapes[target])
        found.append(_tool(name.rpartition("#")[2], about, [[target, below[target]] for target in sorted(below)]))
    return found


def of_schema(schema_format: SchemaFormat | None, payload: object) -> list[Tool]:
    """Of a schema in this format; empty if the format describes no tools."""
    of_format = _BY_FORMAT.get(schema_format) if schema_format else None
    return of_format(payload) if of_format else []


_BY_FORMAT: Mapping[SchemaFormat, Callable[[Any], list[Tool]]] = {
    "tool definitions": defined,
    "OpenAPI": of_openapi,
    "Smithy": of_smithy,
    "MCP tools": of_mcp_server,
}


def _parsed(text: str) -> Any:
    try:
        return files.parse(text, name="schema")
    except InvalidInput:
        return None


def _tool(name: str, description: object, content: object) -> Tool:
    try:
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    except TypeError:  # names of more than one type, as YAML may have them, have no order
        canonical = json.dumps(content, separators=(",", ":"), default=str, skipkeys=True)
    return {
        "name": name,
        "description": description if isinstance(description, str) else "",
        "fingerprint": hashlib.sha256(canonical.encode()).hexdigest()[:12],
    }


def _referred_to(parts: list[Any], document: JsonObject) -> list[Any]:
    """Everything of the document that parts of it refer to, at every depth, each once; None for what is not there."""

    def part(reference: str) -> Any:
        try:
            return at(document, reference)
        except LookupError:
            return None

    found = _reached(parts, "$ref", part)
    return [found[reference] for reference in sorted(found)]


def _reached(parts: list[Any], keyword: str, part: Callable[[str], Any]) -> JsonDict:
    """What a keyword of parts names, at every depth, each once. part: what is named; raises LookupError."""
    found: JsonDict = {}
    ahead = list(parts)
    while ahead:
        current = ahead.pop()
        if isinstance(current, Mapping):
            name = current.get(keyword)
            if isinstance(name, str) and name not in found:
                with contextlib.suppress(LookupError):
                    found[name] = part(name)
                    ahead.append(found[name])
            ahead += current.values()
        elif isinstance(current, list):
            ahead += current
    return found
