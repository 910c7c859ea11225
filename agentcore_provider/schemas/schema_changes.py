"""Whether what fits one JSON Schema fits another: the arguments of a tool, and its answer, before and after a change.

References are in their places already. What cannot be compared, such as another `not`, counts as a change that breaks:
nothing is called compatible that may not be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agentcore_provider.documents.json_types import JsonObject

# Schemas are compared part by part; alternatives are compared each with each.
_MOST_PARTS = 20_000
_NOTES = ("title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "format", "$comment")
_ALTERNATIVES = ("anyOf", "oneOf")
_OPAQUE = (
    *("allOf", "not", "if", "then", "else", "patternProperties", "propertyNames", "prefixItems", "additionalItems"),
    *("dependentRequired", "dependentSchemas", "dependencies", "unevaluatedProperties", "unevaluatedItems"),
    *("contains", "minContains", "maxContains"),
)
_LOWEST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_HIGHEST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_KINDS: tuple[tuple[Any, str], ...] = (
    *((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"), (Mapping, "object")),
    *(((list, tuple), "array"), (object, "null")),
)
_EXACT = ("pattern", "multipleOf", "uniqueItems")


def narrowed(before: object, now: object) -> Iterator[str]:
    """Why arguments that were right before may be wrong now, each in words."""
    yield from _Comparison().narrowed(_arguments(before), _arguments(now), "")


def lost(before: object, now: object) -> Iterator[str]:
    """What a reader of the answer may rely on no longer, each in words."""
    yield from _Comparison().lost(before, now, "")


class _TooLargeError(Exception):
    """More parts than are compared."""


class _Comparison:
    def __init__(self) -> None:
        self._left = _MOST_PARTS

    def narrowed(self, before: object, now: object, path: str) -> Iterator[str]:
        try:
            yield from self._narrowed(before, now, path)
        except _TooLargeError:
            yield "its arguments are too large to be compared"

    def lost(self, before: object, now: object, path: str) -> Iterator[str]:
        try:
            yield from self._lost(before, now, path)
        except _TooLargeError:
            yield "its answer is too large to be compared"

    def _narrowed(self, before: object, now: object, path: str) -> Iterator[str]:
        self._left -= 1
        if self._left < 0:
            raise _TooLargeError
        what = f"argument {path}" if path else "the input"
        old, new = _content(before), _content(now)
        if old == new or not new or _never(old):
            return
        if _never(new):
            yield f"{what} can no longer be set"
            return
        for keyword in _ALTERNATIVES:
            if keyword in old:
                rest = {key: value for key, value in old.items() if key != keyword}
                for alternative in _parts(old[keyword]):
                    yield from self._narrowed(_both(rest, alternative), new, path)
                return
        types = old.get("type")
        if isinstance(types, (list, tuple)) and len(types) > 1 and any(it in new for it in _ALTERNATIVES):
            for one in types:
                yield from self._narrowed({**old, "type": one}, new, path)
            return
        for keyword in _ALTERNATIVES:
            if keyword in new:
                rest = {key: value for key, value in new.items() if key != keyword}
                fits = any(
                    not [*self._narrowed(old, _both(rest, alternative), path)] for alternative in _parts(new[keyword])
                )
                if not fits:
                    yield f"{what} accepts other kinds of values"
                return
        yield from self._plain(old, new, path, what)

    def _plain(self, old: JsonObject, new: JsonObject, path: str, what: str) -> Iterator[str]:
        if any(old.get(keyword) != new[keyword] for keyword in _OPAQUE if keyword in new):
            yield f"{what} has other conditions, which cannot be compared"
            return
        types, types_now = _types(old), _types(new)
        if types_now is not None:
            missing = [it for it in sorted(types or ()) if not _allows(types_now, it)]
            if types is None or missing:
                yield f"{what} must be {_words(types_now)}" + (f", not {_words(missing)}" if missing else "")
                return
        values, values_now = _values(old), _values(new)
        if values_now is not None:
            refused = [it for it in values if it not in values_now] if values is not None else []
            if values is None or refused:
                shown = ", ".join(map(repr, refused[:3])) + (" and others" if len(refused) > 3 else "")
                yield f"{what} no longer accepts {shown}" if refused else f"{what} accepts only certain values"
                return
        if any(
            _is_tighter(keyword, _limit(old, keyword), new.get(keyword)) for keyword in (*_LOWEST, *_HIGHEST, *_EXACT)
        ):
            yield f"{what} has tighter limits"
        yield from self._object(old, new, path)
        if "items" in new and (types is None or "array" in types):
            yield from self._narrowed(old.get("items", {}), new["items"], f"{path}[]")

    def _object(self, old: JsonObject, new: JsonObject, path: str) -> Iterator[str]:
        properties, properties_now = _properties(old), _properties(new)
        required = _required(old)
        for name in _required(new):
            if name not in required:
                known = "is now required" if name in properties else "is new and required"
                yield f"argument {_below(path, name)} {known}"
        others = new.get("additionalProperties", {})
        for name, schema in properties.items():
            if name in properties_now:
                yield from self._narrowed(schema, properties_now[name], _below(path, name))
            elif others is False or ("properties" in new and "additionalProperties" not in new):
                yield f"argument {_below(path, name)} is removed"
            else:
                yield from self._narrowed(schema, others, _below(path, name))
        # Callers only know the arguments that a list has: that it is complete takes nothing from them.
        described = old.get("additionalProperties")
        if described not in (None, False):
            if others is False:
                yield f"argument {_below(path, '*')} is removed"
            elif others != described:
                yield from self._narrowed(described, others, _below(path, "*"))

    def _lost(self, before: object, now: object, path: str) -> Iterator[str]:
        self._left -= 1
        if self._left < 0:
            raise _TooLargeError
        what = f"{path} of its answer" if path else "its answer"
        old, new = _content(before), _content(now)
        if old == new or not old:
            return
        if any(old.get(it) != new.get(it) for it in (*_ALTERNATIVES, *_OPAQUE)):
            # What fits the old schema is nothing new to a reader.
            if [*self._narrowed(new, old, path)]:
                yield f"{what} may have other kinds of values"
            return
        types, types_now = _types(old), _types(new)
        if types is not None:
            other = [it for it in sorted(types_now or ()) if not _allows(types, it)]
            if types_now is None or other:
                yield f"{what} may be {_words(other) if other else 'of any type'}, not only {_words(types)}"
                return
        values, values_now = _values(old), _values(new)
        if values is not None and (values_now is None or any(it not in values for it in values_now)):
            yield f"{what} may have other values"
        yield from self._lost_below(old, new, path)

    def _lost_below(self, old: JsonObject, new: JsonObject, path: str) -> Iterator[str]:
        properties, properties_now = _properties(old), _properties(new)
        required, required_now = _required(old), _required(new)
        for name, schema in properties.items():
            place = _below(path, name)
            if name not in properties_now:
                yield f"its answer no longer has {place}"
            elif name in required and name not in required_now:
                yield f"its answer may lack {place}"
            else:
                yield from self._lost(schema, properties_now[name], place)
        if isinstance(old.get("additionalProperties"), Mapping) and new.get("additionalProperties") is not False:
            yield from self._lost(old["additionalProperties"], new.get("additionalProperties", {}), _below(path, "*"))
        if "items" in old:
            yield from self._lost(old["items"], new.get("items", {}), f"{path}[]")


def _content(schema: object) -> dict[str, Any]:
    """A schema without what describes it only."""
    if not isinstance(schema, Mapping):
        return {"not": {}} if schema is False else {}
    found = {str(key): value for key, value in schema.items() if key not in _NOTES}
    if found.pop("nullable", False) is True and isinstance(found.get("type"), str):
        found["type"] = [found["type"], "null"]
    return found


def _arguments(schema: object) -> object:
    """The schema of a tool's arguments: a tool without properties has none."""
    if schema is False or (isinstance(schema, Mapping) and any(it in schema for it in (*_ALTERNATIVES, "allOf"))):
        return schema
    return {"type": "object", "properties": {}, **(schema if isinstance(schema, Mapping) else {})}


