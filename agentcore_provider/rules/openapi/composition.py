"""Composed schemas written as one, where that says the same to an agent."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from agentcore_provider.documents.limits import MAX_DEPTH, MAX_VALUES
from agentcore_provider.rules.openapi.json_schema import COMPOSITION
from agentcore_provider.rules.source_text import at

Schema = dict[str, Any]

# For one composed schema: alternatives of references to alternatives multiply.
_MOST_STEPS = 10_000


class Composition:
    """Writes the schemas of one document without oneOf, anyOf and allOf.

    References inside properties stay; only what is composed is put in place.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._placed: set[str] = set()
        self._steps = 0
        self._values = 0
        self._lists_null = str(document.get("openapi", "")).startswith("3.1")

    def replaced(self, schema: Schema, around: frozenset[str]) -> frozenset[str] | None:
        """Writes a composed schema as one, in place. None if it cannot be said so, and then it is left alone.

        around: references already put in place around it. Returns those put in place now.
        """
        self._placed = set()
        self._steps = 0
        flat = self._flat(schema, ())
        if flat is None or self._placed & around or not self._has_room(flat):
            return None
        # A copy: parts of it may belong to other schemas.
        flat = copy.deepcopy(flat)
        schema.clear()
        schema.update(flat)
        return frozenset(self._placed)

    def _has_room(self, flat: Schema) -> bool:
        """Whether the document, with what is put in place, stays within the number of values."""
        ahead: list[Any] = [flat]
        while ahead and self._values <= MAX_VALUES:
            value = ahead.pop()
            self._values += 1
            ahead += value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
        return self._values <= MAX_VALUES

    def _flat(self, schema: Any, trail: tuple[int, ...]) -> Schema | None:
        """A schema that says the same without composition, None if there is none."""
        self._steps += 1
        if not isinstance(schema, Mapping) or id(schema) in trail or not _well_formed(schema):
            return None
        if len(trail) > MAX_DEPTH or self._steps > _MOST_STEPS:
            return None
        trail = (*trail, id(schema))
        flat: Schema | None = {
            keyword: value
            for keyword, value in schema.items()
            if keyword not in (*COMPOSITION, "$ref", "discriminator")
        }
        if isinstance(schema.get("$ref"), str):
            try:
                below = self._flat(at(self._document, schema["$ref"]), trail)
            except LookupError:
                return None
            self._placed.add(schema["$ref"])
            flat = _both(below, flat)
        for part in schema.get("allOf", ()):
            flat = _both(self._flat(part, trail), flat)
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                flat = _both(self._one_of(schema[keyword], trail), flat)
        return flat

    def _one_of(self, parts: list[Any], trail: tuple[int, ...]) -> Schema | None:
        others = [part for part in parts if not _is_null(part)]
        flat = [it for it in (self._flat(part, trail) for part in others) if it is not None]
        if len(flat) != len(others) or not flat:
            return None
        if len(flat) == 1:
            found: Schema | None = dict(flat[0])
        elif all(_type(it) == "object" for it in flat):
            found = _objects(flat, [_name(part) for part in others])
        else:
            found = _values(flat)
        if found is not None and len(others) < len(parts):
            self._allow_null(found)
        return found

    def _allow_null(self, schema: Schema) -> None:
        if not self._lists_null:
            schema["nullable"] = True
        elif isinstance(schema.get("type"), str):
            schema["type"] = [schema["type"], "null"]


def _well_formed(schema: Mapping[str, Any]) -> bool:
    """Whether what is to be merged is what JSON Schema has there."""
    names = schema.get("required", [])
    properties = schema.get("properties", {})
    return (
        isinstance(properties, Mapping)
        and isinstance(names, list)
        and all(isinstance(name, str) for name in [*properties, *names])
        and all(isinstance(schema.get(keyword, []), list) for keyword in (*COMPOSITION, "enum"))
    )


def composed(schema: Any) -> bool:
    """Whether a schema is composed on its top."""
    return isinstance(schema, Mapping) and any(keyword in schema for keyword in COMPOSITION)


def _type(schema: Mapping[str, Any]) -> Any:
    if "type" not in schema and "properties" in schema:
        return "object"
    return schema.get("type")


def _is_null(part: Any) -> bool:
    return isinstance(part, Mapping) and part.get("type") == "null"


