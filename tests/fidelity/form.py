"""Whether an answer has the form that was observed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any


def differences(expected: Any, answer: Any, path: str = "answer") -> Iterator[str]:
    """What is not as expected, each with its path.

    A mapping may have more members than expected; a list has the same length; the rest is equal, or has the form of a
    tag (see rows.py).
    """
    match type(expected).__name__:
        case "Matches":
            if not isinstance(answer, str) or not re.search(expected.pattern, answer):
                yield f"{path}: {_short(answer)} does not match {expected.pattern!r}"
        case "Contains":
            yield from _contains(expected.items, answer, path)
        case "JsonText":
            try:
                parsed = json.loads(answer)
            except (TypeError, ValueError):
                yield f"{path}: {_short(answer)} is not JSON"
            else:
                yield from differences(expected.value, parsed, f"{path} as JSON")
        case "dict":
            yield from _mapping(expected, answer, path)
        case "list":
            if not isinstance(answer, list) or len(answer) != len(expected):
                yield f"{path}: {_short(answer)} is not a list of {len(expected)}"
                return
            for index, (one, found) in enumerate(zip(expected, answer, strict=True)):
                yield from differences(one, found, f"{path}[{index}]")
        case _:
            # 1 and True, 0 and False are equal in Python only.
            if answer != expected or isinstance(answer, bool) != isinstance(expected, bool):
                yield f"{path}: {_short(answer)} is not {_short(expected)}"


def _mapping(expected: dict[str, Any], answer: Any, path: str) -> Iterator[str]:
    if not isinstance(answer, dict):
        yield f"{path}: {_short(answer)} is not an object"
        return
    for name, form in expected.items():
        if type(form).__name__ == "Absent":
            if name in answer:
                yield f"{path}.{name}: {_short(answer[name])} is there"
        elif name not in answer:
            yield f"{path}.{name} is not there; there are {', '.join(map(str, answer)) or 'no members'}"
        else:
            yield from differences(form, answer[name], f"{path}.{name}")


def _contains(items: tuple[Any, ...], answer: Any, path: str) -> Iterator[str]:
    if isinstance(answer, str):
        yield from (f"{path}: {_short(answer)} does not contain {it!r}" for it in items if it not in answer)
        return
    found = list(answer) if isinstance(answer, list | dict) else []
    for it in items:
        if not any(not list(differences(it, one)) for one in found):
            yield f"{path}: {_short(answer)} has no {_short(it)}"


def _short(value: Any) -> str:
    text = json.dumps(value, default=str, ensure_ascii=False)
    return text if len(text) < 400 else f"{text[:400]}..."
