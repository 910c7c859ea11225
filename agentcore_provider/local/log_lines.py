"""The latest lines of logs, for the page that displays them and for programs that wait for new ones.

While a gateway answers a request, its lines and those of the functions it invokes are collected in the request's trace,
which removes credentials. Lines of anything else are added one by one.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timezone

from agentcore_provider.local import call_trace
from agentcore_provider.local.call_trace import CallTrace, Line

_MOST_KEPT = 2000
_MOST_CHARACTERS = 8_000_000
_OF_A_LINE = 200
"""Characters that each line counts beside its text: what an object takes."""
_LONGEST_NAME = 200
_GROUP_SECONDS = 0.05


@dataclass(frozen=True)
class LinesOfCall:
    """What was written while a call was answered, in its order.

    number: of this record. call: the number of the recorded call; 0 if there is none. tool: by its full name, which
    begins with its target's; empty for anything else.
    """

    number: int
    time: datetime
    lines: tuple[Line, ...]
    gateway_id: str = ""
    tool: str = ""
    call: int = 0

    @property
    def target(self) -> str:
        """The name of the target."""
        target, separator, _ = self.tool.partition("___")
        return target if separator else ""

    @property
    def has_error(self) -> bool:
        """Whether a line is about an error."""
        return any(it.is_error for it in self.lines)

    @property
    def size(self) -> int:
        """In characters, about."""
        return sum(len(it.text) + _OF_A_LINE for it in self.lines)


class LogLines:
    """The latest lines, by the calls that they are about, oldest first."""

    def __init__(self) -> None:
        self._kept: deque[LinesOfCall] = deque()
        self._size = 0
        self._number = 0
        self._writes = 0
        self._changed = threading.Condition()

    def add(self, lines: tuple[Line, ...], *, gateway_id: str = "", tool: str = "", call: int = 0) -> None:
        """Keep the lines of a call."""
        if not lines:
            return
        with self._changed:
            self._number += 1
            now = datetime.now(timezone.utc)
            gateway_id, tool = gateway_id[:_LONGEST_NAME], tool[:_LONGEST_NAME]
            self._kept.append(LinesOfCall(self._number, now, lines, gateway_id, tool, call))
            self._size += self._kept[-1].size
            while len(self._kept) > _MOST_KEPT or (self._size > _MOST_CHARACTERS and len(self._kept) > 1):
                self._size -= self._kept.popleft().size
            self._changed.notify_all()

    def wrote(self) -> None:
        """Report that a log has something new, for `await_write`."""
        with self._changed:
            self._writes += 1
            self._changed.notify_all()

    def latest(self) -> tuple[LinesOfCall, ...]:
        """All that are kept."""
        with self._changed:
            return tuple(self._kept)

    @property
    def number(self) -> int:
        """The number of the latest."""
        with self._changed:
            return self._number

    def await_later(self, number: int, seconds: float) -> tuple[LinesOfCall, ...]:
        """The lines after this number, waiting for some at most so long."""
        with self._changed:
            if self._number <= number:
                self._changed.wait(seconds)
            return tuple(it for it in self._kept if it.number > number)

    def await_write(self, count: int | None, seconds: float) -> int:
        """How often was written, waiting for more than a count at most so long; None: at once."""
        with self._changed:
            # A count of a local AWS that has started again since may be higher.
            if count == self._writes:
                self._changed.wait(seconds)
                # The lines of a call come together: who reads them at the first would read again for each.
                self._changed.wait(_GROUP_SECONDS)
            return self._writes

    def wake(self) -> None:
        """End every wait that is under way."""
        with self._changed:
            self._changed.notify_all()

    def clear(self) -> None:
        """Forget them."""
        with self._changed:
            self._kept.clear()
            self._size = 0


LINES = LogLines()
"""Of this process, as CloudWatch Logs of local AWS is."""


def write(lines: tuple[Line, ...], *, gateway_id: str = "") -> None:
    """Keep lines: with the request that a gateway is answering, else by themselves."""
    if not call_trace.log(lines):
        LINES.add(CallTrace(lines=[*lines]).kept_lines(), gateway_id=gateway_id)
    LINES.wrote()
