"""Schemas of keys, from the arguments and fields that they stand for: type, limits, choices, default, description.

The type is that of the signature; limits, choices and what is sensitive are those of AWS's model, where the argument
is a member of it.
"""

from __future__ import annotations

import dataclasses
import json
import re
import types
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

import agentcore_provider
from agentcore_provider import target_kinds
from agentcore_provider.arguments import table
from agentcore_provider.arguments.members import member_name
from agentcore_provider.resources import credentials, rate_limits, routes, targets
from agentcore_provider.rules import service_model

Schema = dict[str, Any]

DOCUMENT: Schema = {"$ref": "#/$defs/document"}

_TEXT: Schema = {"type": "string", "minLength": 1}
_SIMPLE: Mapping[object, Schema] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: _TEXT,
}
# AWS's names of the fields of a part, by the names of these fields.
_PARTS = {frozenset(names): names for kind in target_kinds.KINDS for names in kind.parts.values()}
_LIMITS = {"string": "Length", "list": "Items", "map": "Properties", "integer": "imum", "long": "imum"}
# That a change updates in place goes without saying in a stack file.
_UPDATES = re.compile(r" (?:Changing (?:it|them)|A new (?:one|key))? ?[Uu]pdates (?:in place|nothing)\.")
# Structures that some arguments are members of, further down in the document.
_BELOW = {
    "Gateway": "MCPGatewayConfiguration",
    "JwtAuthorizer": "CustomJWTAuthorizerConfiguration",
    "OAuth2CredentialProvider": "CustomOauth2ProviderConfigInput",
}
_GROUP = re.compile(r"\([^()]*\)")
_RECORDS = "CreateGatewayTarget", "targetConfiguration"
_CREDENTIALS = "CreateGatewayTarget", "credentialProviderConfigurations", "credentialProvider"


class ModelShape(NamedTuple):
    """A shape of AWS's model of a service."""

    name: str
    service: str = service_model.CONTROL

    @property
    def definition(self) -> Mapping[str, Any]:
        """The shape in the model."""
        found: Mapping[str, Any] = service_model.load(self.service)["shapes"][self.name]
        return found

    def other(self, reference: Mapping[str, str]) -> ModelShape:
        """The shape that this one refers to."""
        return self._replace(name=reference["shape"])


@cache
def of_class(name: str) -> Schema:
    """The object with a key for each argument of a resource, or each field of a record, of this name."""
    modules = (targets, credentials, routes, rate_limits, agentcore_provider)
    found = next(it for module in modules if (it := getattr(module, name, None)))
    return _of_record(found, _shapes(found))


def of_argument(argument: table.Parameter, shape: ModelShape | None = None) -> Schema:
    """The schema of a key for an argument. shape: the member's in AWS's model, if it is one."""
    description = _UPDATES.sub("", f" {argument.description}").strip().replace("AWS's document", "AWS's own document")
    default, stated = argument.default, re.search(r"Default: ([^.]+(?:\.\w+)*)", description)
    known = {"default": default} if stated and isinstance(default, (str, int)) and stated[1] == str(default) else {}
    if known:
        description = description.replace(f"Default: {default}", f"Default: {_written(default)}")
    return {"description": description, **known, **_of_type(argument.annotation, shape)}


def of_shape(shape: ModelShape) -> Schema:
    """The schema of a value that has a shape of AWS's model; of a structure the reference to any document."""
    it = shape.definition
    kind = it["type"]
    limited = {f"{end}{_LIMITS[kind]}": it[end] for end in ("min", "max") if it.get(end) and kind in _LIMITS}
    secrecy = {"secrecy": "allowed"} if it.get("sensitive") else {}
    if kind == "structure":
        return dict(DOCUMENT)
    if "enum" in it:
        return {"enum": [*it["enum"]]}
    if kind == "list":
        return {"type": "array", **limited, "items": of_shape(shape.other(it["member"]))}
    if kind == "map":
        return {"type": "object", **limited, "additionalProperties": of_shape(shape.other(it["value"]))}
    return {"type": {"long": "integer"}.get(kind, kind), **limited, **_pattern(it.get("pattern")), **secrecy}


