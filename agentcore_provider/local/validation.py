"""Validates a document by a shape of botocore's service model, with the messages of the services."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

_TYPES: dict[str, tuple[type, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "boolean": (bool,),
}


# The pattern of ARNs that take tags does not match the 2 in oauth2credentialprovider, and the service tags these all
# the same (acceptance tests of hashicorp/terraform-provider-aws#46590).
_LAXER_THAN_WRITTEN = frozenset({"TaggableResourcesArn"})


def validate(shape: Shape, document: object, path: str = "") -> list[str]:
    """Every breach of the model, one sentence each, with its path; [] for a valid document."""
    return list(_problems(shape, document, path))


def summarize(problems: list[str]) -> str:
    """All breaches in one message, in the format of the services."""
    plural = "error" if len(problems) == 1 else "errors"
    return f"{len(problems)} validation {plural} detected: {'; '.join(problems)}"


def breach(path: str, constraint: str, value: str | None = None) -> str:
    """One breach. value: the value itself, where it is not sensitive."""
    quoted = "" if value is None else f" '{value}'"
    return f"Value{quoted} at '{path}' failed to satisfy constraint: {constraint}"


def wire_name(name: str, shape: Shape) -> str:
    """A member's name in JSON."""
    written: str = shape.serialization.get("name", name)
    return written


def _problems(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if isinstance(shape, StructureShape) and shape.is_document_type:
        return
    allowed = _TYPES.get(shape.type_name)
    if allowed and (not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed)):
        yield breach(path, f"Member must be of type {shape.type_name}")
        return
    if isinstance(shape, StructureShape):
        yield from _structure_problems(shape, value, path)
    elif isinstance(shape, ListShape):
        yield from _size_problems(shape, len(value), path, "length")
        for index, item in enumerate(value):
            yield from _problems(shape.member, item, f"{path}[{index}]")
    elif isinstance(shape, MapShape):
        yield from _size_problems(shape, len(value), path, "length")
        for key, item in value.items():
            yield from _problems(shape.key, key, f"{path}.key")
            yield from _problems(shape.value, item, _join(path, key))
    elif isinstance(shape, StringShape):
        yield from _string_problems(shape, value, path)
    elif shape.type_name in ("integer", "long", "float", "double"):
        yield from _size_problems(shape, value, path, "value")


def _structure_problems(shape: StructureShape, value: Mapping[str, object], path: str) -> Iterator[str]:
    members = {wire_name(name, member): (name, member) for name, member in shape.members.items()}
    present = {name: item for name, item in value.items() if item is not None}
    for written, (name, _) in members.items():
        if name in shape.required_members and written not in present:
            yield breach(_join(path, written), "Member must not be null")
    for written in present.keys() - members.keys():
        yield breach(_join(path, written), f"Member is not known; known members are [{', '.join(members)}]")
    if shape.is_tagged_union and len(present) != 1:
        found = ", ".join(present) or "none"
        yield breach(path, f"Member must have exactly one of [{', '.join(members)}], found {found}")
    for written, (_, member) in members.items():
        if written in present:
            yield from _problems(member, present[written], _join(path, written))


def _string_problems(shape: StringShape, value: str, path: str) -> Iterator[str]:
    if shape.enum and value not in shape.enum:
        yield breach(path, f"Member must satisfy enum value set: [{', '.join(shape.enum)}]")
        return
    yield from _size_problems(shape, len(value), path, "length")
    written = None if shape.name in _LAXER_THAN_WRITTEN else shape.metadata.get("pattern")
    pattern = _compile(written) if written else None
    if pattern and not pattern.fullmatch(value):
        # Observed on the service: the message has the value unless the model marks it as sensitive.
        quotable = None if shape.metadata.get("sensitive") else value
        yield breach(path, f"Member must satisfy regular expression pattern: {written}", quotable)


def _size_problems(shape: Shape, size: float, path: str, what: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield breach(path, f"Member must have {what} greater than or equal to {least}")
    if most is not None and size > most:
        yield breach(path, f"Member must have {what} less than or equal to {most}")


@functools.cache
def _compile(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern)
    except re.error:
        # Unicode classes such as \p{L}, which Python does not have, allow nearly everything.
        return None


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
