"""Values that are not known yet, at preview."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi.output import Unknown

from agentcore_provider.rules.unknown import UNKNOWN


def contains_unknown(value: Any) -> bool:
    """Whether a value is unknown, or anything below it is."""
    if isinstance(value, Mapping):
        return any(contains_unknown(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(contains_unknown(item) for item in value)
    return isinstance(value, Unknown)


def judged(value: Any) -> Any:
    """The same value for the rules, which have their own word for what is not known and leave it alone."""
    if isinstance(value, Mapping):
        return {name: judged(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [judged(item) for item in value]
    return UNKNOWN if isinstance(value, Unknown) else value
