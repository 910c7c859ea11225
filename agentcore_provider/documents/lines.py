"""The lines at which the parts of a document are in its text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Protocol

from agentcore_provider.documents.pointer import index, steps

_SPACE = re.compile(r"[ \t\n\r]*")
_SEPARATOR = re.compile(r"[ \t\n\r]*[,:]?[ \t\n\r]*")


class Lines(Protocol):
    """The lines of a text that has been read already, and so is within the limits."""

    def line(self, pointer: str) -> int | None:
        """The line of what a JSON pointer (`#/paths/~1users/get`) points to, or of the nearest part around it."""


class JsonLines:
    """The lines of a JSON text. Of its objects and lists, only those on the way to a part are gone through."""

    def __init__(self, text: str) -> None:
        self._text = text
        # What is passed over is not kept.
        self._passed_over = json.JSONDecoder(object_pairs_hook=lambda _: None).raw_decode
        start = _SPACE.match(text).end()  # type: ignore[union-attr]
        self._root = (text.count("\n", 0, start) + 1, start)
        self._below: dict[int, dict[str, tuple[int, int, int]]] = {}

    def line(self, pointer: str) -> int | None:
        """The line of what a JSON pointer points to, or of the nearest part around it."""
        line, start = self._root
        begins = line
        for step in steps(pointer):
            below = self._parts(begins, start)
            number = index(step)
            found = below.get(str(number) if self._text[start] == "[" and number is not None else step)
            if found is None:
                break
            line, begins, start = found
        return line

    def _parts(self, line: int, start: int) -> dict[str, tuple[int, int, int]]:
        """By name or index: the line where a part is named, and the line and place where it begins."""
        if start not in self._below:
            self._below[start] = dict(self._walked(line, start)) if self._text[start] in "{[" else {}
        return self._below[start]

    def _walked(self, line: int, start: int) -> Iterator[tuple[str, tuple[int, int, int]]]:
        text = self._text
        is_list = text[start] == "["
        counted, place, number = start, _SEPARATOR.match(text, start + 1).end(), 0  # type: ignore[union-attr]
        while text[place] not in "}]":
            line += text.count("\n", counted, place)
            counted, named = place, line
            if is_list:
                name = str(number)
                number += 1
            else:
                name, place = self._passed_over(text, place)
                place = _SEPARATOR.match(text, place).end()  # type: ignore[union-attr]
                line += text.count("\n", counted, place)
                counted = place
            yield name, (named, line, place)
            _, place = self._passed_over(text, place)
            place = _SEPARATOR.match(text, place).end()  # type: ignore[union-attr]
