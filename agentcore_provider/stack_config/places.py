"""Places in descriptions: how they are told, and what the schema says of the value that stands there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

_T = TypeVar("_T")

KEY = "agentcore:gateways"

Place = tuple["str | int", ...]
"""Keys, and numbers of list items, from the value of agentcore:gateways on."""


def shown(place: Iterable[str | int]) -> str:
    """As people read it: `agentcore:gateways.shop.targets.orders.lambda.arn`."""
    text = KEY
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text


def nearest(where: str, known: Mapping[str, _T]) -> _T | None:
    """What is known of a place as it is shown, or of the nearest one that holds it."""
    while where and where not in known:
        where = where[: max(where.rfind("."), where.rfind("["), 0)]
    return known.get(where)


def walked(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every value with its place, in the order of the file, what holds others before these."""
    yield place, value
    below: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, Mapping):
        below = value.items()
    elif isinstance(value, (list, tuple)):
        below = enumerate(value)
    for key, member in below:
        yield from walked(member, (*place, key))


def replaced(value: Any, texts: Mapping[Place, Any], place: Place = ()) -> Any:
    """The same with other values at some places."""
    if place in texts:
        return texts[place]
    if isinstance(value, Mapping):
        return {key: replaced(member, texts, (*place, key)) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [replaced(member, texts, (*place, number)) for number, member in enumerate(value)]
    return value


def secrecy(schema: Mapping[str, Any], place: Place) -> str | None:
    """Whether the value at a place is a secret: "always", "allowed" if its writer may make it one, else None."""
    nodes = [dict(schema)]
    for part in place:
        nodes = [below for node in nodes for below in _below(schema, node, part)]
    found = [it for node in nodes for it in (meant.get("secrecy") for meant in _alternatives(schema, node)) if it]
    return str(found[0]) if found else None


def _below(schema: Mapping[str, Any], node: Mapping[str, Any], part: str | int) -> Iterator[dict[str, Any]]:
    for meant in _alternatives(schema, node):
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


def _alternatives(schema: Mapping[str, Any], node: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    name = str(node.get("$ref", "")).rpartition("/")[2]
    meant = {**schema["$defs"].get(name, {}), **node}
    if "anyOf" in meant:
        for one in meant["anyOf"]:
            yield from _alternatives(schema, one)
    else:
        yield meant
