"""A built-in schema's data, turned into an OpenAPI 3.0 document."""

from __future__ import annotations

from collections.abc import Sequence

from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.schemas.builtins.entry import Entry, Operation
from agentcore_provider.schemas.builtins.shorthand import member, schema

# The data file's section, and where OpenAPI says the parameter goes.
_PLACES = ("path", "query", "header")
_ANSWERS = {"201": "Created.", "202": "Taken on; it is done later.", "204": "Done; there is no content."}


def document(entry: Entry, server_url: str, operations: Sequence[Operation]) -> JsonDict:
    """The OpenAPI 3.0 document with these operations on this server."""
    paths: dict[str, JsonDict] = {}
    for one in operations:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, entry.data["operations"][one.name])
    return {
        "openapi": "3.0.3",
        "info": {"title": entry.title, "version": str(entry.data.get("version", "1"))},
        "servers": [{"url": server_url}],
        "paths": paths,
    }


def _operation(one: Operation, data: JsonObject) -> JsonDict:
    parameters = [_parameter(place, name, spec) for place in _PLACES for name, spec in data.get(place, {}).items()]
    result: JsonDict = {"operationId": one.name, "description": f"{one.description}."}
    if parameters:
        result["parameters"] = parameters
    if "body" in data:
        result["requestBody"] = _body(data)
    result["responses"] = _responses(str(data.get("answer", "200 object")))
    return result


def _parameter(place: str, name: str, spec: object) -> JsonDict:
    # Square brackets belong to some vendors' names, so only objects fold them into arrays.
    name, required, below = member(name, spec)
    description = below.pop("description", None)
    return {
        "name": name,
        "in": place,
        "required": required or place == "path",
        **({"description": description} if description else {}),
        "schema": below,
    }


def _body(data: JsonObject) -> JsonDict:
    of = schema(data["body"])
    media = data.get("media", "application/json")
    required = data.get("body_required", bool(of.get("required")) or of.get("type") != "object")
    return {"required": required, "content": {media: {"schema": of}}}


def _responses(answer: str) -> JsonDict:
    status, _, kind = answer.partition(" ")
    response: JsonDict = {"description": _ANSWERS.get(status, "The answer.")}
    of = schema(kind) if kind else {}
    # Targets fail with any type that a binary answer has; without one it is passed on as it comes.
    if kind and of.get("format") != "binary":
        response["content"] = {"application/json": {"schema": of}}
    return {status: response}
