"""YAML 1.2 as JSON values, built from the parser's events within the limits: aliases are counted, not written out."""

from __future__ import annotations

import re
from array import array
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml import events

from agentcore_provider.documents import yaml_1_1
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
from agentcore_provider.documents.pointer import index, steps

_STANDARD = "tag:yaml.org,2002:"
_JSON_TAGS = frozenset({"!", *(_STANDARD + name for name in ("str", "int", "float", "bool", "null", "map", "seq"))})
_MERGE = "<<"
# Plain words that are not text, as YAML 1.2 has it for JSON (chapter 10), in any spelling of true and null. Everything
# else is text: NO, 12:30, 0o17, 007, 2024-01-01 and a lone =, which YAML 1.1 makes other values of. << joins objects, as
# in YAML 1.1; .inf and .nan stay numbers, so that they are refused.
_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    spelling: value
    for word, value in (("true", True), ("false", False))
    for spelling in (word, word.title(), word.upper())
}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)|0x[0-9a-fA-F]+")
_FLOAT = re.compile(
    r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]*(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_BEGINS_NUMBER = frozenset("-+.0123456789")
# What a reader of YAML may take for a number: decimal, hexadecimal, and in YAML 1.1 binary and base 60.
_NUMBER = re.compile(r"[-+]?(0x[0-9a-fA-F_]+|0b[01_]+|\.?[0-9][0-9_:.]*([eE][-+]?[0-9]+)?)")


@dataclass(frozen=True)
class PlainWord:
    """A word without quotes that is text. line: counted from 1."""

    text: str
    line: int


class YamlLines:
    """The lines of a YAML text, noted while it was read."""

    def __init__(self, content: Any, first: int | None, parts: dict[int, array[int]]) -> None:
        """first: the line of the content. parts: by the identity of an object or list, the lines of its names or items in
        order; 0 for a name that `<<` brought.
        """
        self._content = content
        self._first = first
        self._parts = parts

    def line(self, pointer: str) -> int | None:
        """The line of what a JSON pointer points to, or of the nearest part around it."""
        line, content = self._first, self._content
        for step in steps(pointer):
            if not isinstance(content, (dict, list)):
                break
            if isinstance(content, list):
                place = index(step)
            else:
                place = next((at for at, name in enumerate(content) if str(name) == step), None)
            lines = self._parts[id(content)]
            if place is None or place >= len(lines) or not lines[place]:
                break
            line = lines[place]
            content = content[place] if isinstance(content, list) else list(content.values())[place]
        return line


@dataclass
class YamlDocument:
    """content: the document as JSON values. words: what could be read as another value by YAML 1.1, in order.
    lines: where its parts are.
    """

    content: Any
    words: list[PlainWord]
    lines: YamlLines


@dataclass
class _Open:
    """An object or list that has begun and not ended. values, size: those of the document before it."""

    anchor: str | None
    values: int
    size: int
    event: events.CollectionStartEvent
    items: list[Any] | None = None
    members: dict[Any, Any] = field(default_factory=dict)
    merged: dict[Any, Any] = field(default_factory=dict)
    lines: array[int] = field(default_factory=lambda: array("I"))
    names: set[str] = field(default_factory=set)
    name: Any = None
    at_name: bool = True
    is_merge: bool = False

    def note(self, name: Any, line: int) -> None:
        """The line of a name."""
        if name in self.members:  # as 1 and 0x1 are one
            self.lines[list(self.members).index(name)] = line
        else:
            self.lines.append(line)

    def content(self) -> Any:
        if self.items is not None:
            return self.items
        return {**self.merged, **self.members} if self.merged else self.members


def read(text: str) -> YamlDocument:
    """The one document of a text. Raises Unreadable if it becomes too much or JSON lacks it, YAMLError if it is not YAML."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder()
    for event in yaml.parse(text, Loader=loader):
        builder.take(event)
    lines = YamlLines(builder.content, builder.first_line, builder.lines)
    return YamlDocument(builder.content, builder.words, lines)


class _Builder:
    def __init__(self) -> None:
        self.content: Any = None
        self.words: list[PlainWord] = []
        self.first_line: int | None = None
        self.lines: dict[int, array[int]] = {}
        self._take = {
            events.ScalarEvent: self._scalar,
            events.MappingStartEvent: self._begin,
            events.SequenceStartEvent: self._begin,
            events.MappingEndEvent: self._end,
            events.SequenceEndEvent: self._end,
            events.AliasEvent: self._alias,
            events.DocumentStartEvent: self._document,
        }
        self._documents = 0
        self._open: list[_Open] = []
        self._anchored: dict[str, tuple[Any, int, int]] = {}
        self._values = 0
        self._size = 0

    def take(self, event: events.Event) -> None:
        """The next event."""
        handle: Any = self._take.get(type(event))
        if handle is not None:
            handle(event)

    def _document(self, event: events.Event) -> None:
        self._documents += 1
        if self._documents > 1:
            raise _wrong(event, "found another document")

    def _begin(self, event: events.CollectionStartEvent) -> None:
        _require_json_tag(event)
        is_list = isinstance(event, events.SequenceStartEvent)
        if event.tag not in (None, "!", f"{_STANDARD}{'seq' if is_list else 'map'}"):
            raise _unfit(event)
        if len(self._open) >= MAX_DEPTH:
            raise _at(event, too_deep())
        self._open.append(_Open(event.anchor, self._values, self._size, event, [] if is_list else None))
        self._add(event, 1, 2)

    def _end(self, event: events.Event) -> None:
        ended = self._open.pop()
        content = ended.content()
        self.lines[id(content)] = ended.lines
        if ended.merged:
            own = dict(zip(ended.members, ended.lines, strict=True))
            self.lines[id(content)] = array("I", [own.get(name, 0) for name in content])
        if ended.anchor:
            self._anchored[ended.anchor] = (content, self._values - ended.values, self._size - ended.size)
        self._put(content, ended.event)

    def _alias(self, event: events.AliasEvent) -> None:
        anchor = str(event.anchor)
        if any(it.anchor == anchor for it in self._open):
            raise _at(event, Unreadable(f"*{anchor} contains itself", "Write out how deep it goes"))
        if anchor not in self._anchored:
            raise _wrong(event, f"found undefined alias {anchor!r}")
        content, values, size = self._anchored[anchor]
        self._add(event, values, size)
        self._put(content, event)

    def _scalar(self, event: events.ScalarEvent) -> None:
        text: str = event.value
        is_plain = bool(event.implicit[0])
        if event.tag is not None:
            _require_json_tag(event)
            is_plain = is_plain or event.tag not in ("!", f"{_STANDARD}str")
        if is_plain and len(text) > MAX_DIGITS and _NUMBER.fullmatch(text):
            raise _at(event, Unreadable(f"is a number of more than {MAX_DIGITS} digits", "Write it in quotes, as text"))
        within = self._open[-1] if self._open else None
        if within is not None and within.items is None and within.at_name:
            within.is_merge = text == _MERGE and is_plain
            if text in within.names and text != _MERGE:
                raise _at(event, Unreadable(f"{_cut(text)} is written twice in one object", "Remove one of them"))
            within.names.add(text)
        content: Any = text
        if is_plain and event.tag is None:
            content = _plain(text)
            if content is text and text[:1] in yaml_1_1.BEGINS:
                self.words.append(PlainWord(text, _place(event)[0]))
        elif event.tag not in (None, "!", f"{_STANDARD}str"):
            content = _tagged(event)
        if event.anchor:
            self._anchored[event.anchor] = (content, 1, len(text) + 1)
        self._add(event, 1, len(text) + 1)
        self._put(content, event)

    def _put(self, value: object, event: events.Event) -> None:
        """The next name, member or item of what is open."""
        if not self._open:
            self.content = value
            self.first_line = _place(event)[0]
            return
        within = self._open[-1]
        if within.items is not None:
            within.items.append(value)
            within.lines.append(_place(event)[0])
        elif within.at_name:
            if not isinstance(value, Hashable):
                raise _wrong(event, "found unhashable key")
            within.name, within.at_name = value, False
            if not within.is_merge:
                within.note(value, _place(event)[0])
        else:
            if within.is_merge:
                for one in reversed(value) if isinstance(value, list) else [value]:
                    if not isinstance(one, dict):
                        raise _wrong(event, "expected an object or a list of objects for merging")
                    within.merged.update(one)
            else:
                within.members[within.name] = value
            within.at_name, within.is_merge = True, False

    def _add(self, event: events.Event, values: int, size: int) -> None:
        self._values += values
        self._size += size
        if self._size > MAX_BYTES:
            raise _at(event, too_large(self._size))
        if self._values > MAX_VALUES:
            raise _at(event, too_many())


def _plain(text: str) -> Any:
    """The value of a word without quotes and tag."""
    if text[:1] in _BEGINS_NUMBER:
        if _INTEGER.fullmatch(text):
            return int(text, 16 if text.startswith("0x") else 10)
        return _number(text) if _FLOAT.fullmatch(text) else text
    return _WORDS.get(text, text)


def _number(text: str) -> float:
    return float(text.replace(".", "", 1) if text.lstrip("+-")[1:].isalpha() else text)


def _tagged(event: events.ScalarEvent) -> Any:
    """The value of a scalar that has a tag of JSON's other than that of text."""
    value = _plain(event.value)
    kind = str(event.tag).removeprefix(_STANDARD)
    if kind == "float" and type(value) is int:
        return float(value)
    kinds: dict[str, type] = {"null": type(None), "bool": bool, "int": int, "float": float}
    if type(value) is not kinds.get(kind):
        raise _unfit(event)
    return value


def _require_json_tag(event: events.ScalarEvent | events.CollectionStartEvent) -> None:
    if event.tag is not None and event.tag not in _JSON_TAGS:
        why = f"has the YAML tag {_cut(event.tag.replace(_STANDARD, '!!'))}, which JSON does not have"
        raise _at(event, Unreadable(why, "Remove the tag", source=YAML))


def _unfit(event: events.Event) -> Unreadable:
    return _wrong(event, "a value does not fit its tag")


def _wrong(event: events.Event, why: str) -> Unreadable:
    return _at(event, Unreadable(f"is neither JSON nor YAML: {why}", "Correct it", source=YAML))


def _at(event: events.Event, error: Unreadable) -> Unreadable:
    line, column = _place(event)
    return Unreadable(error.why, error.cure, line=line, column=column, source=error.source)


def _place(event: events.Event) -> tuple[int, int]:
    """Line and column of an event, counted from 1."""
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _cut(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "...")
