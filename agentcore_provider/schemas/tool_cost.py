"""What a target's tools cost an agent: how many there are, and about how many tokens their tools/list has.

An agent reads the whole list before its first word. Its tokens are estimated from the characters of the JSON that the
list has as compact text: names, descriptions and input schemas, references put in place. How far that is off is measured
in docs/targets/cost.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from agentcore_provider.documents import files
from agentcore_provider.documents.lines import steps
from agentcore_provider.documents.smithy_shapes import flattened
from agentcore_provider.errors import InvalidInput
from agentcore_provider.schemas.selection import METHODS
from agentcore_provider.schemas.tool_list import bound

CHARACTERS_PER_TOKEN = 4.2
# For one tool: schemas that refer to each other multiply.
_MOST_PARTS = 20_000
_NOT_SEEN = ("example", "examples", "xml", "externalDocs", "discriminator", "deprecated", "readOnly", "writeOnly")
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


@dataclass(frozen=True)
class Cost:
    """tools: how many. characters: of their tools/list as compact JSON."""

    tools: int
    characters: int

    @property
    def tokens(self) -> int:
        """About how many tokens a model reads, to two digits."""
        number = self.characters / CHARACTERS_PER_TOKEN
        digits = max(0, len(str(int(number))) - 2)
        return int(round(number, -digits))

    def __str__(self) -> str:
        tools = "1 tool" if self.tools == 1 else f"{self.tools:,} tools"
        return f"{tools}, about {self.tokens:,} tokens of tools/list"


def of_tools(tools: Any, target: str = "") -> Cost:
    """Of tool definitions, or tools as MCP lists them. target: the target's name, if it is not in the names already."""
    listed = [it for it in tools if isinstance(it, Mapping)] if isinstance(tools, (list, tuple)) else []
    kept = ("name", "title", "description", "inputSchema", "outputSchema", "annotations")
    return _cost([{key: it[key] for key in kept if key in it} for it in listed], target)


def of_openapi(text: str | Mapping[str, Any], target: str = "") -> Cost:
    """Of an OpenAPI document, or its text."""
    return _of_text(text, target, _openapi_tools)


def of_smithy(text: str, target: str = "") -> Cost:
    """Of a Smithy model."""
    return _of_text(text, target, _smithy_tools)


def of_mcp_server(text: str, target: str = "") -> Cost:
    """Of the fixed list of an MCP server: {"tools": [...]} as text."""
    return _of_text(text, target, lambda document: document.get("tools", []))


def _of_text(text: str | Mapping[str, Any], target: str, tools: Callable[[Mapping[str, Any]], Any]) -> Cost:
    try:
        document = files.parse(text, name="schema") if isinstance(text, str) else text
    except InvalidInput:
        return Cost(0, 0)
    return of_tools(tools(document), target) if isinstance(document, Mapping) else Cost(0, 0)


def _cost(tools: list[dict[str, Any]], target: str) -> Cost:
    texts = (json.dumps(it, ensure_ascii=False, separators=(",", ":"), default=str, skipkeys=True) for it in tools)
    prefix = len(target) + len("___") if target else 0
    return Cost(len(tools), sum(len(text) + prefix + 1 for text in texts))


