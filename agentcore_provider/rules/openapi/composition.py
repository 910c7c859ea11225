"""Composed schemas of an OpenAPI document written as one, in place."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from agentcore_provider.documents import composition
from agentcore_provider.documents.alternatives import COMPOSITION, Irreducible, Schema
from agentcore_provider.documents.limits import MAX_VALUES
from agentcore_provider.rules.source_text import at

# For one composed schema: alternatives of references to alternatives multiply.
_MOST_STEPS = 10_000


class Composition:
    """Writes the schemas of one document without oneOf, anyOf and allOf.

    References inside properties stay; only what is composed is put in place.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._steps = 0
        self._values = 0
        self._engine = composition.Composition(
            lambda reference: at(document, reference),
            count=self._count,
            lists_null=str(document.get("openapi", "")).startswith("3.1"),
        )

    def replaced(self, schema: Schema, around: frozenset[str]) -> frozenset[str] | None:
        """Writes a composed schema as one, in place. None if it cannot be said so, and then it is left alone.

        around: references already put in place around it. Returns those put in place now.
        """
        self._steps = 0
        try:
            flat, seen = self._engine.written(schema)
        except Irreducible:
            return None
        placed = frozenset(seen)
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


def composed(schema: Any) -> bool:
    """Whether a schema is composed on its top."""
    return isinstance(schema, Mapping) and any(keyword in schema for keyword in COMPOSITION)
