"""Values that are not known yet, at preview."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi.output import Unknown

from agentcore_provider.aws.documents import Properties
from agentcore_provider.rules.unknown import UNKNOWN


def contains_unknown(value: object) -> bool:
    """Whether a value is unknown, or anything below it is."""
    if isinstance(value, Mapping):
        return any(contains_unknown(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(contains_unknown(item) for item in value)
    return isinstance(value, Unknown)


def for_rules(properties: Properties) -> Properties:
    """The same properties for the rules, which have their own value for what is not known and accept it."""
    return {name: _for_rules(value) for name, value in properties.items()}


def _for_rules(value: object) -> object:
    if isinstance(value, Mapping):
        return for_rules(dict(value))
    if isinstance(value, (list, tuple)):
        return [_for_rules(item) for item in value]
    return UNKNOWN if isinstance(value, Unknown) else value
