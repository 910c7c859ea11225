"""A rate limit of a gateway in words, as `agentcore show` displays it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agentcore_provider.documents.json_types import JsonObject

_MOST_ENTRIES = 4
_PLAIN = {
    "targetName": "target",
    "toolName": "tool",
    "qualifiedModelId": "model",
    "$.context.iam.principal": "principal",
    "$.context.iam.sourceIdentity": "source identity",
}
_PREFIXES = {"$.context.jwt.": "claim ", "$.context.request.header.": "header ", "$.context.request.body.": "body "}


@dataclass(frozen=True)
class ShownRateLimit:
    """A rate limit of a gateway."""

    rate_limit_id: str
    counted_by: str = ""
    """Its dimension keys in words."""
    rates: Sequence[str] = ()
    """Its entries in words."""
    status: str = ""
    description: str = ""

    @property
    def line(self) -> str:
        """What it counts and the first of its rates."""
        more = len(self.rates) - _MOST_ENTRIES
        listed = [*self.rates[:_MOST_ENTRIES], *([f"{more} more"] if more > 0 else [])]
        return f"by {self.counted_by}: {'; '.join(listed)}"


def described_rate_limit(limit: JsonObject) -> ShownRateLimit:
    """The rate limit that AWS has. limit: its properties."""
    keys = [str(it) for it in limit.get("dimension_keys") or []]
    entries = [it for it in limit.get("entries") or [] if isinstance(it, Mapping)]
    return ShownRateLimit(
        rate_limit_id=str(limit["rate_limit_id"]),
        counted_by=", ".join(map(_key, keys)),
        rates=[f"{_values(keys, it)} {', '.join(_rates(it))}" for it in entries],
        status=str(limit.get("status", "")),
        description=str(limit.get("description") or ""),
    )


def _key(key: str) -> str:
    prefix = next((it for it in _PREFIXES if key.startswith(it)), "")
    return _PREFIXES[prefix] + key.removeprefix(prefix) if prefix else _PLAIN.get(key, key)


def _values(keys: Sequence[str], entry: JsonObject) -> str:
    dimensions = entry.get("dimensions") or {}
    own = [str(dimensions.get(it, "*")) for it in keys]
    return "each" if all(it == "*" for it in own) else " ".join("each" if it == "*" else it for it in own)


def _rates(entry: JsonObject) -> Iterator[str]:
    for metric in ("requests", "tokens", "connections"):
        for rate in entry.get(metric) or ():
            number = f"{float(rate['rate']):,.10g}"
            yield f"{number} connections" if metric == "connections" else f"{number} {metric} a {rate['period']}"
