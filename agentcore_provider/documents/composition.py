"""JSON Schemas composed of others ($ref, allOf, anyOf, oneOf), written as one schema that says the same to an agent.

What one schema has no keyword for, such as which members an alternative requires, stands in words under WORDS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from agentcore_provider.documents import alternatives, in_words
from agentcore_provider.documents.alternatives import COMPOSITION, WORDS, Irreducible, Schema
from agentcore_provider.documents.json_types import JsonObject
from agentcore_provider.documents.limits import MAX_DEPTH

# Words about a value that do not limit it: the schema nearer to the reader has the last word.
_REMARKS = frozenset(
    {
        "description",
        "summary",
        "title",
        "default",
        "example",
        "examples",
        "$comment",
        "$id",
        "$schema",
        "$defs",
        "definitions",
    }
    | {"xml", "externalDocs", *in_words.FLAGS}
)
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


class Composition:
    """Writes the schemas of one document flat.

    at: what a reference points to; raises LookupError if it is nothing. count: called for every schema that is read,
    since references to references multiply; it may raise. lists_null: whether null is one of several types, as in
    JSON Schema and OpenAPI 3.1, or the keyword nullable. narrows: whether what may be text or of another type is written
    as that type: whoever sends a value can choose its form, whoever gets one cannot.
    """

    def __init__(
        self,
        at: Callable[[str], Any],
        *,
        count: Callable[[], None] = lambda: None,
        lists_null: bool = False,
        narrows: bool = True,
    ) -> None:
        self._at = at
        self._count = count
        self._lists_null = lists_null
        self._narrows = narrows
        self._depth = 0

    def flat(self, schema: object, trail: tuple[str, ...] = ()) -> tuple[Schema, tuple[str, ...]]:
        """A schema without composition on its top, and the references that lead to it. Raises Irreducible.

        trail: references that were followed so far.
        """
        self._depth += 1
        try:
            if self._depth > MAX_DEPTH or len(trail) > MAX_DEPTH:
                raise Irreducible("leads too far", "Put the schema in its place")
            return self._flat(schema, trail)
        finally:
            self._depth -= 1

    def written(self, schema: object) -> tuple[Schema, tuple[str, ...]]:
        """The same as a schema for others to read: with its words in the description. Raises Irreducible."""
        flat, trail = self.flat(schema)
        return self._finished(flat), trail

    def _finished(self, flat: Schema) -> Schema:
        finished = {keyword: value for keyword, value in flat.items() if keyword not in (WORDS, "discriminator")}
        if flat.get(WORDS):
            finished["description"] = in_words.joined(str(flat.get("description", "")), *flat[WORDS])
        if self._lists_null and finished.pop("nullable", False) and isinstance(finished.get("type"), str):
            finished["type"] = [finished["type"], "null"]
        return finished

    def _flat(self, schema: object, trail: tuple[str, ...]) -> tuple[Schema, tuple[str, ...]]:
        if not isinstance(schema, Mapping):
            raise Irreducible("does not give a type", "Give it a schema with a type")
        self._count()
        _require_form(schema)
        flat: Schema = {key: value for key, value in schema.items() if key not in (*COMPOSITION, "$ref")}
        choices = [(keyword, list(schema[keyword])) for keyword in ("anyOf", "oneOf") if keyword in schema]
        kinds = flat.get("type")
        if isinstance(kinds, (list, tuple)):
            del flat["type"]
            others = [kind for kind in kinds if kind != "null"]
            if len(others) < len(kinds):
                flat["nullable"] = True
            if len(others) == 1:
                flat["type"] = others[0]
            else:
                choices.append(("type", [{"type": kind} for kind in others]))
        if "$ref" in schema:
            below, trail = self._referred_to(schema["$ref"], trail)
            flat = _both(below, flat)
        for part in schema.get("allOf", ()):
            below, trail = self.flat(self._base(part, trail), trail)
            flat = _both(below, flat)
        for keyword, parts in choices:
            below, trail = self._one_of(parts, keyword, flat, trail, narrows=self._narrows)
            flat = _both(below, flat)
        return flat, trail

    def _referred_to(self, reference: object, trail: tuple[str, ...]) -> tuple[Schema, tuple[str, ...]]:
        if not isinstance(reference, str):
            raise Irreducible(f"$ref {in_words.shown(reference)} is not text", "Correct it")
        if reference in trail:
            raise Irreducible(f"{reference} contains itself, which the service does not support", "Limit its depth")
        try:
            found = self._at(reference)
        except LookupError:
            raise Irreducible(f"$ref {reference} points to nothing", "Correct it") from None
        flat, trail = self.flat(found, (*trail, reference))
        if flat.get("title") == alternatives.label({"$ref": reference}):
            flat = {keyword: value for keyword, value in flat.items() if keyword != "title"}
        return flat, trail

    def _base(self, part: object, trail: tuple[str, ...]) -> Any:
        """A part of allOf: a base that lists as an alternative what is built on it says here what all of them have."""
        try:
            found = self._at(part["$ref"]) if isinstance(part, Mapping) and isinstance(part.get("$ref"), str) else None
        except LookupError:
            return part
        if not isinstance(found, Mapping):
            return part
        for keyword in ("oneOf", "anyOf"):
            listed = found.get(keyword)
            if isinstance(listed, list) and any(isinstance(it, Mapping) and it.get("$ref") in trail for it in listed):
                return {key: value for key, value in found.items() if key not in (keyword, "discriminator")}
        return part

    def _one_of(
        self, parts: list[Any], keyword: str, around: Schema, trail: tuple[str, ...], *, narrows: bool
    ) -> tuple[Schema, tuple[str, ...]]:
        others = [part for part in parts if not self._is_null(part, len(parts))]
        null: Schema = {"nullable": True} if len(others) < len(parts) else {}
        if not others:
            raise Irreducible(f"{keyword} has no alternative beside null", "Give one")
        if len(others) == 1:
            only, trail = self.flat(others[0], trail)
            return only | null, trail
        flat = []
        for part in others:
            one, _ = self.flat(part, trail)
            flat.append(one if "type" in one or "type" not in around else {"type": around["type"], **one})
        labels = [alternatives.label(part) for part in others]
        tags = alternatives.tags(around.get("discriminator"), others)

        def one_of(given: list[Any]) -> Schema:
            # Each form belongs to an alternative of its own here.
            return self._finished(self._one_of(given, "anyOf", {}, trail, narrows=False)[0])

        return alternatives.written_as_one(
            flat, labels=labels, tags=tags, keyword=keyword, one_of=one_of, narrows=narrows
        ) | null, trail

    def _is_null(self, part: object, of: int) -> bool:
        """Whether an alternative is nothing but null, in any of the forms that generators write."""
        for _ in range(MAX_DEPTH):
            if not isinstance(part, Mapping) or not isinstance(part.get("$ref"), str):
                break
            try:
                part = self._at(part["$ref"])
            except LookupError:
                return False
        if not isinstance(part, Mapping):
            return False
        if part.get("type") in ("null", ["null"]) or part.get("enum") == [None] or ("const", None) in part.items():
            return True
        # apispec's form of "this object or null": beside a reference, an object of which nothing is known.
        return of > 1 and part == {"type": "object", "nullable": True}


def _require_form(schema: JsonObject) -> None:
    for keyword in schema:
        if not isinstance(keyword, str):
            raise Irreducible(f"{keyword!r} is not a keyword of JSON Schema", "Remove it, or put it in quotes")
    for keyword, kinds, wanted in _FORMS:
        if keyword in schema and not isinstance(schema[keyword], kinds):
            raise Irreducible(f"is {in_words.shown(schema[keyword])}", f"Give {wanted}", keyword)
    if not all(isinstance(name, str) for name in schema.get("required", ())):
        raise Irreducible(f"is {in_words.shown(schema['required'])}", "Give a list of names", "required")


def _both(below: Schema, above: Schema) -> Schema:
    """Two schemas that both hold, as one. Where they only remark on a value, the upper one has the word."""
    merged = dict(below)
    for keyword, value in above.items():
        before: Any = merged.get(keyword, value)
        if keyword == "properties":
            both = {name: {"allOf": [before[name], one]} for name, one in value.items() if before.get(name, one) != one}
            merged["properties"] = {**before, **value, **both}
        elif keyword == "required":
            merged["required"] = [*dict.fromkeys([*before, *value])] if keyword in merged else list(value)
        elif keyword == WORDS:
            merged[WORDS] = [*merged.get(WORDS, ()), *value]
        elif keyword in _REMARKS or keyword.startswith("x-") or before == value:
            merged[keyword] = value
        elif keyword == "nullable":
            merged[keyword] = True
        elif keyword == "items":
            merged["items"] = {"allOf": [before, value]}
        elif keyword == "additionalProperties":
            # Parts that are closed by themselves are meant to be closed together.
            merged[keyword] = False if False in (before, value) else value if before in (True, {}) else before
        else:
            _limit(merged, keyword, before, value)
    return merged


def _limit(merged: Schema, keyword: str, before: Any, value: Any) -> None:
    """Two different values of a keyword that limits what a value may be, both of which hold."""
    if keyword == "type" and [before, value] in (["integer", "number"], ["number", "integer"]):
        merged["type"] = "integer"
    elif keyword in _UPPER_LIMITS or keyword in _LOWER_LIMITS:
        if not all(isinstance(one, (int, float)) for one in (before, value)):
            shown = f"is declared as both {in_words.shown(before)} and {in_words.shown(value)}"
            raise Irreducible(shown, "Give a number", keyword)
        merged[keyword] = min(before, value) if keyword in _UPPER_LIMITS else max(before, value)
    elif keyword == "enum":
        merged["enum"] = [one for one in before if one in value]
        if not merged["enum"]:
            raise Irreducible("has parts that have no value in common", "Choose one", keyword)
    elif keyword in ("pattern", "multipleOf"):
        merged[keyword] = value
        merged[WORDS] = [*merged.get(WORDS, ()), in_words.sentence(keyword, before)]
    else:
        shown = f"is declared as both {in_words.shown(before)} and {in_words.shown(value)}"
        raise Irreducible(shown, "Keep one type" if keyword == "type" else "Keep one", keyword)
