"""Rate limits of gateways: the properties of the resource, and with them CreateGatewayRateLimit's input, from arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentcore_provider.arguments import members
from agentcore_provider.arguments.members import Properties


def properties(*, more: Mapping[str, object] | None = None, **others: object) -> Properties:
    """The properties of a rate limit, those that are None included.

    Args:
        more: Members of the API without an argument.
        others: Members, by property name; entries as AWS's documents.
    """
    return {**others, **members.further(more)}


def document(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """CreateGatewayRateLimit's input. arguments: those of `properties`."""
    given = {name: it for name, it in properties(**arguments).items() if it is not None}
    if "entries" in given:
        given["entries"] = completed(given.get("dimension_keys"), given["entries"])
    return members.document(given)


def completed(dimension_keys: object, entries: object) -> Any:
    """AWS's entries with a value for each dimension key: * where an entry has none. Other values stay as they are."""
    if not isinstance(dimension_keys, (list, tuple)) or not isinstance(entries, (list, tuple)):
        return entries
    return [_completed(dimension_keys, it) for it in entries]


def _completed(keys: list[object] | tuple[object, ...], entry: object) -> object:
    dimensions = entry.get("dimensions", {}) if isinstance(entry, Mapping) else None
    if not isinstance(entry, Mapping) or not isinstance(dimensions, Mapping):
        return entry
    defaults = {it: "*" for it in keys if isinstance(it, str)}
    return {**entry, "dimensions": {**defaults, **dimensions}}
