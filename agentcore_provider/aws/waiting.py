"""Wait for AWS without a fixed sleep: short steps first, longer ones the longer it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from agentcore_provider.aws.clock import Clock
from agentcore_provider.aws.cures import PROGRAM
from agentcore_provider.errors import WaitTimeout

T = TypeVar("T")

FIRST_STEP = 0.1
LONGEST_STEP = 3.0


def steps(clock: Clock, timeout: float) -> Iterator[float]:
    """Yield the seconds spent so far, pausing longer from step to step, until the time is up."""
    start = clock.now()
    step = FIRST_STEP
    while True:
        spent = clock.now() - start
        yield spent
        left = timeout - (clock.now() - start)
        if left <= 0:
            return
        clock.sleep(min(step, left))
        step = min(step * 1.5, LONGEST_STEP)


def wait_until(
    look: Callable[[], T],
    arrived: Callable[[T], bool],
    *,
    clock: Clock,
    timeout: float,
    tell: Callable[[str], None],
    waiting_for: str,
    trouble: Callable[[T], str] = lambda _: "",
    cure: str = PROGRAM.carry_on,
) -> T:
    """Look until what is seen has arrived, and return it.

    trouble: what was seen, in words, where that says why it has not arrived. cure: what to do when the time is up.

    Raises WaitTimeout, which says what was waited for and how long.
    """
    told = 0.0
    for spent in steps(clock, timeout):
        seen = look()
        if arrived(seen):
            return seen
        why = f", last: {trouble(seen)}" if trouble(seen) else ""
        if spent - told >= 1:
            told = spent
            tell(f"waiting for {waiting_for} ({spent:.0f} s{why})")
    raise gave_up(waiting_for, timeout, cure=cure, last=trouble(seen))


def gave_up(waiting_for: str, timeout: float, *, cure: str, last: object = "") -> WaitTimeout:
    """The error that says what was waited for, how long, what came last and how to go on."""
    why = f", last: {last}" if str(last) else ""
    return WaitTimeout(f"gave up waiting for {waiting_for} after {timeout:.0f} s{why}; {cure}")