class _Parts:
    """Schemas with what they refer to in its place, within limits."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._left = _MOST_PARTS

    def at(self, part: Any, trail: tuple[str, ...] = ()) -> Any:
        """What a part is once its references are followed; {} where they lead nowhere, or back."""
        while isinstance(part, Mapping) and isinstance(part.get("$ref"), str):
            if part["$ref"] in trail:
                return {}
            trail = (*trail, part["$ref"])
            found: Any = self._document
            for step in steps(part["$ref"]):
                found = found.get(step) if isinstance(found, Mapping) else None
            part = found
        return part if isinstance(part, Mapping) else {}

    def schema(self, part: Any, trail: tuple[str, ...] = ()) -> Any:
        """A schema of OpenAPI as an agent sees it."""
        self._left -= 1
        if self._left < 0:
            return {}
        if isinstance(part, list):
            return [self.schema(it, trail) for it in part]
        if not isinstance(part, Mapping):
            return part
        reference = part.get("$ref")
        if isinstance(reference, str):
            return {} if reference in trail else self.schema(self.at(part), (*trail, reference))
        return {
            str(key): self.schema(value, trail)
            for key, value in part.items()
            if key not in _NOT_SEEN and not str(key).startswith("x-")
        }


def _openapi_tools(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    tools = []
    paths = document.get("paths")
    for given in paths.values() if isinstance(paths, Mapping) else ():
        item = _Parts(document).at(given)
        for method, operation in item.items():
            if str(method).upper() in METHODS and isinstance(operation, Mapping):
                tools.append(_openapi_tool(document, item, operation))
    return tools


def _openapi_tool(document: Mapping[str, Any], item: Mapping[str, Any], operation: Mapping[str, Any]) -> dict[str, Any]:
    parts = _Parts(document)
    properties: dict[str, Any] = {}
    required: list[str] = []
    for owner in (item, operation):
        listed = owner.get("parameters")
        for given in listed if isinstance(listed, list) else ():
            parameter = parts.at(given)
            schema = parts.schema(parameter.get("schema", {}))
            said = {"description": parameter["description"]} if parameter.get("description") else {}
            properties[str(parameter.get("name"))] = {**(schema if isinstance(schema, dict) else {}), **said}
            required += [str(parameter.get("name"))] if parameter.get("required") else []
    content = parts.at(operation.get("requestBody")).get("content")
    for media in list(content.values())[:1] if isinstance(content, Mapping) else ():
        schema = parts.schema(media.get("schema", {})) if isinstance(media, Mapping) else {}
        if isinstance(schema, dict) and isinstance(schema.get("properties"), dict):
            properties |= schema["properties"]
            required += schema["required"] if isinstance(schema.get("required"), list) else []
        else:
            properties["body"] = schema
    return {
        "name": operation.get("operationId", ""),
        "description": operation.get("description") or operation.get("summary") or "",
        "inputSchema": {"type": "object", "properties": properties, **({"required": required} if required else {})},
    }


def _smithy_tools(model: Mapping[str, Any]) -> list[dict[str, Any]]:
    shapes = model.get("shapes")
    if not isinstance(shapes, Mapping):
        return []
    try:
        shapes = flattened(shapes)
    except InvalidInput:
        return []
    services = [it for it in shapes.values() if isinstance(it, Mapping) and it.get("type") == "service"]
    tools = []
    for name in dict.fromkeys(name for service in services for name in bound(service, shapes)):
        operation = shapes.get(name)
        if isinstance(operation, Mapping):
            schema = _Shapes(shapes).schema(operation.get("input"))
            tools.append({"name": name.rpartition("#")[2], **_documented(operation), "inputSchema": schema})
    return tools


class _Shapes:
    """Shapes of a Smithy model as JSON Schema, within limits."""

    def __init__(self, shapes: Mapping[str, Any]) -> None:
        self._shapes = shapes
        self._left = _MOST_PARTS

    def schema(self, member: Any, trail: tuple[str, ...] = ()) -> dict[str, Any]:
        """What a member of a structure, an item or an input is to an agent."""
        self._left -= 1
        target = member.get("target") if isinstance(member, Mapping) else None
        shape = self._shapes.get(target) if isinstance(target, str) else None
        if not isinstance(shape, Mapping):
            plain = str(target).rpartition("#")[2]
            return {"type": _TYPES.get(plain[:1].lower() + plain[1:], "object"), **_documented(member)}
        if target in trail or self._left < 0:
            return {"type": "object"}
        trail = (*trail, str(target))
        kind = str(shape.get("type"))
        schema: dict[str, Any] = {"type": _TYPES.get(kind, "object"), **_documented(shape), **_documented(member)}
        members = shape.get("members")
        if kind in ("enum", "intEnum") and isinstance(members, Mapping):
            schema["enum"] = list(members)
        elif kind in ("list", "set"):
            schema["items"] = self.schema(shape.get("member"), trail)
        elif kind == "map":
            schema["additionalProperties"] = self.schema(shape.get("value"), trail)
        elif isinstance(members, Mapping):
            schema["properties"] = {str(name): self.schema(it, trail) for name, it in members.items()}
            needed = [str(name) for name, it in members.items() if "smithy.api#required" in _traits(it)]
            schema |= {"required": needed} if needed else {}
        return schema


def _traits(shape: Any) -> Mapping[str, Any]:
    traits = shape.get("traits") if isinstance(shape, Mapping) else None
    return traits if isinstance(traits, Mapping) else {}


def _documented(shape: Any) -> dict[str, Any]:
    said = _traits(shape).get("smithy.api#documentation")
    return {"description": said} if said else {}
