"""JSON on a command line: parsed, or rejected with the corrected text where quotes or braces are wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator

from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.documents.limits import Unreadable
from agentcore_provider.documents.reading import parsed
from agentcore_provider.errors import InvalidInput

_PAIRS = {"{": "}", "[": "]"}
_STRAY = "}]\"'`, \t\r\n"
_CURLED = {"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2018": "'", "\u2019": "'"}


def read_object(flag: str, text: str, *, secret: bool = False) -> JsonDict:
    """The JSON object of a flag or argument.

    secret: whether it carries secrets, which the corrected text then leaves out.
    Raises InvalidInput that shows the corrected text, if there is one.
    """
    try:
        document = parsed(text, yaml=False)
    except Unreadable as error:
        # The message has a position and a reason, never a value.
        corrected = _corrected(text) if error.line and not error.pointer else None
        if corrected is None:
            cure = 'quote it whole, such as \'{"name": "value"}\''
        else:
            readable = json.loads(corrected)
            cure = f"write '{json.dumps(_hidden(readable) if secret else readable, ensure_ascii=False)}'"
        raise error.because(cure=cure).below(flag) from None
    if not isinstance(document, dict):
        raise InvalidInput("is not a JSON object", 'write \'{"name": "value"}\'', path=flag)
    return document


def _corrected(text: str) -> str | None:
    """The nearest text that is a JSON object."""
    for candidate in _candidates(text):
        try:
            document = parsed(candidate, yaml=False)
        except Unreadable:
            continue
        if isinstance(document, dict) and document:
            return candidate
    return None


def _candidates(text: str) -> Iterator[str]:
    plain = text.strip()
    for curled, straight in _CURLED.items():
        plain = plain.replace(curled, straight)
    start = plain.find("{")
    if start < 0:
        return
    plain = plain[start:]
    for variant in (plain, plain.replace('\\"', '"'), plain.replace("'", '"')):
        try:
            _, end = json.JSONDecoder().raw_decode(variant)
        except (ValueError, RecursionError):
            pass
        else:
            if not variant[end:].strip(_STRAY):
                yield variant[:end]
        # A stray quote or comma before the braces that close, or braces that are missing.
        cut = variant.rstrip(_STRAY)
        for middle in ("", '"'):
            yield _closed(cut + middle)
        yield _closed(variant.rstrip(" \t\r\n,"))
        yield variant.replace('""', '"')


def _closed(text: str) -> str:
    """The text with the braces and brackets closed that it opens."""
    opened: list[str] = []
    quoted = escaped = False
    for character in text:
        if escaped:
            escaped = False
        elif quoted:
            escaped = character == "\\"
            quoted = character != '"'
        elif character == '"':
            quoted = True
        elif character in _PAIRS:
            opened.append(_PAIRS[character])
        elif opened and character == opened[-1]:
            opened.pop()
    return text + ('"' if quoted else "") + "".join(reversed(opened))


def _hidden(value: object) -> object:
    """The shape of a document without what is written in it."""
    if isinstance(value, dict):
        return {name: _hidden(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_hidden(item) for item in value]
    return "..."
