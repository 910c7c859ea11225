"""Smithy models without mixins and `apply` entries: these become parts of the shapes that they are for.

Sources: https://smithy.io/2.0/spec/mixins.html, https://smithy.io/2.0/spec/json-ast.html
"""

from __future__ import annotations

from typing import Any

Shape = dict[str, Any]
"""A shape of a model, or a member of one, in the JSON AST."""
Shapes = dict[str, Shape]

_MIXIN = "smithy.api#mixin"
_DEEPEST = 100
_MOST_MEMBERS = 500_000


class ModelError(ValueError):
    """A model whose shapes cannot be resolved."""


def flatten(shapes: Shapes) -> Shapes:
    """The shapes that are left. Raises ModelError."""
    for shape_id, shape in shapes.items():
        _require_form(shape_id, shape)
    done: Shapes = {}
    members = 0
    for shape_id, shape in shapes.items():
        if shape["type"] == "apply":
            continue
        resolved = _resolve(shape_id, shapes, done, ())
        if shape.get("mixins"):
            members += len(resolved.get("members", {}))
            if members > _MOST_MEMBERS:
                raise ModelError("Smithy model has too many members once mixins are copied")
    for target, entry in shapes.items():
        if entry["type"] == "apply" and target.partition("$")[0] not in done and not target.startswith("smithy.api#"):
            raise ModelError(f"Shape {target}, to which traits are applied, is not in the Smithy model")
    return {shape_id: shape for shape_id, shape in done.items() if _MIXIN not in shape["traits"]}


def _require_form(shape_id: str, shape: object) -> None:
    """Whatever reads shapes later relies on the form of the JSON AST."""
    if not isinstance(shape, dict) or not isinstance(shape.get("type"), str):
        raise ModelError(f"Shape {shape_id} must be an object with a type")
    if not isinstance(shape.get("traits", {}), dict):
        raise ModelError(f"Traits of shape {shape_id} must be an object")
    for name in ("operations", "collectionOperations", "resources", "errors", "mixins"):
        listed = shape.get(name, [])
        if not isinstance(listed, list) or not all(map(_is_reference, listed)):
            raise ModelError(f"Member {name} of shape {shape_id} must be a list of references")
    for name in ("members", "identifiers", "properties"):
        named = shape.get(name, {})
        if not isinstance(named, dict) or not all(map(_is_reference, named.values())):
            raise ModelError(f"Member {name} of shape {shape_id} must be an object of references")
    for name in ("input", "output", "member", "key", "value", "create", "put", "read", "update", "delete", "list"):
        if name in shape and not _is_reference(shape[name]):
            raise ModelError(f"Member {name} of shape {shape_id} must be a reference")


def _is_reference(value: object) -> bool:
    return (
        isinstance(value, dict) and isinstance(value.get("target"), str) and isinstance(value.get("traits", {}), dict)
    )


def _resolve(shape_id: str, shapes: Shapes, done: Shapes, users: tuple[str, ...]) -> Shape:
    if shape_id in done:
        return done[shape_id]
    if shape_id in users or len(users) > _DEEPEST:
        raise ModelError(f"Shape {shape_id} must not contain itself as a mixin, or be mixed in so deeply")
    shape = shapes.get(shape_id)
    if shape is None:
        raise ModelError(f"Shape {shape_id}, which {users[-1]} refers to, is not in the Smithy model")
    result: Shape = {"traits": {}}
    for reference in shape.get("mixins", ()):
        mixin = dict(_resolve(reference["target"], shapes, done, (*users, shape_id)))
        own = mixin["traits"].get(_MIXIN)
        local = {_MIXIN, *(own.get("localTraits", ()) if isinstance(own, dict) else ())}
        mixin["traits"] = {name: value for name, value in mixin["traits"].items() if name not in local}
        result = _merge(result, mixin)
    result = _merge(result, {name: value for name, value in shape.items() if name != "mixins"})
    for name in (None, *result.get("members", ()), "member", "key", "value"):
        applied = shapes.get(shape_id if name is None else f"{shape_id}${name}", {})
        if applied.get("type") != "apply" or not applied.get("traits"):
            continue
        if name in result.get("members", ()):
            members = {**result["members"], name: _merge(result["members"][name], {"traits": applied["traits"]})}
            result = {**result, "members": members}
        elif name is not None and name in result:
            result = {**result, name: _merge(result[name], {"traits": applied["traits"]})}
    done[shape_id] = result
    return result


def _merge(below: Shape, above: Shape) -> Shape:
    """A shape or member with what a nearer declaration adds; the nearer one wins."""
    result = {**below, **above}
    for name in below.keys() & above.keys():
        old, new = below[name], above[name]
        if isinstance(old, list) and isinstance(new, list):
            result[name] = [*old, *(item for item in new if item not in old)]
        elif name == "members":
            both = {member: _merge(old[member], new[member]) for member in old.keys() & new.keys()}
            result[name] = {**old, **new, **both}
        elif name in ("member", "key", "value"):
            result[name] = _merge(old, new)
        elif isinstance(old, dict) and isinstance(new, dict):
            result[name] = {**old, **new}
    return result
