"""What a YAML text would become, judged on its events: aliases are counted, not written out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from agentcore_provider.documents.limits import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_VALUES,
    YAML,
    Unreadable,
    too_deep,
    too_large,
    too_many,
)

_STANDARD = "tag:yaml.org,2002:"
_JSON_TAGS = frozenset({"!", *(_STANDARD + name for name in ("str", "int", "float", "bool", "null", "map", "seq"))})
_MERGE = "<<"
# What a reader of YAML may take for a number: decimal, hexadecimal, and in YAML 1.1 binary and base 60.
_NUMBER = re.compile(r"[-+]?(0x[0-9a-fA-F_]+|0b[01_]+|\.?[0-9][0-9_:.]*([eE][-+]?[0-9]+)?)")


@dataclass
class _Open:
    """An object or list that has begun and not ended. values, size: those of the document before it."""

    anchor: str | None
    values: int
    size: int
    is_object: bool
    names: set[str] = field(default_factory=set)
    at_name: bool = True


class _Survey:
    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._anchored: dict[str, tuple[int, int]] = {}
        self._values = 0
        self._size = 0

    def take(self, event: Any) -> None:
        from yaml import events

        if isinstance(event, events.AliasEvent):
            self._alias(event)
        elif isinstance(event, events.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, events.CollectionStartEvent):
            self._tag(event)
            if len(self._open) >= MAX_DEPTH:
                raise _at(event, too_deep())
            is_object = isinstance(event, events.MappingStartEvent)
            self._open.append(_Open(event.anchor, self._values, self._size, is_object))
            self._add(event, 1, 2)
        elif isinstance(event, events.CollectionEndEvent):
            ended = self._open.pop()
            if ended.anchor:
                self._anchored[ended.anchor] = (self._values - ended.values, self._size - ended.size)
            self._next()

    def _alias(self, event: Any) -> None:
        if any(it.anchor == event.anchor for it in self._open):
            raise _at(event, Unreadable(f"*{event.anchor} contains itself", "Write out how deep it goes"))
        values, size = self._anchored.get(event.anchor, (1, 1))
        self._add(event, values, size)
        self._next()

    def _scalar(self, event: Any) -> None:
        self._tag(event)
        is_plain = bool(event.implicit[0]) or event.tag not in (None, "!", f"{_STANDARD}str")
        if is_plain and len(event.value) > MAX_DIGITS and _NUMBER.fullmatch(event.value):
            cure = "Write it in quotes, as text"
            raise _at(event, Unreadable(f"is a number of more than {MAX_DIGITS} digits", cure))
        self._name(event)
        if event.anchor:
            self._anchored[event.anchor] = (1, len(event.value) + 1)
        self._add(event, 1, len(event.value) + 1)
        self._next()

    def _name(self, event: Any) -> None:
        """The name of a member: one that comes twice would take the first one's value away without a word."""
        within = self._open[-1] if self._open else None
        if within is None or not within.is_object or not within.at_name:
            return
        if event.value in within.names and event.value != _MERGE:
            raise _at(event, Unreadable(f"{_shown(event.value)} is written twice in one object", "Remove one of them"))
        within.names.add(event.value)

    def _next(self) -> None:
        if self._open:
            self._open[-1].at_name = not self._open[-1].at_name

    def _add(self, event: Any, values: int, size: int) -> None:
        self._values += values
        self._size += size
        if self._size > MAX_BYTES:
            raise _at(event, too_large(self._size))
        if self._values > MAX_VALUES:
            raise _at(event, too_many())

    def _tag(self, event: Any) -> None:
        if event.tag is not None and event.tag not in _JSON_TAGS:
            said = f"has the YAML tag {_shown(event.tag.replace(_STANDARD, '!!'))}, which JSON has no word for"
            raise _at(event, Unreadable(said, "Remove the tag", source=YAML))


def survey(text: str, loader: Any) -> None:
    """Raise Unreadable if the text becomes too much, and yaml.YAMLError if it is not YAML."""
    import yaml

    judge = _Survey()
    for event in yaml.parse(text, Loader=loader):
        judge.take(event)


def _at(event: Any, error: Unreadable) -> Unreadable:
    mark = event.start_mark
    return Unreadable(error.why, error.cure, line=mark.line + 1, column=mark.column + 1, source=error.source)


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "...")
