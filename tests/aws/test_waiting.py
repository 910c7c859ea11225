"""Waiting spends no more time than needed, and none at all in tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from agentcore_provider.aws.pacing import Pacing
from agentcore_provider.aws.rates import TARGET_OPERATIONS_IN_FLIGHT
from agentcore_provider.aws.status_board import StatusBoard
from agentcore_provider.aws.waiting import LONGEST_STEP, wait_until
from agentcore_provider.errors import WaitTimeout


def wait(clock: Any, answers: Iterator[Any], timeout: float = 60) -> Any:
    told: list[str] = []
    return wait_until(
        lambda: next(answers),
        lambda seen: seen == "READY",
        clock=clock,
        timeout=timeout,
        tell=told.append,
        waiting_for="x to be READY",
    )


def test_what_is_there_already_is_not_waited_for(clock: Any) -> None:
    assert wait(clock, iter(["READY"])) == "READY"
    assert clock.slept == []


def test_steps_grow_up_to_a_limit(clock: Any) -> None:
    wait(clock, iter(["CREATING"] * 20 + ["READY"]))
    assert clock.slept == sorted(clock.slept)
    assert clock.slept[0] < 0.2
    assert max(clock.slept) <= LONGEST_STEP


def test_giving_up_says_what_was_waited_for_how_long_and_how_to_go_on(clock: Any) -> None:
    with pytest.raises(WaitTimeout, match=r"x to be READY after 7 s.*run the same command again"):
        wait(clock, iter(["CREATING"] * 1000), timeout=7)
    assert clock.now() == pytest.approx(1007)


def test_a_gateway_runs_five_target_operations_at_a_time(clock: Any) -> None:
    """Who has to wait for a place is told so; who has one at once hears nothing."""
    pacing = Pacing(clock)
    told: list[str] = []
    running, most, lock = 0, 0, threading.Lock()
    full, everybody_waits = threading.Event(), threading.Event()

    def tell(message: str) -> None:
        told.append(message)
        if len(told) == 12 - TARGET_OPERATIONS_IN_FLIGHT:
            everybody_waits.set()

    def operate() -> None:
        nonlocal running, most
        with pacing.target_operation("g", tell):
            with lock:
                running += 1
                most = max(most, running)
                if running == TARGET_OPERATIONS_IN_FLIGHT:
                    full.set()
            full.wait(10)
            everybody_waits.wait(10)
            with lock:
                running -= 1

    threads = [threading.Thread(target=operate) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == TARGET_OPERATIONS_IN_FLIGHT
    assert told == ["waiting for one of the gateway's five places for target operations"] * 7


def test_one_look_serves_all_who_can_live_with_its_age(clock: Any) -> None:
    looks: list[str] = []

    def look(key: str) -> dict[str, Any]:
        looks.append(key)
        return {"look": len(looks)}

    board = StatusBoard(look, clock)
    assert board.read("g", since=clock.now()) == {"look": 1}
    assert board.read("g", since=clock.now()) == {"look": 1}
    clock.sleep(1)
    assert board.read("g", since=clock.now() - 2) == {"look": 1}
    assert board.read("g", since=clock.now()) == {"look": 2}


def test_giving_up_tells_what_was_seen_last(clock: Any) -> None:
    with pytest.raises(
        WaitTimeout, match=r"after 5 s, last: connection refused; AWS may still get there: run the same command again"
    ):
        wait_until(
            lambda: "connection refused",
            lambda seen: seen == "",
            clock=clock,
            timeout=5,
            tell=lambda _: None,
            waiting_for="x to issue a token",
            trouble=str,
        )
