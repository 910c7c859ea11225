"""Waiting looks when something can have changed, as far as this run has shown when that is."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentcore_provider.aws.arrivals import KNOWN_STEP, Arrivals, looks
from tests.aws.conftest import FakeClock


def moments(clock: Any, expected: float, until: float) -> list[float]:
    """The seconds at which looks are due until one finds what has arrived by then."""
    due = []
    for spent in looks(clock, 600, expected=expected):
        due.append(spent)
        if spent >= until:
            return due
    raise AssertionError(due)


def wait(clock: Any, arrivals: Arrivals, arrives: float) -> list[float]:
    """Wait for an operation that arrives after so many seconds, and learn from it."""
    due = moments(clock, arrivals.expected("CreateGateway"), arrives)
    arrivals.note("CreateGateway", pending=due[-2] if len(due) > 1 else None, arrived=due[-1])
    return due


def test_what_nobody_knows_is_looked_at_at_once_and_then_in_growing_steps(clock: Any) -> None:
    due = moments(clock, 0.0, 60)
    assert due[0] == 0
    steps = [after - before for before, after in itertools.pairwise(due)]
    assert steps == pytest.approx(sorted(steps))
    assert due[-1] <= 60 * 1.1
    assert len(due) < 60


@given(seconds=st.floats(0, 8))
def test_what_takes_as_long_each_time_is_soon_found_at_once(seconds: float) -> None:
    """Within a tenth of a second of its arrival, and on average with no more than two looks."""
    clock = FakeClock()
    arrivals = Arrivals(clock)
    for _ in range(20):
        wait(clock, arrivals, seconds)
    late = [wait(clock, arrivals, seconds) for _ in range(50)]
    assert max(due[-1] - seconds for due in late) <= 0.1
    assert sum(len(due) for due in late) <= 100


def test_what_has_become_slower_is_learned_again(clock: Any) -> None:
    arrivals = Arrivals(clock)
    for seconds in [1.0] * 10 + [6.0] * 10:
        due = wait(clock, arrivals, seconds)
    assert due[-1] - 6 <= 2 * KNOWN_STEP
    assert len(due) <= 3


def test_the_first_look_is_due_when_most_had_arrived(clock: Any) -> None:
    arrivals = Arrivals(clock)
    for seconds in (2.0, 2.1, 5.0, 2.2, 9.0):
        arrivals.note("CreateGateway", pending=seconds - 0.02, arrived=seconds)
    assert arrivals.expected("CreateGateway") == pytest.approx(2.19)
    assert arrivals.expected("DeleteGateway") == 0


def test_a_wait_ends_with_its_time_however_long_others_took(clock: Any) -> None:
    began = clock.now()
    assert list(looks(clock, 3, expected=60)) == [3]
    assert clock.now() - began == 3


def test_a_long_wait_is_reported_meanwhile(clock: Any) -> None:
    assert moments(clock, 60.0, 60)[:3] == [10, 20, 30]


def test_a_sleep_that_ends_early_is_a_look(clock: Any) -> None:
    """Such as when another thread has fetched what this one waits for; the first own look stays when it was due."""
    due = []
    for spent in looks(clock, 600, expected=3.0, sleep=lambda seconds: clock.sleep(min(seconds, 2.0))):
        due.append(spent)
        if len(due) == 3:
            break
    assert due == pytest.approx([2.0, 3.0, 3.0 + KNOWN_STEP])
