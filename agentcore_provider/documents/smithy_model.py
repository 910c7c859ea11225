"""The shapes of a Smithy model, once mixins and applied traits are copied into them, and the operations of its services.

https://smithy.io/2.0/spec/mixins.html and, for `apply`, https://smithy.io/2.0/spec/json-ast.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.documents.limits import MAX_DEPTH, MAX_VALUES, Unreadable

Shapes = JsonObject
"""Shapes by their ids."""

LIFECYCLE = ("create", "put", "read", "update", "delete", "list")
"""Members of a resource that name an operation each."""
OPERATION_LISTS = ("operations", "collectionOperations")
"""Members of a service or resource that list operations."""
MIXIN = "smithy.api#mixin"
_MIXINS = "https://smithy.io/2.0/spec/mixins.html"
# Parts of a shape that are members, and so keep what their mixins say of them.
_ONE_MEMBER = ("member", "key", "value")


def shapes_of(model: object) -> Shapes:
    """The shapes of a model, flattened; none if it has none that can be read."""
    shapes = model.get("shapes") if isinstance(model, Mapping) else None
    try:
        return flattened(shapes) if isinstance(shapes, Mapping) else {}
    except Unreadable:
        return {}


def services(shapes: Shapes) -> Iterator[tuple[str, JsonObject]]:
    """The services, by their ids."""
    for name, shape in shapes.items():
        if isinstance(shape, Mapping) and shape.get("type") == "service":
            yield str(name), shape


def operations(service: JsonObject, shapes: Shapes) -> list[str]:
    """Ids of the operations of a service and of the resources below it, each once; the model may lack some of them."""
    found: dict[str, None] = {}
    visited: set[str] = set()
    ahead = [service]
    while ahead:
        owner = ahead.pop()
        references = [owner.get(member) for member in LIFECYCLE]
        for member in OPERATION_LISTS:
            references += listed(owner, member)
        found |= dict.fromkeys(it for it in map(target, references) if it)
        below = [it for it in map(target, listed(owner, "resources")) if it and it not in visited]
        visited.update(below)
        ahead += [shapes[it] for it in reversed(below) if isinstance(shapes.get(it), Mapping)]
    return list(found)


def service_operations(shapes: Shapes) -> list[tuple[str, JsonObject]]:
    """The operations of all services that the model has, each once."""
    named = dict.fromkeys(name for _, service in services(shapes) for name in operations(service, shapes))
    return [(name, shapes[name]) for name in named if isinstance(shapes.get(name), Mapping)]


def traits(shape: object) -> JsonObject:
    """The traits of a shape or member."""
    found = shape.get("traits") if isinstance(shape, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def listed(shape: JsonObject, member: str) -> list[Any]:
    """A list that a shape has as a member, empty without one."""
    found = shape.get(member)
    return found if isinstance(found, list) else []


def target(reference: object) -> str | None:
    """The id of the shape that a reference names."""
    found = reference.get("target") if isinstance(reference, Mapping) else None
    return found if isinstance(found, str) else None


def flattened(shapes: Shapes) -> Shapes:
    """The shapes without mixins and `apply` entries: what these say is copied into the shapes that they are for.

    What is not an object stays as it is, and a mixin that contains itself adds nothing.
    Raises Unreadable if mixins are nested too deeply, or their members multiply.
    """
    if not any(isinstance(it, Mapping) and ("mixins" in it or it.get("type") == "apply") for it in shapes.values()):
        return shapes
    flattening = _Flattening(shapes)
    return {
        str(name): flattening.shape(str(name))
        for name, shape in shapes.items()
        if not (isinstance(shape, Mapping) and (shape.get("type") == "apply" or is_mixin(shape)))
    }


def is_mixin(shape: JsonObject) -> bool:
    """Whether a shape is only there to be mixed into others."""
    return MIXIN in traits(shape)


def mixins(shape: JsonObject) -> list[str]:
    """The names of the mixins of a shape, the strongest last."""
    return [it for it in map(target, listed(shape, "mixins")) if it is not None]


def declaring(shapes: JsonObject, name: str, member: str) -> str:
    """The shape that has a member itself: the one of this name, or one of its mixins."""
    ahead, visited = [name], {name}
    while ahead:
        found = ahead.pop()
        shape = shapes.get(found)
        if not isinstance(shape, Mapping):
            continue
        members = shape.get("members")
        if isinstance(members, Mapping) and member in members:
            return found
        further = [it for it in mixins(shape) if it not in visited]
        visited.update(further)
        ahead += further
    return name


class _Flattening:
    def __init__(self, shapes: JsonObject) -> None:
        self._shapes = shapes
        self._done: JsonDict = {}
        self._copied = 0
        self._applied: dict[str, JsonDict] = {}
        for identifier, entry in shapes.items():
            if isinstance(entry, Mapping) and entry.get("type") == "apply" and isinstance(entry.get("traits"), Mapping):
                owner, _, member = str(identifier).partition("$")
                self._applied.setdefault(owner, {})[member] = entry["traits"]

    def shape(self, name: str, within: tuple[str, ...] = ()) -> Any:
        """A shape with all that it inherits. within: the shapes that it is mixed into."""
        if name in within:
            return {}
        if len(within) > MAX_DEPTH:
            raise Unreadable(f"has mixins nested more than {MAX_DEPTH} deep", "Flatten the model", source=_MIXINS)
        if name not in self._done:
            self._done[name] = self._made(name, self._shapes.get(name), within)
        return self._done[name]

    def _made(self, name: str, shape: object, within: tuple[str, ...]) -> Any:
        if not isinstance(shape, Mapping):
            return shape
        whole: JsonDict = {}
        inherited = mixins(shape)
        for mixin in inherited:
            whole = _joined(whole, _inheritable(self.shape(mixin, (*within, name))))
        whole = _joined(whole, {key: value for key, value in shape.items() if key != "mixins"})
        if inherited and isinstance(whole.get("members"), Mapping):
            self._copied += len(whole["members"])
            if self._copied > MAX_VALUES:
                raise Unreadable(
                    f"has more than {MAX_VALUES:,} members once mixins are copied",
                    "Leave out what nobody calls",
                    source=_MIXINS,
                )
        for member, applied in self._applied.get(name, {}).items():
            whole = _with_traits(whole, member, applied)
        return whole


def _inheritable(mixin: object) -> JsonDict:
    """A mixin without the traits that are its own alone."""
    if not isinstance(mixin, Mapping):
        return {}
    if not isinstance(mixin.get("traits"), Mapping):
        return dict(mixin)
    about = traits(mixin).get(MIXIN)
    local = listed(about, "localTraits") if isinstance(about, Mapping) else []
    own = {MIXIN, *(it for it in local if isinstance(it, str))}
    return {**mixin, "traits": {key: value for key, value in traits(mixin).items() if key not in own}}


def _joined(inherited: JsonObject, own: JsonObject) -> JsonDict:
    """A shape, or a member, with what it inherits; what it says itself is stronger."""
    whole = {**inherited, **own}
    for key in inherited.keys() & own.keys():
        before, after = inherited[key], own[key]
        if isinstance(before, list) and isinstance(after, list):
            whole[key] = before + [it for it in after if it not in before]
        elif isinstance(before, Mapping) and isinstance(after, Mapping):
            if key == "members":
                whole[key] = {**before, **{name: _member(before.get(name), it) for name, it in after.items()}}
            else:
                whole[key] = _joined(before, after) if key in _ONE_MEMBER else {**before, **after}
    return whole


def _member(before: object, after: object) -> Any:
    return _joined(before, after) if isinstance(before, Mapping) and isinstance(after, Mapping) else after


def _with_traits(shape: JsonDict, member: str, applied: JsonObject) -> JsonDict:
    """A shape with traits applied to it, or to one of its members."""
    if not member:
        return _joined(shape, {"traits": applied})
    members = shape.get("members")
    if isinstance(members, Mapping) and isinstance(members.get(member), Mapping):
        return {**shape, "members": {**members, member: _joined(members[member], {"traits": applied})}}
    if member in _ONE_MEMBER and isinstance(shape.get(member), Mapping):
        return {**shape, member: _joined(shape[member], {"traits": applied})}
    return shape
