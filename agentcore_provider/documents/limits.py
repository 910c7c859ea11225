"""How large a document may be, and which values it may hold: checked before anything is built from it.

Why these figures: docs/reliability.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from agentcore_provider.documents.json_types import is_object
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem

MAX_BYTES = 10 * 1024 * 1024
"""Bytes of a text, and of the document that it stands for once its YAML aliases are written out. AWS takes no more."""
MAX_VALUES = 500_000
"""Objects, lists, texts and numbers in one document, its YAML aliases written out."""
MAX_DEPTH = 100
"""How deep objects and lists may be nested."""
MAX_DIGITS = 308
"""Digits of a whole number: a 64-bit float, which JSON's readers make of it, holds no more."""

JSON = "RFC 8259, JSON"
YAML = "YAML 1.2"
LIMITS = "agentcore_provider's limits for documents"

_LARGEST = 10**MAX_DIGITS


class Unreadable(InvalidInput, ValueError):
    """A text or document that cannot be taken.

    why: what is wrong with it. cure: what to do. line, column: where, counted from 1, if known. pointer: the JSON pointer
    of the value, if it is one. source: where the rule is written. name: what to call the text.
    """

    def __init__(
        self,
        why: str,
        cure: str,
        *,
        line: int | None = None,
        column: int | None = None,
        pointer: str = "",
        source: str = LIMITS,
        name: str = "",
    ) -> None:
        self.why = why
        self.line = line
        self.column = column
        self.pointer = pointer
        self.source = source
        place = f"line {line}" if line else ""
        place += f", column {column}" if line and column else ""
        super().__init__(f"{place}: {why}" if place else why, cure, path=pointer, source=source, label=name)

    @property
    def problem(self) -> Problem:
        """The problem of a document that is validated, of which `#` is the whole."""
        (problem,) = self.problems
        return problem if problem.path else replace(problem, path="#")

    def of(self, name: str) -> Unreadable:
        """The same as an error of the file, or other text, of this name."""
        where = {"line": self.line, "column": self.column}
        return Unreadable(self.why, self.cure, pointer=self.pointer, source=self.source, name=name, **where)


def too_large(size: int | None = None) -> Unreadable:
    """The error for a text above MAX_BYTES. size: its bytes, if known."""
    has = f"has {size:,} bytes" if size is not None else "is longer"
    return Unreadable(f"{has}, over the {MAX_BYTES:,} that AWS takes of a schema", "Leave out what nobody calls")


def too_deep() -> Unreadable:
    """The error for a document nested below MAX_DEPTH."""
    return Unreadable(f"is nested too deeply, more than {MAX_DEPTH} levels", "Flatten it")


def too_many() -> Unreadable:
    """The error for a document of more than MAX_VALUES values."""
    return Unreadable(
        f"has more than {MAX_VALUES:,} values, YAML aliases written out",
        "Leave out what nobody calls, or use fewer aliases",
    )


def check(document: object, *, accepts: Callable[[Any], bool] = lambda _: False) -> None:
    """Raise Unreadable if the document is too large, or holds what JSON has no word for.

    accepts: whether a value that is none of JSON's is taken all the same, as Outputs are in a program.
    """
    level: list[Any] = [document]
    values = depth = 0
    while level:
        values += len(level)
        if values > MAX_VALUES:
            raise too_many()
        if depth > MAX_DEPTH:
            raise too_deep()
        following: list[Any] = []
        for value in level:
            if type(value) is str and value.isascii():
                continue
            if not _has_plain_names(value) and _wrong(value, accepts) is not None:
                raise _located(document, accepts)
            following.extend(_below(value))
            if values + len(following) > MAX_VALUES:
                raise too_many()
        level = following
        depth += 1


def _below(value: object) -> Iterable[Any]:
    if is_object(value):
        return value.values()
    return value if isinstance(value, (list, tuple)) else ()


def _has_plain_names(value: object) -> bool:
    """Whether it is an object with names of ASCII text, as nearly all are."""
    try:
        return type(value) is dict and "".join(value).isascii()
    except TypeError:
        return False


def _wrong(value: object, accepts: Callable[[Any], bool]) -> Unreadable | None:
    """What is wrong with a value itself, and for an object with its names."""
    wrong: Unreadable | None = None
    if isinstance(value, str):
        wrong = None if value.isascii() else _surrogate(value)
    elif isinstance(value, int):
        if not -_LARGEST < value < _LARGEST:
            wrong = Unreadable(f"is a number of more than {MAX_DIGITS} digits", "Write it in quotes, as text")
    elif isinstance(value, float):
        if not math.isfinite(value):
            wrong = Unreadable(f"is {value}, and JSON has no such number", "Give a finite number", source=JSON)
    elif isinstance(value, Mapping):
        wrong = next((it for it in map(_wrong_name, value) if it is not None), None)
    elif value is not None and not isinstance(value, (list, tuple)) and not accepts(value):
        why = f"is a {type(value).__name__}, and JSON has none"
        wrong = Unreadable(why, "Use text, numbers, true, false, null, lists and objects", source=JSON)
    return wrong


def _wrong_name(name: object) -> Unreadable | None:
    if isinstance(name, str) and name.isascii():
        return None
    if name is not None and not isinstance(name, (str, int, float)):
        why = f"has a {type(name).__name__} as the name of a member"
        return Unreadable(why, "Give text as the name", source=JSON)
    wrong = _wrong(name, lambda _: False)
    return wrong and Unreadable(f"has a name that {wrong.why}", wrong.cure, source=wrong.source)


def _surrogate(text: str) -> Unreadable | None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        why = f"has half a surrogate pair, U+{ord(text[error.start]):04X}, which is not a character"
        return Unreadable(why, "Write the character itself", source=JSON)
    return None


def _located(document: object, accepts: Callable[[Any], bool]) -> Unreadable:
    """The first wrong value of a document that has one, with its place."""
    for pointer, value in _walked(document):
        wrong = _wrong(value, accepts)
        if wrong is not None:
            return Unreadable(wrong.why, wrong.cure, pointer=pointer, source=wrong.source)
    raise AssertionError("a wrong value is found again")


def _walked(document: object) -> Iterator[tuple[str, Any]]:
    ahead: list[tuple[str, Any]] = [("#", document)]
    for pointer, value in ahead:
        yield pointer, value
        named = value.items() if isinstance(value, Mapping) else enumerate(_below(value))
        for name, below in named:
            step = str(name).replace("~", "~0").replace("/", "~1").encode(errors="backslashreplace").decode()
            ahead.append((f"{pointer}/{step if len(step) <= 80 else step[:77] + '...'}", below))
