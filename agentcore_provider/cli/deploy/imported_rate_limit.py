"""A rate limit that AWS has, as a stack file has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agentcore_provider.documents.json_types import JsonDict, JsonObject

_KEYS = {
    ("requests", "second"): "requests_per_second",
    ("requests", "minute"): "requests_per_minute",
    ("tokens", "minute"): "tokens_per_minute",
    ("connections", "second"): "connections",
}


def described(found: JsonObject) -> JsonDict:
    """The stack file's entry. found: the rate limit as AWS has it."""
    members = ("rate_limit_id", "dimension_keys", "description")
    return {**{it: found[it] for it in members if found.get(it)}, "entries": [*map(_entry, found["entries"])]}


def _entry(entry: Mapping[str, Any]) -> JsonDict:
    # The values that are left out are *.
    own = {key: it for key, it in entry["dimensions"].items() if it != "*"}
    return {**({"dimensions": own} if own else {}), **dict(_rates(entry))}


def _rates(entry: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for (metric, period), key in _KEYS.items():
        for rate in entry.get(metric) or ():
            if rate["period"] == period:
                yield key, int(rate["rate"]) if float(rate["rate"]).is_integer() else rate["rate"]
