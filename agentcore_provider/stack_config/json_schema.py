"""The JSON schema of `agentcore:gateways`: gateways.schema.json, with the arguments of resources as keys.

Beside the keywords of JSON Schema the file has three of its own. `argumentsOf` adds the arguments of a resource that are
members of AWS's API, described as in its constructor and limited as in AWS's model; what the file states of such a key
itself wins. `also` adds the keys of a definition. `secrecy` states which values are secrets.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module, resources
from typing import Any

from agentcore_provider.arguments import table
from agentcore_provider.rules import service_model
from agentcore_provider.stack_config.places import Place

Schema = dict[str, Any]

# Keywords that describe a value completely: nothing is added to them.
_COMPLETE = ("type", "enum", "$ref", "anyOf")
_RESOURCES = {
    "Gateway": "gateway",
    "GatewayTarget": "gateway_target",
    "ApiKeyCredentialProvider": "api_key_credential_provider",
    "OAuth2CredentialProvider": "oauth2_credential_provider",
}


@cache
def schema() -> Schema:
    """The JSON schema of `agentcore:gateways`, in keywords of JSON Schema and `secrecy`."""
    text = resources.files(__package__).joinpath("gateways.schema.json").read_text(encoding="utf-8")
    document: Schema = json.loads(text)
    definitions = document["$defs"]
    shared = {node["also"] for node in _nodes(document) if "also" in node}
    for node in _nodes(document):
        if "argumentsOf" in node:
            node["properties"] = _with_arguments(node["properties"], **node.pop("argumentsOf"))
    for node in _nodes(document):
        if "also" in node:
            node["properties"] = {**definitions[node.pop("also")]["properties"], **node.get("properties", {})}
    document["$defs"] = {name: it for name, it in definitions.items() if name not in shared}
    return document


def _nodes(node: object) -> list[Schema]:
    """The node and all mappings below it."""
    below = node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ()
    return [*([node] if isinstance(node, dict) else []), *(it for one in below for it in _nodes(one))]


def _with_arguments(written: Schema, *, resource: str, **without: list[str]) -> Schema:
    module = import_module(f"agentcore_provider.resources.{_RESOURCES[resource]}")
    found = table.arguments(getattr(module, resource))
    derived = {name: of_argument(it) for name, it in found.items() if name not in without["except"]}
    own = {
        name: node if any(it in node for it in _COMPLETE) else {**derived.get(name, {}), **node}
        for name, node in written.items()
    }
    return {**derived, **own}


def of_argument(argument: table.Argument) -> Schema:
    """The schema of a key for an argument."""
    # That a change updates in place goes without saying in a stack file.
    description = argument.description.replace(" Updates in place.", "").replace("AWS's document", "AWS's own document")
    return {"description": description, **_of_shape(argument.shape)}


def _of_shape(name: str) -> Schema:
    shape = service_model.load(service_model.CONTROL)["shapes"][name]
    kind = shape["type"]
    limits = {"string": "Length", "list": "Items", "map": "Properties", "integer": "imum", "long": "imum"}.get(kind, "")
    limited = {f"{end}{limits}": shape[end] for end in ("min", "max") if shape.get(end) and limits}
    secrecy = {"secrecy": "allowed"} if shape.get("sensitive") else {}
    if kind == "structure":
        return {"$ref": "#/$defs/document"}
    if "enum" in shape:
        return {"enum": [*shape["enum"]]}
    if kind == "list":
        return {"type": "array", **limited, "items": _of_shape(shape["member"]["shape"])}
    if kind == "map":
        return {"type": "object", **limited, "additionalProperties": _of_shape(shape["value"]["shape"])}
    pattern = {"pattern": f"^{shape['pattern'].strip('^$')}$"} if "pattern" in shape else {}
    return {"type": {"long": "integer"}.get(kind, kind), **limited, **pattern, **secrecy}


def secrecy(place: Place) -> str | None:
    """Whether the value at a place is a secret: "always", "allowed" if its writer may make it one, else None."""
    nodes = [schema()]
    for part in place:
        nodes = [below for node in nodes for below in _below(node, part)]
    found = [it for node in nodes for it in (meant.get("secrecy") for meant in _alternatives(node)) if it]
    return str(found[0]) if found else None


def _below(node: Schema, part: str | int) -> Iterator[Schema]:
    for meant in _alternatives(node):
        if isinstance(part, int):
            below = meant.get("items")
        else:
            below = meant.get("properties", {}).get(part, meant.get("additionalProperties"))
        if isinstance(below, Mapping):
            yield dict(below)
        elif below is not False and meant.get("secrecy") and meant.get("type", "object") in ("object", "array"):
            # Inside a document that only AWS describes.
            yield {"secrecy": meant["secrecy"]}
        elif below is None and meant.keys() == {"secrecy"}:
            yield dict(meant)


def _alternatives(node: Schema) -> Iterator[Schema]:
    name = str(node.get("$ref", "")).rpartition("/")[2]
    meant = {**schema()["$defs"].get(name, {}), **node}
    if "anyOf" in meant:
        for one in meant["anyOf"]:
            yield from _alternatives(one)
    else:
        yield meant
