"""Alternatives of a JSON Schema (anyOf, oneOf) written as one schema, where one says the same to an agent."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from agentcore_provider.documents import in_words
from agentcore_provider.documents.json_types import JsonDict, JsonObject

COMPOSITION = ("oneOf", "anyOf", "allOf")
WORDS = "x-agentcore-words"
"""Keyword of a flat schema: texts to be added to its description."""

Schema = JsonDict
Tag = tuple[str, Any]
"""The property that marks an alternative, and the value that it has there."""

_PLAIN = frozenset({"string", "boolean", "integer", "number"})
# Formats of text that holds a number, and of text that holds a point in time.
_NUMBERS = frozenset({"decimal", "number", "numeric", "integer", "int32", "int64", "double", "float"})
_DATES = frozenset({"date", "date-time"})
_CHOICE = re.compile(r"\* `(?P<value>[^`]*)` - (?P<label>.*)")
# What is written elsewhere, or limits nothing.
_NO_LIMITS = frozenset(
    {"type", "properties", "required", "items", "description", "summary", "title", "nullable", "additionalProperties"}
    | {"discriminator", "definitions", "$ref", "$defs", "$id", "$schema", "$comment", WORDS, *COMPOSITION}
)


class Irreducible(ValueError):
    """One schema cannot say it. why: as the end of a sentence about the schema. cure: what to do. member: where."""

    def __init__(self, why: str, cure: str, member: str = "") -> None:
        self.why = why
        self.cure = cure
        self.member = member
        super().__init__(f"{why}. {cure}")


def written_as_one(
    parts: list[Schema],
    *,
    labels: Sequence[str],
    tags: Sequence[Tag | None],
    keyword: str,
    one_of: Callable[[list[Any]], Schema],
    narrows: bool = False,
) -> Schema:
    """Flat alternatives as one flat schema. Raises Irreducible.

    labels, tags: of each alternative. keyword: which one lists them, for errors. one_of: writes the schemas that a
    property has in several alternatives as one. narrows: whether a value may be asked for in one form where text would do
    as well.
    """
    narrowed = _narrowed(parts) if narrows else None
    if narrowed is not None:
        kept, texts = narrowed
        parts, labels, tags = [parts[it] for it in kept], [labels[it] for it in kept], [tags[it] for it in kept]
        one = (
            parts[0]
            if len(parts) == 1
            else written_as_one(parts, labels=labels, tags=tags, keyword=keyword, one_of=one_of)
        )
        return {**one, WORDS: [*one.get(WORDS, ()), *texts]} if texts else one
    kinds = {_type(part) for part in parts}
    if kinds == {"object"}:
        return _objects(parts, labels, tags, one_of, _opening(parts, keyword))
    if kinds == {"array"}:
        return _arrays(parts)
    if kinds == {"integer", "number"}:
        return _values(parts, "number")
    if len(kinds) == 1 and kinds <= _PLAIN:
        return _values(parts, str(kinds.pop()))
    listed = ", ".join(sorted(kind or "any type" for kind in kinds))
    raise _several(keyword, listed)


def _several(keyword: str, listed: str) -> Irreducible:
    if keyword == "type":
        return Irreducible(f"is one of {listed}, and the service takes one", "Choose one type", "type")
    why = f"{keyword} has alternatives of different types ({listed}), which the service does not support"
    return Irreducible(why, "Choose one type")


def _objects(
    parts: list[Schema],
    labels: Sequence[str],
    tags: Sequence[Tag | None],
    one_of: Callable[[list[Any]], Schema],
    opening: str,
) -> Schema:
    """Every property of any alternative, required what all require; what each is made of stands in words."""
    found: dict[str, list[Any]] = {}
    for part in parts:
        for name, schema in part.get("properties", {}).items():
            found[name] = _unique([*found.get(name, ()), schema])
    properties: JsonDict = {}
    for name, given in found.items():
        try:
            properties[name] = given[0] if len(given) == 1 else one_of(given)
        except Irreducible as error:
            raise Irreducible(f"the alternatives differ in {name}: {error.why}", error.cure) from None
    for name, values in _values_of(tags).items():
        found_type = _type(properties[name]) if isinstance(properties.get(name), Mapping) else None
        if found_type == "string" and not _fixed(properties[name]):
            properties[name] = {**properties[name], "enum": values}
    first, *others = [part.get("required", ()) for part in parts]
    required = [*dict.fromkeys(name for name in first if all(name in other for other in others))]
    shared = _shared(parts)
    texts = [_object_in_words(part, name, tag, shared) for part, name, tag in zip(parts, labels, tags, strict=True)]
    merged: Schema = {"type": "object"} | shared
    if properties:
        merged["properties"] = properties
    if required:
        merged["required"] = required
    return merged | {WORDS: [f"{opening}: {'; or '.join(dict.fromkeys(texts))}."]}


def _opening(parts: list[Schema], keyword: str) -> str:
    """Schemas of their own exclude each other in practice, whatever the keyword; bare requirements do not."""
    return (
        "One of these" if keyword == "oneOf" or any("properties" in part for part in parts) else "At least one of these"
    )


def _object_in_words(part: Schema, label: str, tag: Tag | None, shared: Schema) -> str:
    """An alternative by its label, with what it requires and what it may have."""
    properties = part.get("properties", {})
    values = {name: _fixed(schema) for name, schema in properties.items()}
    required = list(dict.fromkeys(part.get("required", ())))
    if tag is not None:
        values[tag[0]] = values.get(tag[0]) or [tag[1]]
        required += [tag[0]] if tag[0] not in required else []

    def named(names: Iterable[str]) -> str:
        return ", ".join(f"{name} {' or '.join(map(in_words.shown, values.get(name, ())))}".strip() for name in names)

    members = named(required)
    optional = [name for name in properties if name not in required]
    if optional:
        members += f"{' and ' if members else ''}optionally {named(optional)}"
    about = _about(part, shared).rstrip(".")
    label = f"{label} ({about})" if label and about else label or about
    if not members:
        members = "any properties"
    return f"{label} with {members}" if label else members


def _narrowed(parts: list[Schema]) -> tuple[list[int], list[str]] | None:
    """Which alternatives to keep of text and another type, and words for the others; None if they say too much.

    Text stands for an object, a list or a boolean where clients may write those as text; beside a number it is its
    digits, as generators write decimal numbers. A number beside dates counts seconds or milliseconds, as in JavaScript.
    """
    kinds = [_type(part) for part in parts]
    others = {kind for kind in kinds if kind != "string"}
    if "string" not in kinds or not others or (len(others) > 1 and others != {"integer", "number"}):
        return None
    texts = [part for part in parts if _type(part) == "string"]
    others_kept = [number for number, kind in enumerate(kinds) if kind != "string"]
    is_number = others <= {"integer", "number"}
    if all(map(_is_digits, texts)):
        return others_kept, []
    if is_number and all(text.get("format") in _DATES for text in texts):
        return [number for number, kind in enumerate(kinds) if kind == "string"], ["The API also takes a number."]
    if is_number and kinds[0] == "number":
        about = " Or: ".join(filter(None, (_about(text, {}) for text in texts)))
    elif is_number or any(_fixed(text) or _about({**text, "description": ""}, {}) for text in texts):
        return None
    else:
        about = " ".join(filter(None, (_about(text, {}) for text in texts)))
    kind = "number" if is_number else others.pop()
    return others_kept, [f"Give the {kind}; the API also takes text. {about}".strip()]


def _values(parts: list[Schema], kind: str) -> Schema:
    """Alternatives of one plain type: that type, with all their values if each lists its own, else each in words."""
    shared = _shared(parts)
    schema: Schema = {"type": kind} | {key: value for key, value in shared.items() if key not in ("enum", "const")}
    fixed = [_fixed(part) for part in parts]
    if all(fixed):
        schema["enum"] = _unique(value for values in fixed for value in values)
        texts = [
            f"{' or '.join(map(in_words.shown, values))}: {about.rstrip('.')}."
            for values, about in zip(fixed, map(_about_values, parts), strict=True)
            if about
        ]
    else:
        texts = [f"{about.rstrip('.')}." if about else f"Any {kind}." for about in (_about(it, shared) for it in parts)]
        texts = [*dict.fromkeys(texts)]
        texts = [" Or: ".join(texts)] if texts != [f"Any {kind}."] else []
    return schema | ({WORDS: [*dict.fromkeys(texts)]} if texts else {})


def _about_values(part: Schema) -> str:
    """What a list of values says about them, without the labels that repeat them.

    drf-spectacular describes choices as one line each, such as "* `open` - Open order".
    """
    lines = str(part.get("description") or "").splitlines()
    choices = [found for found in map(_CHOICE.fullmatch, lines) if found]
    if not choices or len(choices) < len([line for line in lines if line.strip()]):
        return _about(part, {**part})
    labels = [it for it in choices if it["label"].lower() != it["value"].replace("_", " ").lower()]
    label = (
        labels[0]["label"]
        if len(choices) == 1 and labels
        else ", ".join(f"{it['value']} ({it['label']})" for it in labels)
    )
    return _about({**part, "description": label}, {**part})


def _arrays(parts: list[Schema]) -> Schema:
    """Alternatives that are lists: a list of what any of them may hold."""
    shared = _shared(parts)
    schema: Schema = {"type": "array"} | shared
    items = _unique(part.get("items", {}) for part in parts)
    if all(one not in ({}, True) for one in items):
        schema["items"] = items[0] if len(items) == 1 else {"anyOf": items}
    texts = [*dict.fromkeys(f"{about.rstrip('.')}." for about in (_about(it, shared) for it in parts) if about)]
    return schema | ({WORDS: [" Or: ".join(texts)]} if texts else {})


def _shared(parts: list[Schema]) -> Schema:
    """Limits that all alternatives have with one value."""
    first, *others = parts
    shared = {
        keyword: value
        for keyword, value in first.items()
        if (keyword not in _NO_LIMITS or keyword == "additionalProperties")
        and all(keyword in other and other[keyword] == value for other in others)
    }
    return shared | ({"nullable": True} if any(part.get("nullable") is True for part in parts) else {})


def _about(part: Schema, shared: Schema) -> str:
    """What a flat alternative says beyond its shape: its description, and limits that not all have."""
    limits = []
    for keyword, value in part.items():
        if keyword in _NO_LIMITS or (keyword in shared and shared[keyword] == value):
            continue
        try:
            limits.append(in_words.sentence(keyword, value))
        except in_words.Inexpressible:
            raise Irreducible("there are no words for it in an alternative", "Remove it", keyword) from None
    others = part.get("additionalProperties")
    if isinstance(others, Mapping) and others and shared.get("additionalProperties") != others:
        limits.append(f"Other keys, each with a value of {in_words.value(others)}.")
    return in_words.joined(str(part.get("description") or ""), *part.get(WORDS, ()), *limits)


def _type(schema: JsonObject) -> str | None:
    """The type of a flat schema, or the one that other keywords leave no doubt about."""
    if isinstance(schema.get("type"), str):
        return str(schema["type"])
    if "type" in schema:
        return None
    return implied_type(schema)


def implied_type(schema: JsonObject) -> str | None:
    """The type that keywords other than type leave no doubt about."""
    if {"properties", "required", "additionalProperties"} & schema.keys():
        return "object"
    if "items" in schema or "prefixItems" in schema:
        return "array"
    kinds = {_kind_of(value) for value in _fixed(schema) if value is not None}
    if kinds == {"integer", "number"}:
        return "number"
    return kinds.pop() if len(kinds) == 1 else None


def _kind_of(value: object) -> str | None:
    kinds = ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"))
    return next((kind for types, kind in kinds if isinstance(value, types)), None)


def _fixed(schema: object) -> list[Any]:
    """The values that a schema lists, if it lists them."""
    if not isinstance(schema, Mapping):
        return []
    if isinstance(schema.get("enum"), (list, tuple)):
        return [value for value in schema["enum"] if value is not None]
    return [schema["const"]] if schema.get("const") is not None else []


def _is_digits(schema: Schema) -> bool:
    """Whether a text can be nothing but a number."""
    if schema.get("format") in _NUMBERS:
        return True
    pattern = schema.get("pattern")
    if not isinstance(pattern, str):
        return False
    with contextlib.suppress(re.error):
        compiled = re.compile(pattern)
        return all(compiled.search(text) for text in ("1", "2.5")) and not any(
            compiled.search(text) for text in ("", "a", "x", "1a", "a1", "1 ")
        )
    return False


def label(part: object) -> str:
    """What to call one of several alternatives, or nothing."""
    if not isinstance(part, Mapping):
        return ""
    reference = part.get("$ref")
    return str(part.get("title") or (reference.rpartition("/")[2] if isinstance(reference, str) else ""))


def tags(discriminator: object, parts: list[Any]) -> list[Tag | None]:
    """Of each alternative the property that marks it and its value, as OpenAPI's discriminator maps them."""
    member = discriminator.get("propertyName") if isinstance(discriminator, Mapping) else None
    mapping = discriminator.get("mapping") if isinstance(discriminator, Mapping) else None
    if not isinstance(member, str):
        return [None] * len(parts)
    values: list[Tag | None] = []
    for part in parts:
        reference = part.get("$ref") if isinstance(part, Mapping) else None
        name = label({"$ref": reference})
        mapped = [
            value
            for value, target in (mapping.items() if isinstance(mapping, Mapping) else ())
            if reference is not None and target in (reference, name)
        ]
        value = mapped[0] if mapped else name
        values.append((member, value) if value else None)
    return values


def _values_of(tags: Sequence[Tag | None]) -> dict[str, list[Any]]:
    """The values of the properties that mark alternatives, if all are marked."""
    if None in tags:
        return {}
    found: dict[str, list[Any]] = {}
    for name, value in filter(None, tags):
        found.setdefault(name, []).append(value)
    return found


def _unique(values: Iterable[Any]) -> list[Any]:
    """Values, each once: they may have no hash."""
    found: list[Any] = []
    for value in values:
        if not any(value is one or (value == one and type(value) is type(one)) for one in found):
            found.append(value)
    return found
