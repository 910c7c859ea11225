"""A Smithy model with some of its operations, and what these need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentcore_provider.documents import smithy_model
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.documents.smithy_model import Shapes, target
from agentcore_provider.schemas.selection import Operation, Selection


def select(model: JsonObject, selection: Selection) -> JsonDict:
    """The model with the chosen operations, without shapes that none of them uses.

    The given model is left as it was. Raises InvalidInput.
    """
    shapes = model.get("shapes")
    shapes = shapes if isinstance(shapes, Mapping) else {}
    whole = smithy_model.flattened(shapes)
    services = dict(smithy_model.services(whole))
    offered = list(dict.fromkeys(it for one in services.values() for it in smithy_model.operations(one, whole)))
    chosen = selection([_operation(name, whole.get(name)) for name in offered])
    left_out = {name for name, is_chosen in zip(offered, chosen, strict=True) if not is_chosen}
    rest = {name: _without(shape, left_out) for name, shape in shapes.items() if name not in left_out}
    used = _used([*services], rest)
    return {**model, "shapes": {name: it for name, it in rest.items() if name in used}}


def _operation(identifier: str, shape: object) -> Operation:
    traits = smithy_model.traits(shape)
    http = traits.get("smithy.api#http")
    http = http if isinstance(http, Mapping) else {}
    return Operation(
        identifier.rpartition("#")[2],
        str(http.get("method", "")).upper(),
        str(http.get("uri", "")),
        tuple(map(str, smithy_model.listed(traits, "smithy.api#tags"))),
    )


def _without(shape: object, left_out: set[str]) -> Any:
    """A service or resource without the operations that are left out."""
    if not isinstance(shape, Mapping) or shape.get("type") not in ("service", "resource"):
        return shape
    kept = {
        member: value
        for member, value in shape.items()
        if not (member in smithy_model.LIFECYCLE and target(value) in left_out)
    }
    for member in smithy_model.OPERATION_LISTS:
        if isinstance(kept.get(member), list):
            kept[member] = [it for it in kept[member] if target(it) not in left_out]
    return kept


def _used(names: list[str], shapes: Shapes) -> set[str]:
    """The shapes that some lead to: by references, and by the traits that they have."""
    # Traits that are applied to a shape from outside stay with it.
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
