"""The JSON schema of `agentcore:gateways`: the arguments of resources and the fields of records as keys.

gateways.schema.json has what does not follow from these: which objects there are, their descriptions and short forms, keys
that exclude each other, and what a stack file has in another form than a program. `beside` has the keys of the stack's
configuration that stand beside agentcore:gateways. Beside the keywords of JSON Schema it
has: `document`, that an object is AWS's; `keysOf`, the classes or definitions whose keys an object has, `without` some of them; `membersOf`, the structure of
AWS's model that an object is; `secrecy`, whether a value may be or always is a secret. A keyword in the file wins over
the one that follows, and null removes it. A node that states `type`, `enum`, `anyOf` or `$ref` is complete.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from agentcore_provider.arguments.members import member_name
from agentcore_provider.resources import targets
from agentcore_provider.rules.codes import CODES
from agentcore_provider.stack_config import key_schemas, keys
from agentcore_provider.stack_config.key_schemas import ModelShape, Schema
from agentcore_provider.stack_config.places import GATEWAYS, Place

_COMPLETE = ("type", "enum", "$ref", "anyOf", "keysOf", "membersOf")
_OWN = ("keysOf", "membersOf", "without")


@cache
def schema() -> Schema:
    """The JSON schema of `agentcore:gateways`, in keywords of JSON Schema, `secrecy` and `document`."""
    written = _written()
    written.pop("beside")
    shared, kinds = written.pop("keys"), _kinds()
    definitions = {**kinds, **{name: {**kinds.get(name, {}), **node} for name, node in written["$defs"].items()}}
    definitions["accept"]["items"] = {"enum": [*CODES]}
    target = definitions["target"]
    target["oneOf"] = [{"required": [kind]} for kind in keys.KINDS]
    target["properties"] |= {kind: {"$ref": f"#/$defs/{member_name(kind)}"} for kind in keys.KINDS[:-1]}
    found = {name: _expanded(node, definitions, shared) for name, node in definitions.items()}
    for kind, short in keys.SHORT.items():
        found[member_name(kind)] = _with_short_form(found[member_name(kind)], short)
    included = {name for node in _nodes(definitions) for name in node.get("keysOf", ())}
    return {**written, "$defs": {name: it for name, it in found.items() if name not in included}}


@cache
def configuration_schema() -> Schema:
    """The same for all keys of the configuration that describe resources, without `agentcore:`."""
    gateways = dict(schema())
    definitions = gateways.pop("$defs")
    properties = {GATEWAYS: gateways, **_written()["beside"]}
    return {"type": "object", "properties": properties, "$defs": definitions}


def _written() -> Schema:
    text = resources.files(__package__).joinpath("gateways.schema.json").read_text(encoding="utf-8")
    written: Schema = json.loads(text)
    return written


def _kinds() -> Schema:
    """The definition of each kind of target, as far as it follows from its record."""
    found = {}
    for key, record in {**targets.RECORDS, **targets.SHORTCUTS}.items():
        about, _, _ = (inspect.getdoc(record) or "").partition("\n")
        found[member_name(key)] = {"description": about, "title": record.kind.label, "keysOf": [record.__name__]}
    return found


def _with_short_form(node: Schema, key: str) -> Schema:
    """The object, or the text that stands for its one required key."""
    if node.get("required") != [key]:
        return node
    about = {it: node.pop(it) for it in ("description", "title")}
    short = {it: value for it, value in node["properties"][key].items() if it in ("maxLength", "secrecy")}
    return {**about, "anyOf": [{"type": "string", "minLength": 1, **short}, node]}


def _nodes(node: object) -> Iterator[Schema]:
    """The node and all schemas below it."""
    if isinstance(node, list):
        for one in node:
            yield from _nodes(one)
    elif isinstance(node, dict):
        yield node
        for below in node.values():
            yield from _nodes(below)


def _expanded(node: Any, definitions: Schema, shared: Schema) -> Any:
    """A schema of the file, and all below it, with what follows. shared: keys that are the same in several objects."""
    if isinstance(node, list):
        return [_expanded(it, definitions, shared) for it in node]
    if not isinstance(node, dict):
        return node
    found = {key: it for key, it in node.items() if key not in _OWN}
    if "membersOf" in node:
        found = {**_above(key_schemas.of_structure(ModelShape(node["membersOf"])), found), "document": True}
    elif "keysOf" in node:
        found = _above(_with_keys(node, definitions, shared), found)
    return {
        key: {name: _expanded(one, definitions, shared) for name, one in it.items()}
        if key == "properties"
        else _expanded(it, definitions, shared)
        for key, it in found.items()
        if it is not None
    }


def _with_keys(node: Schema, definitions: Schema, shared: Schema) -> Schema:
    """The object with the keys of `keysOf`: of a key in several the first, required if it is in all of them."""
    parts = [
        _expanded(definitions[it], definitions, shared) if it in definitions else key_schemas.of_class(it)
        for it in node["keysOf"]
    ]
    properties: Schema = {}
    for key in dict.fromkeys(key for part in parts for key in part["properties"]):
        if key not in node.get("without", ()):
            first = next(part["properties"][key] for part in parts if key in part["properties"])
            properties[key] = _key(first, shared.get(key, {}))
    optional = {key for part in parts for key in part["properties"] if key not in part.get("required", ())}
    required = [key for key in properties if key not in optional]
    beside = {"required": required} if required else {}
    return {"type": "object", **beside, "additionalProperties": False, "properties": properties}


def _above(derived: Schema, written: Schema) -> Schema:
    """What is written, above what follows."""
    found = {**derived, **written}
    for key in derived.keys() & written.keys():
        one, other = derived[key], written[key]
        if key == "properties":
            found[key] = {**one, **{name: _key(one.get(name, {}), it) for name, it in other.items()}}
        elif key in ("items", "additionalProperties") and isinstance(one, dict) and isinstance(other, dict):
            found[key] = _key(one, other)
    return found


def _key(derived: Schema, written: Schema) -> Schema:
    return written if any(it in written for it in _COMPLETE) else _above(derived, written)


def secrecy(place: Place) -> str | None:
    """Whether the value at a place is a secret: "always", "allowed" if its writer may make it one, else None."""
    found = [it for node in _at(place) for it in (meant.get("secrecy") for meant in _alternatives(node)) if it]
    return str(found[0]) if found else None


def has_own_keys(place: Place) -> bool:
    """Whether the value at a place is an object of keys that decide what is declared, and not one of AWS's documents.

    False where any text may stand for the object, such as the address of an MCP server.
    """
    nodes = list(_at(place))
    meant = [one for node in nodes for one in _alternatives(node)]
    return not any(_is_free_text(it) for it in meant) and any(map(_names_keys, meant))


def _at(place: Place) -> Iterable[Schema]:
    nodes = [configuration_schema()]
    for part in place:
        nodes = [below for node in nodes for below in _below(node, part)]
    return nodes


def _is_free_text(node: Schema) -> bool:
    return node.get("type") == "string" and "enum" not in node


def _names_keys(node: Schema) -> bool:
    below = node.get("additionalProperties")
    if isinstance(below, Mapping):
        return any(map(_names_keys, _alternatives(dict(below))))
    return "properties" in node and not node.get("document")


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
