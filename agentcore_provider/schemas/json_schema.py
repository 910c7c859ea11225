"""JSON Schema folded to what the service takes: six types and five keywords, the rest said in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from agentcore_provider.documents.limits import MAX_DEPTH, MAX_VALUES, Unreadable, check
from agentcore_provider.errors import InvalidInput

KEPT = ("type", "description", "properties", "required", "items")
TYPES = ("string", "number", "object", "array", "boolean", "integer")
_MEANINGLESS = frozenset({"$schema", "$id", "$defs", "definitions", "$comment", "title", "additionalProperties"})
# Words about a value that do not limit it.
_SPEAKS = frozenset({"description", "title", "default", "example", "examples", "$comment", "$id", "$schema", "$defs"})
_UPPER_LIMITS = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"})
_LOWER_LIMITS = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"})
# What keywords have to be for anything to be made of them.
_FORMS: tuple[tuple[str, Any, str], ...] = (
    ("properties", Mapping, "an object of schemas"),
    ("required", (list, tuple), "a list of names"),
    ("allOf", (list, tuple), "a list of schemas"),
    ("anyOf", (list, tuple), "a list of schemas"),
    ("oneOf", (list, tuple), "a list of schemas"),
    ("enum", (list, tuple), "a list of values"),
)
_FLAGS = {
    "uniqueItems": "Items differ.",
    "deprecated": "Deprecated.",
    "readOnly": "Read only.",
    "writeOnly": "Write only.",
}
_WORDS = {
    "const": "Always {}.",
    "default": "Default: {}.",
    "format": "Format: {}.",
    "pattern": "Matches the regular expression {}.",
    "minimum": "At least {}.",
    "maximum": "At most {}.",
    "exclusiveMinimum": "More than {}.",
    "exclusiveMaximum": "Less than {}.",
    "multipleOf": "A multiple of {}.",
    "minLength": "At least {} characters.",
    "maxLength": "At most {} characters.",
    "minItems": "At least {} items.",
    "maxItems": "At most {} items.",
    "minProperties": "At least {} properties.",
    "maxProperties": "At most {} properties.",
    "contentEncoding": "Encoded as {}.",
    "contentMediaType": "Media type {}.",
}


class Room:
    """How many schemas there is room for: references to references multiply."""

    def __init__(self, schemas: int = MAX_VALUES // 5) -> None:
        self._most = self._left = schemas

    def take(self, path: str) -> None:
        """One more. Raises InvalidInput."""
        self._left -= 1
        if self._left < 0:
            raise InvalidInput(
                f"{path}: with references put in place there are more than {self._most:,} schemas. Limit their depth"
            )


def fold(schema: Any, *, path: str = "inputSchema", room: Room | None = None) -> dict[str, Any]:
    """The schema in the service's keywords, nothing lost: what they cannot say moves into the description.

    References into the schema itself are put in place; what may be null may be left out instead.
    path: where the schema is, for errors. room: what several schemas have in common; default: one of its own.
    Raises InvalidInput with everything that cannot be said.
    """
    if not isinstance(schema, Mapping):
        raise InvalidInput(f"{path}: is not a JSON Schema. Give an object")
    try:
        check(schema, accepts=lambda value: not isinstance(value, (bytes, bytearray, set, frozenset)))
    except Unreadable as error:
        raise error.of(path) from None
    return _Folder(schema, room or Room()).fold(schema, path, ())


class _Folder:
    """Folds the parts of one schema, whose references it knows."""

    def __init__(self, root: Mapping[str, Any], room: Room) -> None:
        self._root = root
        self._room = room
        self._depth = 0

    def fold(self, schema: Any, path: str, seen: tuple[str, ...]) -> dict[str, Any]:
        self._depth += 1
        try:
            if self._depth > MAX_DEPTH:
                raise InvalidInput(f"{path[:200]}...: is nested too deeply, more than {MAX_DEPTH} levels. Flatten it")
            return self._folded(schema, path, seen)
        finally:
            self._depth -= 1

    def _folded(self, schema: Any, path: str, seen: tuple[str, ...]) -> dict[str, Any]:
        schema, seen = self._flat(schema, path, seen)
        kind = _type(schema, path)
        folded: dict[str, Any] = {"type": kind}
        description = _described(schema, path)
        if description:
            folded["description"] = description
        if kind == "object":
            folded |= self._object(schema, path, seen)
        if kind == "array" and schema.get("items") not in (None, True, {}):
            folded["items"] = self.fold(schema["items"], f"{path}.items", seen)
        return folded

    def _object(self, schema: Mapping[str, Any], path: str, seen: tuple[str, ...]) -> dict[str, Any]:
        folded: dict[str, Any] = {}
        problems: list[str] = []
        if "properties" in schema:
            folded["properties"] = {}
        for name, below in (schema.get("properties") or {}).items():
            try:
                folded["properties"][name] = self.fold(below, f"{path}.properties.{name}", seen)
            except InvalidInput as error:
                problems += error.problems or (str(error),)
        if problems:
            raise InvalidInput("\n".join(problems), tuple(problems))
        nullable = {
            name for name, below in (schema.get("properties") or {}).items() if self._may_be_null(below, path, seen)
        }
        required = [name for name in schema.get("required") or () if name not in nullable]
        return folded | ({"required": required} if required else {})

    def _may_be_null(self, schema: Any, path: str, seen: tuple[str, ...]) -> bool:
        """Whether null is a value: the service has no word for it, so such a property may be left out."""
        if not isinstance(schema, Mapping):
            return False
        if isinstance(schema.get("$ref"), str) and schema["$ref"] not in seen:
            return self._may_be_null(self._resolved(schema["$ref"], path), path, (*seen, schema["$ref"]))
        alternatives = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
        return (
            schema.get("nullable") is True
            or (isinstance(schema.get("type"), (list, tuple)) and "null" in schema["type"])
            or any(isinstance(one, Mapping) and one.get("type") == "null" for one in alternatives)
        )

    def _flat(self, schema: Any, path: str, seen: tuple[str, ...]) -> tuple[dict[str, Any], tuple[str, ...]]:
        """The schema with references put in place, allOf merged and the null alternative dropped."""
        if not isinstance(schema, Mapping):
            raise InvalidInput(f"{path}: says nothing of the type. Give it a schema with a type")
        self._room.take(path)
        flat = dict(schema)
        _require_form(flat, path)
        if "$ref" in flat:
            reference = flat.pop("$ref")
            if not isinstance(reference, str) or len(seen) > MAX_DEPTH:
                raise InvalidInput(f"{path}: $ref {_shown(reference)} leads too far. Put the schema in its place")
            if reference in seen:
                raise InvalidInput(
                    f"{path}: {reference} contains itself, which the service cannot take. Limit its depth"
                )
            below, seen = self._flat(self._resolved(reference, path), path, (*seen, reference))
            flat = _merged(below, flat, path)
        for part in flat.pop("allOf", ()):
            below, seen = self._flat(part, path, seen)
            flat = _merged(below, flat, path)
        for keyword in ("anyOf", "oneOf"):
            if keyword not in flat:
                continue
            parts = [
                part for part in flat.pop(keyword) if not (isinstance(part, Mapping) and part.get("type") == "null")
            ]
            if len(parts) == 1:
                below, seen = self._flat(parts[0], path, seen)
                flat = _merged(below, flat, path)
            else:
                flat = _merged(self._alternatives(parts, keyword, path, seen), flat, path)
        return flat, seen

    def _alternatives(self, parts: list[Any], keyword: str, path: str, seen: tuple[str, ...]) -> dict[str, Any]:
        """Alternatives of one plain type, such as two formats of a string: the type, and each in words."""
        flat = [self._flat(part, path, seen)[0] for part in parts]
        kinds = {_only_type(part) for part in flat}
        if len(kinds) != 1 or kinds & {None, "object", "array"}:
            raise InvalidInput(
                f"{path}: {keyword} has alternatives of different types, which the service cannot take. Choose one type"
            )
        said = " Or: ".join(f"{words.rstrip('.')}." for part in flat if (words := _described(part, path)))
        return {"type": kinds.pop()} | ({"description": said} if said else {})

    def _resolved(self, reference: Any, path: str) -> Any:
        if not isinstance(reference, str) or not reference.startswith("#"):
            raise InvalidInput(f"{path}: $ref {reference} points out of the schema. Put the schema in its place")
        found: Any = self._root
        for step in reference[1:].split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            if not isinstance(found, Mapping) or name not in found:
                raise InvalidInput(f"{path}: $ref {reference} points to nothing. Correct it")
            found = found[name]
        return found


def _require_form(flat: Mapping[str, Any], path: str) -> None:
    """Raises InvalidInput if a keyword is none, or is not what anything can be made of."""
    for keyword in flat:
        if not isinstance(keyword, str):
            raise InvalidInput(f"{path}: {keyword!r} is no keyword of JSON Schema. Remove it, or put it in quotes")
    for keyword, kinds, wanted in _FORMS:
        if keyword in flat and not isinstance(flat[keyword], kinds):
            raise InvalidInput(f"{path}.{keyword}: is {_shown(flat[keyword])}. Give {wanted}")
    if not all(isinstance(name, str) for name in flat.get("required", ())):
        raise InvalidInput(f"{path}.required: is {_shown(flat['required'])}. Give a list of names")


def _merged(below: Mapping[str, Any], above: Mapping[str, Any], path: str) -> dict[str, Any]:
    """Two schemas that both hold, as one. Where they only speak about a value, the upper one has the word."""
    merged = dict(below)
    for keyword, value in above.items():
        was = merged.get(keyword, value)
        if keyword == "properties":
            both = {name: {"allOf": [was[name], one]} for name, one in value.items() if was.get(name, one) != one}
            merged["properties"] = {**was, **value, **both}
        elif keyword == "required":
            merged["required"] = [*dict.fromkeys([*was, *value])] if keyword in merged else list(value)
        elif keyword in _SPEAKS or was == value:
            merged[keyword] = value
        elif keyword == "type":
            raise InvalidInput(f"{path}: is to be both {was} and {value}. Choose one type")
        elif keyword in _UPPER_LIMITS or keyword in _LOWER_LIMITS:
            if not all(isinstance(one, (int, float)) for one in (was, value)):
                raise InvalidInput(f"{path}.{keyword}: is to be both {_shown(was)} and {_shown(value)}. Give a number")
            merged[keyword] = min(was, value) if keyword in _UPPER_LIMITS else max(was, value)
        elif keyword == "enum":
            merged["enum"] = [one for one in was if one in value]
        else:
            raise InvalidInput(f"{path}.{keyword}: is to be both {_shown(was)} and {_shown(value)}. Choose one")
    return merged


def _type(schema: Mapping[str, Any], path: str) -> str:
    kind: Any = schema.get("type")
    if isinstance(kind, (list, tuple)):
        kinds = [one for one in kind if one != "null"]
        if len(kinds) != 1:
            raise InvalidInput(f"{path}.type: is one of {', '.join(map(str, kind))}. Choose one type")
        kind = kinds[0]
    if kind is None:
        kind = _implied(schema)
    if kind not in TYPES:
        said = "is not given" if kind is None else f"is {kind}"
        raise InvalidInput(f"{path}.type: {said}, and the service takes {', '.join(TYPES)}. Give one of them")
    return str(kind)


def _only_type(schema: Mapping[str, Any]) -> str | None:
    """The one type of a schema beside null, or None if it has none or several."""
    kind = schema.get("type")
    kinds = [one for one in kind if one != "null"] if isinstance(kind, (list, tuple)) else [kind]
    if kind is None:
        return _implied(schema)
    return kinds[0] if len(kinds) == 1 and isinstance(kinds[0], str) else None


def _implied(schema: Mapping[str, Any]) -> str | None:
    """The type that other keywords leave no doubt about."""
    if "properties" in schema:
        return "object"
    if "items" in schema:
        return "array"
    values = schema["enum"] if schema.get("enum") else [schema["const"]] if "const" in schema else []
    kinds = {_kind_of(value) for value in values if value is not None}
    return kinds.pop() if len(kinds) == 1 else None


def _kind_of(value: Any) -> str | None:
    for types, kind in ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string")):
        if isinstance(value, types):
            return kind
    return None


def _described(schema: Mapping[str, Any], path: str) -> str:
    """The description, and after it whatever else the schema says."""
    said = [str(schema["description"]).strip()] if schema.get("description") else []
    if not said and schema.get("title") and _kind_of(schema.get("const")) is None:
        said.append(str(schema["title"]).strip())
    for keyword, value in schema.items():
        if keyword in KEPT or keyword in _MEANINGLESS:
            continue
        said.append(words(keyword, value, path))
    others = schema.get("additionalProperties")
    if others is False and schema.get("properties"):
        said.append("No other properties.")
    elif isinstance(others, Mapping) and others:
        keys = "Other keys" if schema.get("properties") else "Any keys"
        said.append(f"{keys}, each with a value of {_named(others)}.")
    sentences = [one if one.endswith((".", "!", "?")) else f"{one}." for one in said if one]
    # A description that stands alone stays as its author wrote it.
    return said[0] if len(said) == 1 and schema.get("description") else " ".join(sentences)


def _named(schema: Mapping[str, Any]) -> str:
    """A schema in words: its type if it says no more, else JSON Schema as it stands."""
    kind = schema.get("type")
    if set(schema) <= {"type", "title"} and isinstance(kind, str):
        return f"type {kind}"
    return f"JSON Schema {_shown(schema)}"


def words(keyword: str, value: Any, path: str = "") -> str:
    """What a keyword says of a value, as a sentence. path: where it is, for errors."""
    if keyword == "enum":
        said = f"One of: {', '.join(_shown(one) for one in value if one is not None)}."
    elif keyword in ("examples", "example"):
        examples = value if isinstance(value, list) else [value]
        said = f"For example {', '.join(_shown(one) for one in examples)}."
    elif keyword in _FLAGS:
        said = _FLAGS[keyword] if value else ""
    elif keyword in _WORDS:
        said = "" if value is None else _WORDS[keyword].format(_shown(value))
    elif keyword.startswith("x-") or keyword in ("nullable", "xml", "externalDocs", "discriminator"):
        said = ""
    else:
        raise InvalidInput(f"{path}.{keyword}: cannot be said in the service's keywords. Remove it or say it in words")
    return said


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
