"""An OpenAPI document as operations: references resolved, servers chosen, one record for each operation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import yaml

from agentcore_provider.local.tool_schemas.tool_schema import SchemaUnreadableError

OpenApi = dict[str, Any]
"""An OpenAPI document, or an object in one."""

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
BODY = "body"
"""The argument that carries a request body that is not an object."""
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


class _Loader(yaml.SafeLoader):
    """YAML 1.1 as the service's reader takes it (swagger-parser 2.1.22): dates and a lone = are text."""


_TEXT = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:value")
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _TEXT]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Parameter:
    """One parameter. `media_type` is set for a parameter that travels as a document of its own."""

    name: str
    place: str
    required: bool
    schema: OpenApi
    description: str
    style: str
    explode: bool
    media_type: str | None


@dataclass(frozen=True)
class Body:
    """A request body of the media type that the gateway sends."""

    media_type: str
    schema: OpenApi
    required: bool
    encoding: OpenApi

    @property
    def is_object(self) -> bool:
        """Whether its properties are arguments of the tool; else the whole body is one."""
        return self.schema.get("type", "object") == "object" and bool(self.schema.get("properties"))


@dataclass(frozen=True)
class Operation:
    """One operation. `server` is an address without a slash at the end; its variables have their defaults."""

    operation_id: str
    method: str
    path: str
    server: str
    description: str
    parameters: tuple[Parameter, ...]
    body: Body | None


def parse(text: str) -> OpenApi:
    """The document in JSON or YAML text. Raises SchemaUnreadableError."""
    try:
        document = _json(text) or yaml.load(text, _Loader)  # noqa: S506
    except RecursionError:
        raise SchemaUnreadableError("the OpenAPI schema is nested too deeply") from None
    except (ValueError, yaml.YAMLError) as error:
        raise SchemaUnreadableError(f"the OpenAPI schema is neither JSON nor YAML: {error}") from error
    if not isinstance(document, dict):
        raise SchemaUnreadableError("the OpenAPI schema is not an object")
    return document


def _json(text: str) -> object:
    """None for a text that is not JSON: YAML may begin with a brace too."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def at(document: object, reference: str) -> object:
    """What a reference within a document points to, None if that is nothing."""
    # A reference is part of a URI, so braces in it may be percent-encoded.
    for written in (reference, unquote(reference)):
        found = document
        for step in written.split("/")[1:]:
            found = _child(found, step.replace("~1", "/").replace("~0", "~"))
        if found is not None:
            return found
    return None


def _child(parent: object, key: str) -> object:
    if isinstance(parent, dict) and key in parent:
        return parent[key]
    if not key.isdecimal():
        return None
    # A status code without quotes is a number in YAML.
    if isinstance(parent, dict):
        return parent.get(int(key))
    return parent[int(key)] if isinstance(parent, list) and int(key) < len(parent) else None


def operations(document: OpenApi) -> Iterator[Operation]:
    """The operations that have an operationId, in the document's order."""
    resolver = _Resolver(document)
    for path, item in (document.get("paths") or {}).items():
        path_item = resolver.shallow(item)
        for method in METHODS:
            operation = path_item.get(method)
            if isinstance(operation, dict) and operation.get("operationId"):
                yield _operation(resolver, path, path_item, method, operation)


def _operation(resolver: _Resolver, path: str, item: OpenApi, method: str, operation: OpenApi) -> Operation:
    found = {
        (parameter.place, parameter.name): parameter
        for part in [*(item.get("parameters") or []), *(operation.get("parameters") or [])]
        if (parameter := _parameter(resolver, part)) is not None
    }
    servers = operation.get("servers") or item.get("servers") or resolver.document.get("servers") or []
    return Operation(
        operation_id=str(operation["operationId"]),
        method=method.upper(),
        path=path,
        server=_server(servers[0] if servers else {}),
        description=str(
            operation.get("description")
            or operation.get("summary")
            or item.get("summary")
            # Observed on the service (public transcripts of 2026).
            or operation["operationId"]
        ),
        parameters=tuple(found.values()),
        body=_body(resolver, operation.get("requestBody")),
    )


def _parameter(resolver: _Resolver, part: object) -> Parameter | None:
    parameter = resolver.shallow(part)
    if "name" not in parameter or "in" not in parameter:
        return None
    place = parameter["in"]
    media_type, schema = None, parameter.get("schema")
    for media_type, content in (parameter.get("content") or {}).items():  # noqa: B007 (there is one at most)
        schema = content.get("schema")
    style = parameter.get("style") or ("form" if place in ("query", "cookie") else "simple")
    return Parameter(
        name=str(parameter["name"]),
        place=place,
        required=bool(parameter.get("required")) or place == "path",
        schema=resolver.deep(schema or {}),
        description=str(parameter.get("description") or ""),
        style=style,
        explode=bool(parameter.get("explode", style in ("form", "deepObject"))),
        media_type=media_type,
    )


def _body(resolver: _Resolver, part: object) -> Body | None:
    body = resolver.shallow(part)
    content = body.get("content") or {}
    ranked = sorted(content, key=_preference)
    if not ranked:
        return None
    media = content[ranked[0]] or {}
    schema = resolver.deep(media.get("schema") or {})
    # */* and the like leave the choice to the client.
    media_type = _JSON if "*" in ranked[0] else ranked[0]
    return Body(media_type, schema, bool(body.get("required")), media.get("encoding") or {})


def _preference(media_type: str) -> int:
    plain = media_type.partition(";")[0].strip().lower()
    if plain == _JSON:
        return 0
    if plain.endswith("+json") or "*" in plain:
        return 1
    return {_FORM: 2, _MULTIPART: 3}.get(plain, 4)


def _server(server: OpenApi) -> str:
    url = str(server.get("url") or "")
    for name, variable in (server.get("variables") or {}).items():
        url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
    return url.rstrip("/")


class _Resolver:
    """Follows references inside one document."""

    def __init__(self, document: OpenApi) -> None:
        self.document = document

    def shallow(self, part: object) -> OpenApi:
        """What a part refers to; references inside it stay."""
        followed: set[str] = set()
        while isinstance(part, dict) and isinstance(part.get("$ref"), str) and part["$ref"] not in followed:
            followed.add(part["$ref"])
            part = self._find(part["$ref"])
        return part if isinstance(part, dict) else {}

    def deep(self, schema: object, inside: tuple[str, ...] = ()) -> OpenApi:
        """A schema with every reference replaced; where it would contain itself, there is an object of any kind."""
        if not isinstance(schema, dict):
            return {}
        reference = schema.get("$ref")
        if isinstance(reference, str):
            if reference in inside:
                return {"type": "object", "description": f"Another {reference.rpartition('/')[2]}."}
            beside = {key: value for key, value in schema.items() if key != "$ref"}
            return {**self.deep(self._find(reference), (*inside, reference)), **self.deep(beside, inside)}
        return {key: self._part(key, value, inside) for key, value in schema.items()}

    def _part(self, key: str, value: object, inside: tuple[str, ...]) -> object:
        # A property may be named like a keyword, so only members that hold schemas are read.
        if key in ("properties", "patternProperties") and isinstance(value, dict):
            return {name: self.deep(part, inside) for name, part in value.items()}
        if key in ("items", "additionalProperties", "not") and isinstance(value, dict):
            return self.deep(value, inside)
        if key in ("oneOf", "anyOf", "allOf", "prefixItems") and isinstance(value, list):
            return [self.deep(part, inside) for part in value]
        return value

    def _find(self, reference: str) -> object:
        return at(self.document, reference) if reference.startswith("#") else {}
