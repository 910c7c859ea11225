"""A chain of inference targets: the next is tried when one fails (devguide gateway-rules-fallback).

Documented: what triggers a fallback, that one whose answer has begun triggers none, that the last answer is returned when
all fail, and that a circuit breaker skips a target and model that fail repeatedly, except the last of the chain. AWS does
not document how often and for how long: here after 5 failures in a row, for 30 seconds.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from agentcore_provider.local.outbound import HttpAnswer, HttpCall, UnreachableError, send

FAILURES = 5
OPEN_SECONDS = 30.0
_MOST_BREAKERS = 10_000


class UnroutableError(Exception):
    """A target that does not exist, or does not serve the request. `status`: the HTTP status to answer with."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class FirstByteTimeoutError(UnreachableError):
    """The answer of a target has not begun in time."""


@dataclass(frozen=True)
class Attempt:
    """One target of a chain. model: what to ask it for; None for the caller's."""

    target_name: str
    model: str | None = None
    triggers: Mapping[str, Any] | None = None
    first_byte_seconds: float | None = None


@dataclass
class _Breaker:
    failures: int = 0
    open_until: float = 0.0


@dataclass
class CircuitBreakers:
    """The failures of each target and model."""

    clock: Callable[[], float] = time.monotonic
    _breakers: dict[tuple[str, str, str | None], _Breaker] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_open(self, gateway_id: str, attempt: Attempt) -> bool:
        """Whether the target is skipped now."""
        with self._lock:
            found = self._breakers.get((gateway_id, attempt.target_name, attempt.model))
            return found is not None and self.clock() < found.open_until

    def note(self, gateway_id: str, attempt: Attempt, *, failed: bool) -> None:
        """Note how an attempt ended."""
        key = (gateway_id, attempt.target_name, attempt.model)
        with self._lock:
            if not failed:
                self._breakers.pop(key, None)
                return
            if len(self._breakers) >= _MOST_BREAKERS:
                self._breakers.clear()
            found = self._breakers.setdefault(key, _Breaker())
            found.failures += 1
            if found.failures >= FAILURES:
                found.open_until = self.clock() + OPEN_SECONDS


BREAKERS = CircuitBreakers()


@dataclass(frozen=True)
class Chain:
    """The targets to try, in order. breaks: whether those that fail repeatedly are skipped."""

    gateway_id: str
    attempts: Sequence[Attempt]
    breaks: bool = False
    breakers: CircuitBreakers = field(default_factory=lambda: BREAKERS)

    def run(self, attempt_one: Callable[[Attempt], HttpAnswer]) -> HttpAnswer:
        """The first answer that triggers no fallback, or the last one. Raises what the last attempt raises."""
        for number, attempt in enumerate(self.attempts, 1):
            is_last = number == len(self.attempts)
            if self.breaks and not is_last and self.breakers.is_open(self.gateway_id, attempt):
                continue
            answer, error = _outcome(attempt_one, attempt)
            failed = _falls_back(attempt.triggers, answer, error)
            if self.breaks:
                self.breakers.note(self.gateway_id, attempt, failed=failed)
            if is_last or not failed:
                break
            if answer is not None and answer.release is not None:
                answer.release()
        if error is not None:
            raise error
        assert answer is not None
        return answer


def chain(gateway_id: str, route: Mapping[str, Any]) -> Chain:
    """The chain of a route: its own target, then its fallbacks."""
    fallback = route.get("fallback") or {}
    first = Attempt(
        route["targetName"], route.get("model"), fallback.get("triggerOn"), _seconds(fallback) if fallback else None
    )
    others = [
        Attempt(it["targetName"], it.get("model"), it.get("triggerOn"), _seconds(it))
        for it in fallback.get("targetFallback", ())
    ]
    breaks = bool(others) and fallback.get("circuitBreaker", {}).get("mode") != "DISABLED"
    return Chain(gateway_id, [first, *others], breaks)


def send_within(call: HttpCall, seconds: float | None, *, stream: bool) -> HttpAnswer:
    """Send a request whose answer has to begin within so many seconds. Raises UnreachableError."""
    if seconds is None:
        return send(call, stream=stream)
    outcome: list[HttpAnswer | UnreachableError] = []
    given_up = threading.Event()

    def run() -> None:
        try:
            answer = _begun(send(call, stream=True))
        except UnreachableError as error:
            outcome.append(error)
            return
        outcome.append(answer)
        if given_up.is_set() and answer.release is not None:
            answer.release()

    worker = threading.Thread(target=run, daemon=True)
    worker.start()
    worker.join(seconds)
    if not outcome:
        given_up.set()
        raise FirstByteTimeoutError(f"{call.place} did not begin to answer within {seconds:g} seconds")
    answer = outcome[0]
    if isinstance(answer, UnreachableError):
        raise answer
    return answer if stream else replace(answer, body=b"".join(answer.chunks or ()), chunks=None, release=None)


def _begun(answer: HttpAnswer) -> HttpAnswer:
    """The answer once its first byte is there."""
    rest = iter(answer.chunks or ())
    first = next(rest, b"")

    def chunks() -> Iterator[bytes]:
        yield first
        yield from rest

    return replace(answer, chunks=chunks())


def _outcome(
    attempt_one: Callable[[Attempt], HttpAnswer], attempt: Attempt
) -> tuple[HttpAnswer | None, Exception | None]:
    try:
        return attempt_one(attempt), None
    except (UnreachableError, UnroutableError) as error:
        return None, error


def _falls_back(triggers: Mapping[str, Any] | None, answer: HttpAnswer | None, error: Exception | None) -> bool:
    chosen = triggers or {"statusCodes": ["5XX"], "errors": ["CONNECTION_ERROR", "FIRST_BYTE_TIMEOUT", "UNROUTABLE"]}
    if answer is not None:
        return any(str(answer.status).startswith(it.rstrip("X")) for it in chosen.get("statusCodes", ()))
    name = "UNROUTABLE" if isinstance(error, UnroutableError) else "CONNECTION_ERROR"
    name = "FIRST_BYTE_TIMEOUT" if isinstance(error, FirstByteTimeoutError) else name
    return name in chosen.get("errors", ())


def _seconds(document: Mapping[str, Any]) -> float | None:
    milliseconds = document.get("firstByteTimeoutMilliseconds")
    return None if milliseconds is None else float(milliseconds) / 1000
