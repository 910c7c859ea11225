"""Reads JSON of requests within limits that every later reader can rely on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, NoReturn

JsonObject = dict[str, Any]
"""A document that a client, a target or a user wrote: whoever reads a member checks it."""
MOST_LEVELS = 100
"""Of arrays and objects in each other. Tool schemas of AWS's own examples have less than 20."""
_MOST_DIGITS = 400
"""Of a whole number: more than the largest double has."""
_HALF_OF_A_PAIR = re.compile(rb"\\u[dD][89a-fA-F]")


def read(body: bytes) -> Any:
    """The document of a body. Raises ValueError with the problem in one line."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start} is not UTF-8") from None
    try:
        document = json.loads(text, parse_int=_whole, parse_float=_real, parse_constant=_no_number)
    except RecursionError:
        raise ValueError(f"more than {MOST_LEVELS} levels of arrays and objects") from None
    if body.count(b"[") + body.count(b"{") > MOST_LEVELS:
        _require_shallow(document)
    if _HALF_OF_A_PAIR.search(body):
        _require_whole_characters(document)
    return document


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits, which is more than {_MOST_DIGITS}")
    return int(digits)


def _real(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number that no double holds")
    return number


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name}, which JSON does not have")


def _require_shallow(document: object) -> None:
    level = _collections([document])
    for _ in range(MOST_LEVELS):
        level = _collections(
            inner for outer in level for inner in (outer.values() if isinstance(outer, dict) else outer)
        )
        if not level:
            return
    raise ValueError(f"more than {MOST_LEVELS} levels of arrays and objects")


def _collections(values: Iterable[object]) -> list[Any]:
    return [value for value in values if isinstance(value, dict | list)]


def _require_whole_characters(document: object) -> None:
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("half of a surrogate pair") from None
