"""What a gateway sent to its targets while it answered a request, for the page that shows calls.

A part that sends something notes it here; without a trace under way nothing is kept. Credentials are kept nowhere: what
adds one to a request passes it to `hide`, and fetches it `withheld`.
"""

from __future__ import annotations

import json
import re
import string
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import lru_cache

LONGEST_TEXT = 32_000
"""Characters of a request or an answer that are kept."""
HIDDEN = "(hidden)"
_MOST_LINES = 1000
_LONGEST_LINE = 4000
_SHORTEST_SECRET = 4
_LONGEST_FORM = 12
"""Characters that one of a secret takes at most, percent-encoded or in JSON."""
_BEARER = re.compile(r"^bearer +", re.IGNORECASE)
_UNRESERVED = frozenset(string.ascii_letters + string.digits + "-_.~")
_SECRET_NAME = re.compile(r"auth|cookie|credential|key|passw|secret|signature|token", re.IGNORECASE)


@dataclass
class Sent:
    """A request to a target. answer: empty if none came. log: what a function printed."""

    to: str
    request: str
    answer: str = ""
    log: str = ""
    seconds: float = 0.0


@dataclass
class Line:
    """A line of a log. source: `gateway`, or the name of the function. request_id: what the source calls the request.

    is_report: what Lambda writes about each invocation.
    """

    source: str
    text: str
    request_id: str = ""
    is_error: bool = False
    is_report: bool = False


@dataclass
class CallTrace:
    """What happened while a request was answered.

    error: why a call failed, which its client may not learn. lines: what was written to logs.
    """

    tool: str = ""
    error: str = ""
    request: str = ""
    answer: str = ""
    sent: list[Sent] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    _secrets: set[str] = field(default_factory=set, repr=False)

    def keep(self, request: bytes, answer: bytes) -> None:
        """Take in the texts of the request and its answer, after everything was sent, and remove credentials."""
        self.request, self.answer = (
            self._clean(request.decode(errors="replace")),
            self._clean(answer.decode(errors="replace")),
        )
        self.error = self._clean(self.error)
        for sent in self.sent:
            sent.to, sent.request = self._clean(sent.to), self._clean(sent.request)
            sent.answer, sent.log = self._clean(sent.answer), self._clean(sent.log)

    def kept_lines(self) -> tuple[Line, ...]:
        """The lines without credentials; those beyond a limit are counted only."""
        kept = [replace(it, text=self._clean(it.text)[:_LONGEST_LINE]) for it in self.lines[:_MOST_LINES]]
        if (more := len(self.lines) - _MOST_LINES) > 0:
            kept.append(Line(kept[-1].source, f"… {more} more lines", is_report=True))
        return tuple(kept)

    def hide(self, secrets: Iterable[str]) -> None:
        """Remove these from every text, however they are written there."""
        found = (_BEARER.sub("", secret, count=1) for secret in secrets)
        self._secrets |= {secret for secret in found if len(secret) >= _SHORTEST_SECRET}

    def _clean(self, text: str) -> str:
        longest = _LONGEST_FORM * max(map(len, self._secrets), default=0)
        # A secret that begins in what is kept is whole in this part, one that is cut off is in its end.
        part = text[: LONGEST_TEXT + longest]
        for secret in sorted(self._secrets, key=len, reverse=True):
            # Most are tokens, which are written alike everywhere.
            is_plain = _UNRESERVED.issuperset(secret)
            part = part.replace(secret, HIDDEN) if is_plain else _pattern(secret).sub(HIDDEN, part)
        if len(text) <= LONGEST_TEXT:
            return part
        return f"{part[: min(LONGEST_TEXT, len(part) - longest)]}\n… ({len(text)} characters in all)"


@lru_cache(maxsize=64)
def _pattern(secret: str) -> re.Pattern[str]:
    """A secret as it is, in an address, or in JSON."""
    return re.compile("".join(re.escape(it) if it in _UNRESERVED else _forms(it) for it in secret))


def _forms(character: str) -> str:
    encoded = "".join(f"%{byte:02x}" for byte in character.encode(errors="replace"))
    escaped = json.dumps(character)[1:-1]
    return f"(?:{re.escape(character)}|(?i:{encoded})|{re.escape(escaped)}{'|[+]' if character == ' ' else ''})"


_current: ContextVar[CallTrace | None] = ContextVar("call_trace", default=None)


@contextmanager
def begin() -> Iterator[CallTrace]:
    """Note what is sent until the end of the block."""
    trace = CallTrace()
    token = _current.set(trace)
    try:
        yield trace
    finally:
        _current.reset(token)


@contextmanager
def withheld() -> Iterator[None]:
    """Note nothing until the end of the block: credentials are fetched in it."""
    token = _current.set(None)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def sending(to: str, request: str) -> Iterator[Sent]:
    """A request to a target; the block adds the answer, and what is raised in it becomes the answer."""
    sent = Sent(to, request)
    if (trace := _current.get()) is not None:
        trace.sent.append(sent)
    began = time.perf_counter()
    try:
        yield sent
    except Exception as error:
        sent.answer = sent.answer or str(error)
        raise
    finally:
        sent.seconds = time.perf_counter() - began


def answered(text: str) -> None:
    """The answer to the latest request, which came after it was sent."""
    if (trace := _current.get()) is not None and trace.sent:
        trace.sent[-1].answer += text


def log(lines: Iterable[Line]) -> bool:
    """Lines that were written to a log; False if no trace is under way."""
    if (trace := _current.get()) is None:
        return False
    trace.lines += lines
    return True


def run(tool: str) -> None:
    """The tool that is called."""
    if (trace := _current.get()) is not None:
        trace.tool = tool


def fail(reason: str) -> None:
    """Why the call failed."""
    if (trace := _current.get()) is not None:
        trace.error = reason


def hide(secrets: Iterable[str]) -> None:
    """Credentials that texts may contain."""
    if (trace := _current.get()) is not None:
        trace.hide(secrets)


def is_kept() -> bool:
    """Whether what is sent is noted at all."""
    return _current.get() is not None


def is_secret_name(name: str) -> bool:
    """Whether a header or parameter of this name may carry a credential."""
    return _SECRET_NAME.search(name) is not None
