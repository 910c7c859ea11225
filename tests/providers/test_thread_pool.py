"""Calls of the engine that wait do not hold up others, however many arrive at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

from agentcore_provider.providers import thread_pool

CALLS = 40
LIMIT_SECONDS = 20.0


def test_calls_that_came_before_the_pool_was_widened_get_threads_too() -> None:
    """As in a refresh: the engine asks for everything at once, while the first call still loads the provider."""
    all_there, all_run = Event(), Barrier(CALLS)

    def call() -> bool:
        all_there.wait(LIMIT_SECONDS)
        widened = thread_pool.widen()
        all_run.wait(LIMIT_SECONDS)
        return widened

    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(call) for _ in range(CALLS)]
        all_there.set()
        assert all(it.result() for it in calls)


def test_calls_after_a_crowd_of_short_ones_get_a_thread_each() -> None:
    """As in `up --refresh`: the reads are over at once, and then come updates that wait for each other."""
    all_there, all_run = Event(), Barrier(CALLS)

    def read() -> bool:
        all_there.wait(LIMIT_SECONDS)
        return thread_pool.widen()

    with ThreadPoolExecutor(4) as pool:
        reads = [pool.submit(read) for _ in range(CALLS)]
        all_there.set()
        assert all(it.result() for it in reads)
        updates = [pool.submit(all_run.wait, LIMIT_SECONDS) for _ in range(CALLS)]
        assert sorted(it.result() for it in updates) == list(range(CALLS))
