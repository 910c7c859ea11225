"""The limits that a request falls under, and whether it may go on.

Documented: limits with more keys first, then those with lower rates; of each the most specific entry; * counts every value
apart; all have to pass, and the first that does not ends it; a tokens limit is for known inference paths alone, takes an
estimate before and what was used after. Assumed: a request that is refused takes nothing of the limits that would let it
pass, and limitKey has the request's own values, also where the entry has *.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Response

from agentcore_provider.local import store
from agentcore_provider.local.rate_limits.buckets import Bucket, Buckets

if TYPE_CHECKING:
    from agentcore_provider.local.rate_limits.dimensions import Asked
    from agentcore_provider.local.store import RateLimit

MESSAGE = "Rate limit exceeded"
_METRICS = ("requests", "tokens", "connections")
_buckets = Buckets()


class ThrottledError(Exception):
    """A request that has to wait. limit_key: the limit and the values that it counts. retry_after: seconds."""

    def __init__(self, limit_key: str, metric: str, retry_after: int) -> None:
        super().__init__(MESSAGE)
        self.members = {"limitKey": limit_key, "metric": metric, "retryAfter": retry_after}


@dataclass
class Admission:
    """What a request that may go on holds of its limits until its answer is complete."""

    connections: list[Bucket] = field(default_factory=list)
    tokens: list[Bucket] = field(default_factory=list)

    def used(self, tokens: int) -> None:
        """Count the tokens that the request and its answer had, in place of the estimate."""
        for bucket in self.tokens:
            _buckets.give_back(bucket, bucket.cost - tokens)
        self.tokens.clear()

    def add(self, other: Admission) -> None:
        """Hold what another one holds too."""
        self.connections += other.connections
        self.tokens += other.tokens

    def end(self) -> None:
        """Note that the answer is complete, or will never be."""
        while self.connections:
            _buckets.give_back(self.connections.pop(), 1)

    def until_sent(self, response: Response) -> Response:
        """The response, with whose end this ends: before the client can know of it, so that its next request finds room."""
        if response.is_sequence:
            self.end()
        elif self.connections:
            response.response = self._then_end(response.iter_encoded())
            # Of a stream that nobody begins to read nothing else ends.
            response.call_on_close(self.end)
        return response

    def _then_end(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        try:
            yield from chunks
        finally:
            self.end()


def admit(asked: Asked) -> Admission:
    """Count the request. Raises ThrottledError if a limit of the gateway has nothing left for it."""
    limits = store.rate_limits_of(asked.gateway.gateway_id)
    if not limits:
        return Admission()
    found = [it for limit in limits if (it := _match(limit, asked)) is not None]
    found.sort(key=lambda it: (-len(it.limit.keys), it.lowest_rate))
    buckets = {bucket: one for one in found for bucket in one.buckets(asked)}
    if (refused := _buckets.take(buckets, limits[0].now)) is not None:
        bucket, seconds = refused
        raise ThrottledError(buckets[bucket].key, bucket.metric, seconds)
    return Admission(
        [it for it in buckets if it.metric == "connections"], [it for it in buckets if it.metric == "tokens"]
    )


@dataclass(frozen=True)
class _Match:
    """The entry of a limit that a request falls under, and the values that are counted."""

    limit: RateLimit
    values: tuple[str, ...]
    rates: Mapping[str, Mapping[str, Any]]

    @property
    def key(self) -> str:
        """As throttled answers have it."""
        pairs = zip(self.limit.keys, self.values, strict=True)
        return f"{self.limit.limit_id}/{','.join(f'{key}={value}' for key, value in pairs)}"

    @property
    def lowest_rate(self) -> float:
        """The lowest rate by the second."""
        return min(float(it["rate"]) / (60 if it["period"] == "minute" else 1) for it in self.rates.values())

    def buckets(self, asked: Asked) -> Iterator[Bucket]:
        """What the request takes from."""
        for metric, rate in self.rates.items():
            if metric == "tokens" and asked.tokens is None:
                continue
            cost = asked.tokens or 0 if metric == "tokens" else 1
            key = (asked.gateway.gateway_id, self.limit.limit_id, self.limit.created_at, metric, *self.values)
            yield Bucket(key, metric, float(rate["rate"]), str(rate["period"]), float(cost))


def _match(limit: RateLimit, asked: Asked) -> _Match | None:
    values = [asked.value(key) for key in limit.keys]
    known = tuple(it for it in values if it is not None)
    if len(known) < len(values):
        return None
    for specific in range(len(known), -1, -1):
        wanted = {key: it if i < specific else "*" for i, (key, it) in enumerate(zip(limit.keys, known, strict=True))}
        entry = next((it for it in limit.entries if it["dimensions"] == wanted), None)
        if entry is not None:
            return _Match(limit, known, {it: entry[it][0] for it in _METRICS if it in entry})
    return None
