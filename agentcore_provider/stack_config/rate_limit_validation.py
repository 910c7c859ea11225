"""What AWS would reject in the rate limits of a stack file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from agentcore_provider.arguments import gateway_rate_limit as documents
from agentcore_provider.arguments import table
from agentcore_provider.arguments.members import property_name
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import errors
from agentcore_provider.resources.gateway_rate_limit import GatewayRateLimit
from agentcore_provider.resources.rate_limits import entry_document
from agentcore_provider.rules import gateway_rate_limit as rules
from agentcore_provider.rules.unknown import UNKNOWN
from agentcore_provider.stack_config.places import Place, PlacedProblem, placed, walked

_SHORT = {("requests", "second"): "requests_per_second", ("requests", "minute"): "requests_per_minute"}
_METRICS = {"tokens": "tokens_per_minute", "connections": "connections"}


def problems(gateway: Mapping[str, object], document: Mapping[str, object] | None) -> Iterator[PlacedProblem]:
    """Everything about the rate limits of a gateway that AWS would reject. document: its CreateGateway input."""
    described = gateway.get("rate_limits")
    by_keys: dict[frozenset[object], str] = {}
    by_id: dict[str, str] = {}
    for name, limit in described.items() if isinstance(described, Mapping) else ():
        if not isinstance(limit, Mapping):
            continue
        yield from (it.below((name,)) for it in _problems(limit, document))
        keys, limit_id = limit.get("dimension_keys"), limit.get("rate_limit_id")
        if isinstance(keys, list) and all(isinstance(it, str) for it in keys):
            other = by_keys.setdefault(frozenset(keys), name)
            if other != name:
                message = f"rate limit {other} has these keys too, in whatever order"
                yield PlacedProblem((name, "dimension_keys"), message, "put the entries of both into one", rules.LIMITS)
        if isinstance(limit_id, str) and by_id.setdefault(limit_id, name) != name:
            message = f"rate limit {by_id[limit_id]} has the id {limit_id} too"
            yield PlacedProblem((name, "rate_limit_id"), message, "give each its own", rules.LIMITS)


def _problems(limit: Mapping[str, object], document: Mapping[str, object] | None) -> Iterator[PlacedProblem]:
    entries = limit.get("entries")
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        try:
            entry_document(_known(entry))
        except InvalidInput as error:
            yield from placed(error, ("entries", index))
            return
    built = rate_limit_document(limit)
    for problem in errors(rules.validate(built, gateway=document)):
        yield PlacedProblem(_place(problem.path, built), problem.message, problem.cure, problem.source, problem.code)


def rate_limit_document(limit: Mapping[str, object]) -> dict[str, object]:
    """CreateGatewayRateLimit's input, as the limit's declaration builds it. Raises InvalidInput."""
    arguments = {key: limit[key] for key in (*table.arguments(GatewayRateLimit), "more") if key in limit}
    if arguments.get("more") is UNKNOWN:
        del arguments["more"]
    entries = arguments.get("entries")
    if isinstance(entries, list):
        arguments["entries"] = [UNKNOWN if it is UNKNOWN else entry_document(_known(it)) for it in entries]
    return documents.document(arguments)


def _known(entry: object) -> object:
    """The entry, with AWS's own value for dimensions of which a part is not known."""
    if isinstance(entry, Mapping) and any(it is UNKNOWN for _, it in walked(entry.get("dimensions"))):
        return {key: it for key, it in entry.items() if key != "dimensions"}
    return entry


def _place(path: str, document: Mapping[str, object]) -> Place:
    """Where a member of AWS's document is in the stack file."""
    found = re.match(r"entries\[(\d+)\](?:\.(\w+))?(.*)", path)
    if found and found[2] in ("requests", *_METRICS):
        return "entries", int(found[1]), _key(found[2], document, int(found[1]))
    if found and found[2] == "dimensions":
        key = found[3].removeprefix(".")
        return ("entries", int(found[1]), "dimensions", *([key] if key else []))
    top, rest = re.match(r"([A-Za-z]*)(.*)", path).groups()  # type: ignore[union-attr]
    return (property_name(top) + rest,) if top else ()


def _key(metric: str, document: Mapping[str, object], index: int) -> str:
    """The key of a rate, by its period."""
    entries = document.get("entries")
    entry = entries[index] if isinstance(entries, list) else None
    rates = entry.get(metric) if isinstance(entry, Mapping) else None
    period = rates[0].get("period") if isinstance(rates, list) and rates else None
    return _METRICS.get(metric) or _SHORT.get((metric, str(period)), metric)
