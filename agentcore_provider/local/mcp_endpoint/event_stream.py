"""Server-sent events, as MCP uses them: one JSON document each (HTML standard, server-sent events)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

CONTENT_TYPE = "text/event-stream"
_LINE_END = re.compile(rb"\r\n|\n|\r")


def read(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The data of each event, as soon as its last byte is there."""
    data: list[bytes] = []
    for line in _lines(pieces):
        if line.startswith(b"data:"):
            data.append(line[len(b"data:") :].removeprefix(b" "))
        elif not line and data:
            yield b"\n".join(data)
            data = []
    if data:
        yield b"\n".join(data)


def write(document: object) -> bytes:
    """One event."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return f"event: message\ndata: {text}\n\n".encode()


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        rest += piece
        # A line end of two bytes may come in two pieces.
        whole, rest = (rest[:-1], rest[-1:]) if rest.endswith(b"\r") else (rest, b"")
        *lines, last = _LINE_END.split(whole)
        yield from lines
        rest = last + rest
    if rest:
        yield from _LINE_END.split(rest)
