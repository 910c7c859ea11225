"""JSON pointers (RFC 6901) as the fragments of URIs: `#/paths/~1orders/get`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from agentcore_provider.documents.json_types import is_object
from agentcore_provider.documents.limits import MAX_DEPTH


def steps(pointer: str) -> list[str]:
    """The member names and indexes of a pointer."""
    parts = pointer.lstrip("#").split("/")[1:]
    return [part.replace("~1", "/").replace("~0", "~") for part in parts] if "~" in pointer else parts


def below(pointer: str, *members: str | int) -> str:
    """The pointer of a part of what a pointer points to."""
    for member in members:
        step = str(member)
        if "~" in step or "/" in step:
            step = step.replace("~", "~0").replace("/", "~1")
        pointer = f"{pointer}/{step}"
    return pointer


def index(step: str) -> int | None:
    """The number that a step is in a list; None if it is not one."""
    return int(step) if step.isascii() and step.isdecimal() and len(step) <= 9 else None


def is_json(value: object) -> bool:
    """Whether JSON has a value; it does not have those that are not known yet at preview."""
    return is_object(value) or value is None or isinstance(value, (str, bool, int, float, Sequence))


def at(document: object, pointer: str) -> Any:
    """What a pointer points to; a value that JSON does not have is what everything below it is. Raises LookupError."""
    for step in steps(pointer):
        if is_object(document) and step in document:
            document = document[step]
        elif not is_json(document):
            return document
        elif (
            (number := index(step)) is not None
            and isinstance(document, (Mapping, Sequence))
            and not isinstance(document, str)
        ):
            # YAML may have numbers as the names of members.
            document = document[number]
        else:
            raise LookupError(pointer)
    return document


def referred_to(document: object, reference: str) -> Any:
    """What a `$ref` into the document points to; it may be percent-encoded. Raises LookupError."""
    if not reference.startswith("#"):
        raise LookupError(reference)
    try:
        return at(document, reference)
    except LookupError:
        return at(document, unquote(reference))


def followed(document: object, value: object) -> Any:
    """What a value is once its `$ref`s into the document are followed; None where they lead nowhere, or in a circle."""
    for _ in range(MAX_DEPTH):
        reference = value.get("$ref") if is_object(value) else None
        if not isinstance(reference, str):
            return value
        try:
            value = referred_to(document, reference)
        except LookupError:
            return None
    return None
