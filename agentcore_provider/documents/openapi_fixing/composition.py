"""Composed schemas of an OpenAPI document written as one, in place."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from agentcore_provider.documents import composition, in_words
from agentcore_provider.documents.alternatives import COMPOSITION, Irreducible, Schema
from agentcore_provider.documents.json_types import JsonObject
from agentcore_provider.documents.limits import MAX_VALUES
from agentcore_provider.documents.openapi_document import types
from agentcore_provider.documents.pointer import at

# For one composed schema: alternatives of references to alternatives multiply.
_MOST_STEPS = 10_000


class Composition:
    """Writes the schemas of one document without oneOf, anyOf and allOf.

    References inside properties stay; only what is composed is put in place.
    """

    def __init__(self, document: JsonObject) -> None:
        self._steps = 0
        self._values = 0
        self._engine = composition.Composition(
            lambda reference: at(document, reference),
            count=self._count,
            lists_null=str(document.get("openapi", "")).startswith("3.1"),
        )

    def replaced(self, schema: Schema, around: frozenset[str]) -> frozenset[str] | None:
        """Writes a composed schema as one, in place. None if it cannot be written as one, and then it is left alone.

        around: references already put in place around it. Returns those put in place now.
        """
        self._steps = 0
        try:
            flat, trail = self._engine.written(schema)
        except Irreducible:
            return None
        placed = frozenset(trail)
        if placed & around or not self._has_room(flat):
            return None
        # A copy: parts of it may belong to other schemas.
        flat = copy.deepcopy(flat)
        schema.clear()
        schema.update(flat)
        return placed

    def _count(self) -> None:
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise Irreducible("refers to too many schemas", "Limit their depth")

    def _has_room(self, flat: Schema) -> bool:
        """Whether the document, with what is put in place, stays within the number of values."""
        ahead: list[Any] = [flat]
        while ahead and self._values <= MAX_VALUES:
            value = ahead.pop()
            self._values += 1
            ahead += value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
        return self._values <= MAX_VALUES


def composed(schema: object) -> bool:
    """Whether a schema is composed on its top, or has several types, which says the same as anyOf."""
    return isinstance(schema, Mapping) and (any(keyword in schema for keyword in COMPOSITION) or len(types(schema)) > 1)


def as_text(schema: Schema) -> bool:
    """Writes a schema of text or plain values of other types as text, in place. False if it is none, and stays."""
    keyword = next((it for it in ("anyOf", "oneOf") if isinstance(schema.get(it), list)), None)
    parts = schema[keyword] if keyword else [{"type": kind} for kind in types(schema)]
    others = [part for part in parts if isinstance(part, Mapping) and part.get("type") != "null"]
    kinds = {part.get("type") for part in others if isinstance(part.get("type"), str)}
    if len(kinds) < 2 or "string" not in kinds or not kinds <= {"string", "number", "integer", "boolean"}:
        return False
    schema["anyOf"] = [
        part
        if part.get("type") == "string"
        else {
            "type": "string",
            "description": in_words.joined(
                str(part.get("description", "")), f"{'An' if part['type'] == 'integer' else 'A'} {part['type']}"
            ),
        }
        for part in others
    ]
    if keyword == "oneOf":
        del schema["oneOf"]
    elif keyword is None:
        schema["type"] = "string"
    return True


def optional_reference(schema: Schema) -> str | None:
    """What a schema refers to that is a reference or null, and nothing else; None for any other."""
    keywords = [it for it in COMPOSITION if isinstance(schema.get(it), list)]
    others = [it for it in schema[keywords[0]] if it != {"type": "null"}] if len(keywords) == 1 else []
    is_alone = len(others) == 1 and isinstance(others[0], Mapping) and others[0].keys() == {"$ref"}
    if not is_alone or schema.keys() & {"properties", "type", "$ref"}:
        return None
    return str(others[0]["$ref"])