def _both(rest: JsonObject, alternative: object) -> dict[str, Any]:
    """A schema and one of its alternatives: both have to fit."""
    other = _content(alternative)
    found = {**rest, **other}
    if "required" in rest and "required" in other:
        found["required"] = [*_parts(rest["required"]), *_parts(other["required"])]
    if "properties" in rest and "properties" in other:
        found["properties"] = {**_properties(rest), **_properties(other)}
    return found


def _never(schema: JsonObject) -> bool:
    """Whether nothing fits."""
    return schema.get("enum") == [] or schema.get("not") in ({}, True)


def _parts(value: object) -> list[Any]:
    return [*value] if isinstance(value, (list, tuple)) else []


def _types(schema: JsonObject) -> set[str] | None:
    """The types that a schema names, or has by its other keywords; None for any."""
    named = schema.get("type")
    if isinstance(named, str):
        return {named}
    if isinstance(named, (list, tuple)):
        return {str(it) for it in named}
    if "properties" in schema or "items" in schema:
        return {"object" if "properties" in schema else "array"}
    values = _values(schema)
    return {_type_of(it) for it in values} if values else None


def _type_of(value: object) -> str:
    return next(name for kind, name in _KINDS if isinstance(value, kind))


def _allows(types: set[str], wanted: str) -> bool:
    return wanted in types or (wanted == "integer" and "number" in types)


def _words(types: Any) -> str:
    return " or ".join(sorted(types))


def _values(schema: JsonObject) -> list[Any] | None:
    """The only values that a schema allows; None for any."""
    if "const" in schema:
        return [schema["const"]]
    return _parts(schema["enum"]) if "enum" in schema else None


def _is_tighter(keyword: str, old: object, new: object) -> bool:
    if new is None or new is False or old == new:
        return False
    if keyword in _EXACT or not isinstance(new, (int, float)) or not isinstance(old, (int, float)):
        # A limit of 0 that was not there before limits nothing where lengths are counted.
        return not (new == 0 and keyword in _LOWEST[2:])
    return new > old if keyword in _LOWEST else new < old


def _limit(schema: JsonObject, keyword: str) -> object:
    """What a schema has for a limit; for `minimum` also what follows from `exclusiveMinimum`, and so on."""
    other = {"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}.get(keyword, "")
    limits = [it for it in (schema.get(keyword), schema.get(other)) if isinstance(it, (int, float)) and it is not True]
    if not other or not limits:
        return schema.get(keyword)
    return max(limits) if keyword == "minimum" else min(limits)


def _properties(schema: JsonObject) -> dict[str, Any]:
    found = schema.get("properties")
    return {str(name): value for name, value in found.items()} if isinstance(found, Mapping) else {}


def _required(schema: JsonObject) -> list[str]:
    return [str(name) for name in _parts(schema.get("required"))]


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
