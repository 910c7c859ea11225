"""Rows that appear while a page is open: server-sent events, each a row of the page's table."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from werkzeug.wrappers import Request, Response

_ALIVE_SECONDS = 10.0
_MOST_DIGITS = 20


class Numbered(Protocol):
    """What a row is about."""

    @property
    def number(self) -> int:
        """Grows with each."""


T = TypeVar("T", bound=Numbered)


def respond(
    request: Request,
    *,
    known: int,
    await_later: Callable[[int, float], Sequence[T]],
    chosen: Callable[[T], bool],
    row: Callable[[T], str],
    ending: threading.Event,
) -> Response:
    """The rows after the one that the browser has, without an end.

    known: the number of the latest. await_later: those after a number, waiting for one at most so many seconds.
    """
    after = request.headers.get("Last-Event-ID") or request.args.get("after", "")
    number = int(after[:_MOST_DIGITS]) if after.isdecimal() else known
    # A page of a local AWS that has started again since knows higher numbers.
    number = number if number <= known else 0

    def events(number: int) -> Iterator[bytes]:
        yield b": open\n\n"
        while not ending.is_set():
            found = await_later(number, _ALIVE_SECONDS)
            # The comment finds out whether anybody still reads.
            yield b"".join(_event(it.number, row(it)) for it in found if chosen(it)) or b": alive\n\n"
            number = found[-1].number if found else number

    return Response(events(number), content_type="text/event-stream; charset=utf-8")


def _event(number: int, row: str) -> bytes:
    lines = "".join(f"data: {line}\n" for line in row.splitlines())
    return f"id: {number}\n{lines}\n".encode()
