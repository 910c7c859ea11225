"""What the service refuses in an OpenAPI document. Source: AgentCore developer guide, gateway-schema-openapi."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import yaml

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_COMPOSITIONS = ("oneOf", "anyOf", "allOf")
_SERIALIZERS = ("matrix", "label", "deepObject")


def problems(text: str, target_name: str, longest_tool_name: int) -> Iterator[str]:
    """Everything that makes this document unfit for a target."""
    try:
        document = json.loads(text) if text.lstrip().startswith("{") else yaml.safe_load(text)
    except (ValueError, yaml.YAMLError) as error:
        yield f"OpenAPI schema is neither JSON nor YAML: {str(error).splitlines()[0]}"
        return
    version = document.get("openapi") if isinstance(document, dict) else None
    if not str(version).startswith(("3.0", "3.1")):
        yield f"OpenAPI schema must be of version 3.0 or 3.1, found {version}"
        return
    yield from _server_problems(document)
    if "security" in document:
        yield "OpenAPI schema must not have security at the top; choose credentialProviderConfigurations instead"
    if document.get("webhooks"):
        yield "OpenAPI schema must not have webhooks"
    names: Counter[str] = Counter()
    for where, item, operation in _operations(document):
        if operation_id := operation.get("operationId"):
            names[operation_id] += 1
        else:
            yield f"operationId is missing in {where}"
        yield from _operation_problems(document, item, operation, where)
    if not names:
        yield "OpenAPI schema must have at least one operation with an operationId"
    for name, count in names.items():
        if count > 1:
            yield f"operationId {name} is used {count} times"
        if len(f"{target_name}___{name}") > longest_tool_name:
            yield f"Tool name {target_name}___{name} is longer than {longest_tool_name}"


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for path, item in (document.get("paths") or {}).items():
        for method in _METHODS:
            operation = item.get(method) if isinstance(item, dict) else None
            if isinstance(operation, dict):
                yield f"{method.upper()} {path}", item, operation


def _server_problems(document: dict[str, Any]) -> Iterator[str]:
    servers = document.get("servers")
    if not isinstance(servers, list) or not servers:
        yield "OpenAPI schema must have a server with an absolute URL"
        return
    for server in servers:
        url = str(server.get("url", "")) if isinstance(server, dict) else ""
        scheme, separator, rest = url.partition("://")
        if not separator or scheme not in ("http", "https"):
            yield f"Server URL must be absolute: {url!r}"
        elif "{" in rest.partition("/")[0]:
            yield f"Server URL must not have a templated host: {url}"


def _operation_problems(
    document: dict[str, Any], item: dict[str, Any], operation: dict[str, Any], where: str
) -> Iterator[str]:
    if operation.get("callbacks"):
        yield f"callbacks are not supported: {where}"
    for parameter in [*(item.get("parameters") or []), *(operation.get("parameters") or [])]:
        resolved = _resolve(document, parameter)
        if resolved.get("style") in _SERIALIZERS:
            yield f"Parameter style {resolved['style']} is not supported: {resolved.get('name')} of {where}"
        yield from _composition_problems(document, resolved.get("schema"), where, ())
    body = _resolve(document, operation.get("requestBody") or {})
    for media in (body.get("content") or {}).values():
        yield from _composition_problems(document, media.get("schema"), where, ())
    for response in (operation.get("responses") or {}).values():
        if isinstance(response, dict) and _resolve(document, response).get("links"):
            yield f"links are not supported: {where}"


def _composition_problems(document: dict[str, Any], schema: Any, where: str, seen: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(schema, dict):
        return
    reference = schema.get("$ref")
    if isinstance(reference, str):
        if reference not in seen:
            yield from _composition_problems(document, _resolve(document, schema), where, (*seen, reference))
        return
    for keyword in _COMPOSITIONS:
        if keyword in schema:
            yield f"{keyword} is not supported in the input of {where}"
    # A property may well be named like a keyword, so only schemas are looked into.
    for part in [*(schema.get("properties") or {}).values(), schema.get("items"), schema.get("additionalProperties")]:
        yield from _composition_problems(document, part, where, seen)


def _resolve(document: dict[str, Any], part: Any) -> dict[str, Any]:
    reference = part.get("$ref") if isinstance(part, dict) else None
    found: Any = part
    if isinstance(reference, str):
        found = document
        for step in reference.removeprefix("#/").split("/"):
            key = step.replace("~1", "/").replace("~0", "~")
            found = found.get(key, {}) if isinstance(found, dict) else {}
    return found if isinstance(found, dict) else {}
