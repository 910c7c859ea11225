"""Waiting spends no more time than needed, and none at all in tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from agentcore_provider.aws.limits import TARGET_OPERATIONS_IN_FLIGHT, Limits
from agentcore_provider.aws.status_cache import StatusCache
from agentcore_provider.aws.waiting import LONGEST_PAUSE, wait_until
from agentcore_provider.errors import WaitTimeout


def wait(clock: Any, answers: Iterator[Any], timeout: float = 60) -> Any:
    report: list[str] = []
    return wait_until(
        lambda: next(answers),
        lambda observed: observed == "READY",
        clock=clock,
        timeout=timeout,
        report=report.append,
        waiting_for="x to be READY",
    )


def test_what_is_there_already_is_not_waited_for(clock: Any) -> None:
    assert wait(clock, iter(["READY"])) == "READY"
    assert clock.slept == []


def test_steps_grow_up_to_a_limit(clock: Any) -> None:
    wait(clock, iter(["CREATING"] * 20 + ["READY"]))
    assert clock.slept == sorted(clock.slept)
    assert clock.slept[0] < 0.2
    assert max(clock.slept) <= LONGEST_PAUSE


def test_giving_up_says_what_was_waited_for_how_long_and_how_to_go_on(clock: Any) -> None:
    with pytest.raises(WaitTimeout, match=r"x to be READY after 7 s.*run the same command again"):
        wait(clock, iter(["CREATING"] * 1000), timeout=7)
    assert clock.now() == pytest.approx(1007)


def test_a_gateway_runs_five_target_operations_at_a_time(clock: Any) -> None:
    """Who has to wait for a place is reported so; who has one at once hears nothing."""
    limits = Limits(clock)
    report: list[str] = []
    running, most, lock = 0, 0, threading.Lock()
    full, everybody_waits = threading.Event(), threading.Event()

    def tell(message: str) -> None:
        report.append(message)
        if len(report) == 12 - TARGET_OPERATIONS_IN_FLIGHT:
            everybody_waits.set()

    def operate() -> None:
        nonlocal running, most
        with limits.target_operation("g", tell) as slot:
            slot.take()
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
    assert report == ["waiting for one of the gateway's five places for target operations"] * 7


def test_one_look_serves_all_who_can_live_with_its_age(clock: Any) -> None:
    looks: list[str] = []

    def fetch() -> dict[str, int]:
        looks.append("g")
        return {"look": len(looks)}

    cache: StatusCache[int] = StatusCache(clock)
    assert cache.read("g", fetch, since=clock.now()) == {"look": 1}
    assert cache.read("g", fetch, since=clock.now()) == {"look": 1}
    clock.sleep(1)
    assert cache.read("g", fetch, since=clock.now() - 2) == {"look": 1}
    assert cache.read("g", fetch, since=clock.now()) == {"look": 2}


def test_giving_up_reports_what_was_found_last(clock: Any) -> None:
    with pytest.raises(
        WaitTimeout, match=r"after 5 s, last: connection refused\. AWS may still get there: run the same command again"
    ):
        wait_until(
            lambda: "connection refused",
            lambda observed: observed == "",
            clock=clock,
            timeout=5,
            report=lambda _: None,
            waiting_for="x to issue a token",
            reason=str,
        )
