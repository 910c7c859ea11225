"""Wait for AWS without a fixed sleep: short pauses first, longer ones the longer it takes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

from agentcore_provider.aws.cures import PROGRAM
from agentcore_provider.errors import AgentCoreError, WaitTimeout

T = TypeVar("T")

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 3.0


class Clock(Protocol):
    """What waiting needs of time; passed in, so that tests spend none."""

    def now(self) -> float:
        """Seconds on a clock that never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let that many seconds pass."""
        ...

    def condition(self) -> threading.Condition:
        """A condition with a lock of its own, whose waits let time pass on this clock."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def condition(self) -> threading.Condition:
        return threading.Condition()


def backoff(clock: Clock, timeout: float) -> Iterator[float]:
    """Yield the seconds spent so far, with pauses that grow in between, until the time is up."""
    start = clock.now()
    pause = FIRST_PAUSE
    while True:
        yield clock.now() - start
        left = timeout - (clock.now() - start)
        if left <= 0:
            return
        clock.sleep(min(pause, left))
        pause = min(pause * 1.5, LONGEST_PAUSE)


def retry(
    attempt: Callable[[], T],
    passes: Callable[[AgentCoreError, float], bool],
    *,
    clock: Clock,
    timeout: float,
    exhausted: Callable[[AgentCoreError], AgentCoreError] = lambda last: last,
) -> T:
    """Attempt until it succeeds, while its errors pass by themselves.

    passes: whether an error does; gets the error and the seconds since the first attempt, and may raise a better one.
    exhausted: what to raise of the last error when the time is up.
    Raises the first error that does not pass.
    """
    for spent in backoff(clock, timeout):
        try:
            return attempt()
        except AgentCoreError as error:
            last = error
        # Outside of the handler: what is raised here is one error, not one during another.
        if not passes(last, spent):
            raise last
    raise exhausted(last) from None


def wait_until(
    look: Callable[[], T],
    arrived: Callable[[T], bool],
    *,
    clock: Clock,
    timeout: float,
    report: Callable[[str], None],
    waiting_for: str,
    reason: Callable[[T], str] = lambda _: "",
    cure: str = PROGRAM.resume,
    due: Iterator[float] | None = None,
) -> T:
    """Look until what is found has arrived, and return it.

    due: yields the seconds spent so far whenever a look is due, until the time is up; default: after growing pauses.
    reason: why what is found is not there yet, where it shows that. cure: what to do when the time is up.
    Raises WaitTimeout, which states what was waited for and how long.
    """
    reported = 0.0
    for spent in due or backoff(clock, timeout):
        found = look()
        if arrived(found):
            return found
        why = f", last: {reason(found)}" if reason(found) else ""
        if spent - reported >= 1:
            reported = spent
            report(f"waiting for {waiting_for} ({spent:.0f} s{why})")
    raise gave_up(waiting_for, timeout, cure=cure, last=reason(found))


def gave_up(waiting_for: str, timeout: float, *, cure: str, last: object = "") -> WaitTimeout:
    """The error that states what was waited for, how long, what came last and what to do."""
    why = f", last: {last}" if str(last) else ""
    return WaitTimeout(f"gave up waiting for {waiting_for} after {timeout:.0f} s{why}", cure)
