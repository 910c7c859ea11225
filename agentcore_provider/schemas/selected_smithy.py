"""A Smithy model with some of its operations, and what these need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentcore_provider.documents.smithy_shapes import flattened
from agentcore_provider.schemas.selection import Operation, Selection
from agentcore_provider.schemas.tool_list import RESOURCE_OPERATIONS, bound

_LISTS = ("operations", "collectionOperations")


def select(model: Mapping[str, Any], selection: Selection) -> dict[str, Any]:
    """The model with the chosen operations, without shapes that none of them uses.

    The given model is left as it was. Raises InvalidInput.
    """
    shapes = model.get("shapes")
    shapes = shapes if isinstance(shapes, Mapping) else {}
    whole = flattened(shapes)
    services = {name: it for name, it in whole.items() if isinstance(it, Mapping) and it.get("type") == "service"}
    offered = list(dict.fromkeys(name for service in services.values() for name in bound(service, whole)))
    chosen = selection([_operation(name, whole.get(name)) for name in offered])
    left_out = {name for name, is_chosen in zip(offered, chosen, strict=True) if not is_chosen}
    rest = {name: _without(shape, left_out) for name, shape in shapes.items() if name not in left_out}
    used = _used([*services], rest)
    return {**model, "shapes": {name: it for name, it in rest.items() if name in used}}


def _operation(identifier: str, shape: Any) -> Operation:
    traits = shape.get("traits") if isinstance(shape, Mapping) else None
    traits = traits if isinstance(traits, Mapping) else {}
    http, tags = traits.get("smithy.api#http"), traits.get("smithy.api#tags")
    http = http if isinstance(http, Mapping) else {}
    return Operation(
        identifier.rpartition("#")[2],
        str(http.get("method", "")).upper(),
        str(http.get("uri", "")),
        tuple(map(str, tags)) if isinstance(tags, list) else (),
    )


def _without(shape: Any, left_out: set[str]) -> Any:
    """A service or resource without the operations that are left out."""
    if not isinstance(shape, Mapping) or shape.get("type") not in ("service", "resource"):
        return shape
    kept = {
        member: value
        for member, value in shape.items()
        if not (member in RESOURCE_OPERATIONS and _target(value) in left_out)
    }
    for member in _LISTS:
        if isinstance(kept.get(member), list):
            kept[member] = [it for it in kept[member] if _target(it) not in left_out]
    return kept


def _target(reference: Any) -> str:
    target = reference.get("target") if isinstance(reference, Mapping) else None
    return target if isinstance(target, str) else ""


def _used(names: list[str], shapes: Mapping[str, Any]) -> set[str]:
    """The shapes that some lead to: by references, and by the traits that they have."""
    # What is said of a shape from outside stays with it.
    applied: dict[str, list[str]] = {}
    for name, shape in shapes.items():
        if isinstance(shape, Mapping) and shape.get("type") == "apply":
            applied.setdefault(name.partition("$")[0], []).append(name)
    used: set[str] = set()
    ahead: list[Any] = list(names)
    while ahead:
        found = ahead.pop()
        if isinstance(found, str):
            # An error renamed, a waiter and the like name shapes and members of them by their ids.
            name = found.partition("$")[0]
            for one in [name, *applied.get(name, ())]:
                if one in shapes and one not in used:
                    used.add(one)
                    ahead.append(shapes[one])
        elif isinstance(found, Mapping):
            ahead += [*found.keys(), *found.values()]
        elif isinstance(found, list):
            ahead += found
    return used