def _name(part: Any) -> str:
    """What to call one of several alternatives, or nothing."""
    if not isinstance(part, Mapping):
        return ""
    reference = part.get("$ref")
    return str(part.get("title") or (reference.rpartition("/")[2] if isinstance(reference, str) else ""))


def _both(below: Schema | None, above: Schema | None) -> Schema | None:
    """Two schemas that both hold, as one. What stands above, nearer to the reader, says it last."""
    if below is None or above is None or not _agree(_type(below), _type(above)):
        return None
    merged = {**below, **above}
    if "properties" in below and "properties" in above:
        merged["properties"] = {**below["properties"], **above["properties"]}
        for name in below["properties"].keys() & above["properties"].keys():
            merged["properties"][name] = _property(below["properties"][name], above["properties"][name])
    if "required" in below and "required" in above:
        merged["required"] = [*dict.fromkeys([*below["required"], *above["required"]])]
    if "enum" in below and "enum" in above:
        merged["enum"] = [value for value in below["enum"] if value in above["enum"]]
        if not merged["enum"]:
            return None
    # Each part closed by itself would shut out the others' properties.
    if merged.get("additionalProperties") is False and not ("properties" not in below or "properties" not in above):
        del merged["additionalProperties"]
    return merged


def _agree(one: Any, other: Any) -> bool:
    return one is None or other is None or one == other


def _property(below: Any, above: Any) -> Any:
    """A property that two parts describe."""
    plain = isinstance(below, Mapping) and isinstance(above, Mapping) and "$ref" not in below and "$ref" not in above
    if plain and not composed(below) and not composed(above):
        return _both(dict(below), dict(above)) or above
    return above


def _objects(parts: list[Schema], names: list[str]) -> Schema | None:
    """Alternatives that are all objects: every property, required what all require, the rest in words."""
    properties: Schema = {}
    for part in parts:
        for name, described in part.get("properties", {}).items():
            if name in properties and properties[name] != described:
                merged = _same_kind(properties[name], described)
                if merged is None:
                    return None
                properties[name] = merged
            else:
                properties[name] = described
    common = [it for it in parts[0].get("required", ()) if all(it in part.get("required", ()) for part in parts)]
    said = "; or ".join(_alternative(part, name) for part, name in zip(parts, names, strict=True))
    schema: Schema = {"type": "object", "description": f"One of these: {said}.", "properties": properties}
    return schema | ({"required": common} if common else {})


def _alternative(part: Schema, name: str) -> str:
    listed = ", ".join(part.get("required") or part.get("properties", {})) or "any properties"
    return f"{name} with {listed}" if name else listed


def _same_kind(one: Any, other: Any) -> Schema | None:
    """One property of two alternatives, if it is of one plain type in both."""
    if not isinstance(one, Mapping) or not isinstance(other, Mapping):
        return None
    return None if composed(one) or composed(other) else _values([dict(one), dict(other)])


def _values(parts: list[Schema]) -> Schema | None:
    """Alternatives of one plain type, as that type: with all their values if each lists its own."""
    kinds = {_type(part) for part in parts if isinstance(_type(part), str)}
    if len(kinds) != 1 or any(not isinstance(_type(part), str) for part in parts) or kinds & {"object", "array"}:
        return None
    schema: Schema = {"type": kinds.pop()}
    said = [*dict.fromkeys(str(part["description"]).rstrip(".") for part in parts if part.get("description"))]
    if said:
        schema["description"] = "; or ".join(said) + "."
    values = [*_listed(parts)]
    if all("enum" in part or "const" in part for part in parts):
        schema["enum"] = values
    elif values:
        examples = f"Values of meaning: {', '.join(map(str, values))}."
        schema["description"] = f"{schema.get('description', '')} {examples}".strip()
    formats = {str(part["format"]) for part in parts if "format" in part}
    if formats and all("format" in part for part in parts) and len(formats) == 1:
        schema["format"] = formats.pop()
    return schema


def _listed(parts: list[Schema]) -> Iterator[Any]:
    seen: list[Any] = []
    for part in parts:
        for value in part["enum"] if "enum" in part else [part["const"]] if "const" in part else []:
            if value not in seen:
                seen.append(value)
                yield value
