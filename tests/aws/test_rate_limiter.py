"""The rate limiter sends as fast as the service allows, and never faster, whatever threads and the network do."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentcore_provider.aws.limits import Limits
from agentcore_provider.aws.rate_limiter import ARRIVAL_SECONDS, SLOWEST_A_SECOND, RateLimiter, Request, Window

seconds = st.floats(0, 3, allow_nan=False)


class Simulation:
    """Threads that send through one window, on a clock of their own.

    Moments are in order, so what happens is the same in every run. lateness: the seconds that a thread loses at each
    step (waking up, sending), that a request is on its way to where it is counted, and that its answer takes.
    """

    def __init__(self, window: Window, lateness: Callable[[], float], arrival: Callable[[], float]) -> None:
        self.window = window
        self.counted: list[float] = []
        self._lateness = lateness
        self._arrival = arrival
        self._numbers = itertools.count()
        self._events: list[tuple[float, int, Callable[[float], None]]] = []

    def run(self, threads: int, requests_each: int) -> list[float]:
        """The moments at which AWS counted a request."""
        for _ in range(threads):
            self._at(self._lateness(), self._asking(requests_each))
        while self._events:
            now, _, happen = heapq.heappop(self._events)
            happen(now)
        return sorted(self.counted)

    def _at(self, moment: float, happen: Callable[[float], None]) -> None:
        heapq.heappush(self._events, (moment, next(self._numbers), happen))

    def _asking(self, left: int) -> Callable[[float], None]:
        def ask(now: float) -> None:
            place = self.window.enter(now)
            if isinstance(place, Request):
                self._at(now + self._lateness(), self._sending(place, left))
            else:
                assert place > 0
                self._at(now + place + self._lateness(), ask)

        return ask

    def _sending(self, request: Request, left: int) -> Callable[[float], None]:
        def send(now: float) -> None:
            request.sent = now
            counted = now + self._arrival()
            self.counted.append(counted)
            self._at(counted + self._lateness(), self._answering(request, left))

        return send

    def _answering(self, request: Request, left: int) -> Callable[[float], None]:
        def answer(now: float) -> None:
            request.answered = now
            self.window.took()
            if left > 1:
                self._asking(left - 1)(now)

        return answer


def most_in_a_second(moments: list[float]) -> int:
    # A hair less than a second: sums of floats are not exact.
    return max(sum(start <= it < start + 1 - 1e-9 for it in moments) for start in moments)


@given(
    data=st.data(),
    per_second=st.integers(1, 15),
    threads=st.integers(1, 60),
    requests_each=st.integers(1, 3),
)
def test_no_second_sees_more_than_the_rate(data: Any, per_second: int, threads: int, requests_each: int) -> None:
    """At any number of threads and any lateness of each of their steps."""
    late = itertools.cycle(data.draw(st.lists(seconds, min_size=1, max_size=50)))
    arrive = itertools.cycle(data.draw(st.lists(st.floats(0, ARRIVAL_SECONDS), min_size=1, max_size=50)))
    moments = Simulation(Window(per_second), lambda: next(late), lambda: next(arrive)).run(threads, requests_each)
    assert len(moments) == threads * requests_each
    assert most_in_a_second(moments) <= per_second


@given(per_second=st.integers(1, 15), threads=st.integers(1, 128), answer=st.floats(0, 0.05))
def test_the_whole_rate_is_used_when_there_is_work(per_second: int, threads: int, answer: float) -> None:
    """The wait is one second and the way to AWS for each full window, and no more."""
    moments = Simulation(Window(per_second), lambda: 0.0, lambda: answer).run(threads, 1)
    full_windows = (threads - 1) // per_second
    assert moments[-1] == pytest.approx(full_windows * (1 + answer) + answer)


def test_an_answer_that_takes_long_does_not_hold_its_place() -> None:
    window = Window(1)
    request = window.enter(0.0)
    assert isinstance(request, Request)
    request.sent = 0.0
    assert not isinstance(window.enter(1.0), Request)
    assert isinstance(window.enter(1.0 + ARRIVAL_SECONDS), Request)


def test_a_request_given_a_place_and_not_sent_yet_keeps_it() -> None:
    window = Window(1)
    assert isinstance(window.enter(0.0), Request)
    assert window.enter(50.0) == pytest.approx(1.0)


def test_throttling_halves_the_rate_once_for_all_that_were_under_way() -> None:
    window = Window(8)
    requests = [window.enter(0.0) for _ in range(8)]
    for request in requests:
        assert isinstance(request, Request)
        window.throttled(request, 0.1)
    assert window.allowed == 4
    later = Request(granted=2.0)
    window.throttled(later, 2.1)
    assert window.allowed == 2


def test_the_rate_never_falls_to_nothing_and_grows_back_to_what_is_published() -> None:
    window, now = Window(5), 0.0
    for _ in range(20):
        now += 10
        window.throttled(Request(granted=now), now + 0.1)
    assert window.allowed == SLOWEST_A_SECOND
    now += 10
    began = now
    while window.allowed < 5:
        place = window.enter(now)
        if isinstance(place, Request):
            place.sent = place.answered = now
            window.took()
        else:
            now += place
    assert 5 <= now - began <= 25
    for _ in range(100):
        window.took()
    assert window.allowed == 5


def test_a_slow_rate_lets_one_request_go_in_several_seconds() -> None:
    window = Window(5)
    window.allowed = 0.5
    first = window.enter(0.0)
    assert isinstance(first, Request)
    first.sent = first.answered = 0.0
    assert window.enter(1.5) == pytest.approx(0.5)
    assert isinstance(window.enter(2.0), Request)


def test_a_rate_limiter_sleeps_until_the_window_has_a_place(clock: Any) -> None:
    limiter, sent = RateLimiter(5, clock), []
    for _ in range(23):
        with limiter.request() as request:
            request.sent = clock.now()
            sent.append(clock.now())
        limiter.took()
    assert sent == pytest.approx([1000.0 + number // 5 for number in range(23)])


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (("bedrock-agentcore-control", "CreateGateway"), ("bedrock-agentcore-control", "CreateGatewayTarget"), False),
        (("bedrock-agentcore-control", "GetGateway"), ("bedrock-agentcore-control", "ListGateways"), False),
        (("cognito-idp", "CreateUserPool"), ("cognito-idp", "DeleteUserPool"), True),
        (("cognito-idp", "CreateUserPool"), ("cognito-idp", "CreateUserPoolClient"), False),
        (("cognito-idp", "TagResource"), ("bedrock-agentcore-control", "TagResource"), False),
        (("iam", "GetRole"), ("iam", "GetRole"), True),
    ],
)
def test_what_shares_a_rate(clock: Any, one: tuple[str, str], other: tuple[str, str], shared: bool) -> None:
    """AgentCore counts each operation by itself, Cognito each category of operations."""
    limits = Limits(clock)
    assert (limits.rate_limiter(*one) is limits.rate_limiter(*other)) is shared
