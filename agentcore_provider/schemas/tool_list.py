"""What a schema offers as tools: their names, descriptions, and a fingerprint of everything an agent sees of each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from agentcore_provider.documents import files, smithy_shapes
from agentcore_provider.documents.limits import Unreadable
from agentcore_provider.errors import InvalidInput

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
RESOURCE_OPERATIONS = ("create", "put", "read", "update", "delete", "list")
Tool = dict[str, str]


def defined(tools: Any) -> list[Tool]:
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
    for item, operation in _operations(document):
        name = operation.get("operationId")
        if isinstance(name, str) and name:
            shared = {key: value for key, value in item.items() if key not in _METHODS}
            seen = [shared, operation, *_referred_to([shared, operation], document)]
            found.append(_tool(name, operation.get("description") or operation.get("summary"), seen))
    return found


def of_smithy(text: str) -> list[Tool]:
    """Of a Smithy model: one for each operation of its services."""
    model = _parsed(text)
    shapes = model.get("shapes") if isinstance(model, Mapping) else None
    if not isinstance(shapes, Mapping):
        return []
    try:
        shapes = smithy_shapes.flattened(shapes)
    except Unreadable:
        return []
    listed: dict[str, None] = {}
    for shape in shapes.values():
        if isinstance(shape, Mapping) and shape.get("type") == "service":
            listed |= dict.fromkeys(bound(shape, shapes))
    found = []
    for identifier in listed:
        shape = shapes.get(identifier)
        if isinstance(shape, Mapping):
            traits = shape.get("traits")
            said = traits.get("smithy.api#documentation") if isinstance(traits, Mapping) else None
            found.append(_tool(identifier.rpartition("#")[2], said, _shapes_below(identifier, shapes)))
    return found


def _parsed(text: str) -> Any:
    try:
        return files.parse(text, name="schema")
    except InvalidInput:
        return None


def _tool(name: str, description: Any, content: Any) -> Tool:
    try:
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    except TypeError:  # names of more than one type, as YAML may have them, have no order
        canonical = json.dumps(content, separators=(",", ":"), default=str, skipkeys=True)
    return {
        "name": name,
        "description": description if isinstance(description, str) else "",
        "fingerprint": hashlib.sha256(canonical.encode()).hexdigest()[:12],
    }


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    paths = document.get("paths")
    for item in paths.values() if isinstance(paths, Mapping) else ():
        if isinstance(item, Mapping):
            for method in _METHODS:
                if isinstance(item.get(method), Mapping):
                    yield item, item[method]


def _referred_to(node: Any, document: Mapping[str, Any]) -> list[Any]:
    """Everything of the document that a part of it refers to, at every depth, each once."""
    seen: dict[str, Any] = {}
    left = [node]
    while left:
        current = left.pop()
        if isinstance(current, Mapping):
            reference = current.get("$ref")
            if isinstance(reference, str) and reference not in seen:
                seen[reference] = _at(document, reference)
                left.append(seen[reference])
            left += current.values()
        elif isinstance(current, list):
            left += current
    return [seen[reference] for reference in sorted(seen)]


def _at(document: Any, reference: str) -> Any:
    for step in reference.lstrip("#").split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        document = document.get(key) if isinstance(document, Mapping) else None
    return document


def bound(service: Mapping[str, Any], shapes: Mapping[str, Any]) -> Iterator[str]:
    """Operations of a service, and of the resources below it."""
    visited: set[str] = set()
    ahead = [service]
    while ahead:
        owner = ahead.pop()
        named = [owner.get(key) for key in RESOURCE_OPERATIONS]
        for key in ("operations", "collectionOperations"):
            named += _list(owner.get(key))
        for reference in named:
            if isinstance(reference, Mapping) and isinstance(reference.get("target"), str):
                yield reference["target"]
        below = []
        for reference in _list(owner.get("resources")):
            target = reference.get("target") if isinstance(reference, Mapping) else None
            if isinstance(target, str) and target not in visited and isinstance(shapes.get(target), Mapping):
                visited.add(target)
                below.append(shapes[target])
        ahead += reversed(below)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _shapes_below(identifier: str, shapes: Mapping[str, Any]) -> list[Any]:
    """A shape and all that it is made of, each once."""
    seen: dict[str, Any] = {}
    left: list[Any] = [{"target": identifier}]
    while left:
        current = left.pop()
        if isinstance(current, Mapping):
            target = current.get("target")
            if isinstance(target, str) and target not in seen and target in shapes:
                seen[target] = shapes[target]
                left.append(shapes[target])
            left += current.values()
        elif isinstance(current, list):
            left += current
    return [[target, seen[target]] for target in sorted(seen)]
