"""A document as text: what it says, and on which line each part of it stands."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from agentcore_provider.documents.limits import check
from agentcore_provider.documents.lines import Lines, index, steps
from agentcore_provider.documents.reading import parsed
from agentcore_provider.rules.problem import UNKNOWN

__all__ = ["SourceText", "at", "below", "steps"]


class SourceText:
    """A JSON or YAML text, or a document that never was one and so has no lines.

    document: what it says; dates stay text. size: bytes of the text, or of the document as compact JSON.
    """

    def __init__(self, source: str | Mapping[str, Any], *, yaml: bool = True) -> None:
        """yaml: whether a text may be YAML. Raises documents.limits.Unreadable, also for a document that is too large or holds what JSON does not."""
        if isinstance(source, str):
            self.document: Any = parsed(source, yaml=yaml)
            compact = source
        else:
            check(source, accepts=lambda value: value is UNKNOWN)
            self.document = source
            compact = json.dumps(source, separators=(",", ":"), default=str)
        self.size = len(compact.encode())
        # In one line, as documents travel, every part is on line 1.
        self._lines = Lines(source) if isinstance(source, str) and "\n" in source.strip() else None

    def line(self, pointer: str) -> int | None:
        """The line of what a JSON pointer (`#/paths/~1users/get`) points to, or of the nearest part around it."""
        return self._lines.line(pointer) if self._lines else None


def below(pointer: str, *members: str | int) -> str:
    """The pointer of a part of what a pointer points to."""
    return "".join([pointer, *(f"/{str(member).replace('~', '~0').replace('/', '~1')}" for member in members)])


def at(document: Any, pointer: str) -> Any:
    """What a JSON pointer points to, UNKNOWN if that is not known. Raises LookupError if it is nothing."""
    for step in steps(pointer):
        if document is UNKNOWN:
            return UNKNOWN
        if isinstance(document, Mapping):
            document = document[step] if step in document else document[_number(step)]
        elif isinstance(document, Sequence) and not isinstance(document, str):
            document = document[_number(step)]
        else:
            raise LookupError(pointer)
    return document


def _number(step: str) -> int:
    number = index(step)
    if number is None:
        raise LookupError(step)
    return number