def of_structure(shape: ModelShape) -> Schema:
    """The object that has the members of a structure of AWS's model, by AWS's names."""
    it = shape.definition
    found: Schema = {"type": "object", "additionalProperties": False}
    if it.get("union"):
        found |= {"minProperties": 1, "maxProperties": 1}
    if it.get("required"):
        found["required"] = [*it["required"]]
    below = {name: shape.other(member) for name, member in it["members"].items()}
    is_structure = {one: one.definition["type"] == "structure" for one in below.values()}
    found["properties"] = {name: (of_structure if is_structure[one] else of_shape)(one) for name, one in below.items()}
    return found


def _of_record(record: type[object], shapes: Mapping[str, ModelShape]) -> Schema:
    found = table.parameters(record)
    required = [name for name, it in found.items() if it.default is table.REQUIRED]
    return {
        "type": "object",
        **({"required": required} if required else {}),
        "additionalProperties": False,
        "properties": {name: of_argument(it, shapes.get(name)) for name, it in found.items()},
    }


def _of_type(annotation: object, shape: ModelShape | None) -> Schema:
    """The first form of a value that a stack file can have."""
    for one in get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else (annotation,):
        form = _of_form(one, shape)
        if form is not None:
            return form
    return {}


def _of_form(annotation: Any, shape: ModelShape | None) -> Schema | None:
    """The schema of one form; None for one that stack files do not have, such as an Output."""
    kind, own = get_origin(annotation) or annotation, of_shape(shape) if shape else {}
    if kind is Literal:
        return {"enum": [*get_args(annotation)]}
    if kind in (Mapping, Sequence):
        return _of_container(annotation, shape, own)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return _of_record(kind, _members(kind, shape) if shape and own == DOCUMENT else {})
    simple = _SIMPLE.get(kind)
    if simple is None or "enum" in own:
        return own if own and (simple or kind is Any) else None
    return {**simple, **own} if own.get("type") == simple["type"] else dict(simple)


def _of_container(annotation: Any, shape: ModelShape | None, own: Schema) -> Schema:
    arguments = get_args(annotation)
    if get_origin(annotation) is Sequence:
        is_list = shape is not None and own.get("type") == "array"
        items = _of_type(arguments[0], shape.other(shape.definition["member"]) if shape and is_list else None)
        return {"type": "array", **(own if is_list else {}), "items": items}
    if own == DOCUMENT or own.get("type") == "object":
        return own
    below = _of_type(arguments[1], None)
    return {"type": "object", "additionalProperties": below} if below else dict(DOCUMENT)


def _shapes(record: Any) -> Mapping[str, ModelShape]:
    """The shape in AWS's model of each argument or field that is a member of it."""
    below = _members(record, ModelShape(_BELOW[record.__name__])) if record.__name__ in _BELOW else {}
    if hasattr(record, "aws_name"):
        service = table.service(record)
        return below | {name: ModelShape(it.shape, service) for name, it in table.arguments(record).items()}
    if hasattr(record, "kind"):
        return _at(service_model.shape_at(*_RECORDS, *record.kind.path), record.kind.keys)
    kind = next((it for it, one in credentials.RECORDS.items() if one is record), None)
    if kind is not None:
        return _at(service_model.shape_at(*_CREDENTIALS, kind.member), kind.keys) if kind.member else {}
    return below


def _at(structure: str | None, keys: Mapping[str, str]) -> dict[str, ModelShape]:
    found = {key: service_model.shape_at(str(structure), *path.split(".")) for key, path in keys.items() if path}
    return {key: ModelShape(it) for key, it in found.items() if it is not None}


def _members(record: type[object], structure: ModelShape) -> dict[str, ModelShape]:
    known, names = structure.definition["members"], [*table.parameters(record)]
    members = _PARTS.get(frozenset(names), {name: member_name(name) for name in names})
    return {name: structure.other(known[member]) for name, member in members.items() if member in known}


def _pattern(text: str | None) -> Schema:
    # Python's re does not know Java's Unicode classes; all other patterns of the model are common to both.
    if text is None or "\\p{" in text:
        return {}
    inner = text.removeprefix("^").removesuffix("$")
    outside = inner
    while outside != (outside := _GROUP.sub("", outside)):
        pass
    return {"pattern": f"^(?:{inner})$" if "|" in outside else f"^{inner}$"}


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
