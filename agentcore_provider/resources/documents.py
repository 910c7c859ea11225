"""AWS's documents of values in which records stand for parts of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from agentcore_provider.arguments.members import member_name


def of_record(record: Any) -> dict[str, object]:
    """AWS's document of a record whose fields are named after AWS's members; fields that are None are left out."""
    fields = ((it.name, getattr(record, it.name)) for it in dataclasses.fields(record))
    return {member_name(name): of_value(value) for name, value in fields if value is not None}


def of_value(value: Any) -> Any:
    """The value with the document of each record in it; all else, Outputs too, stays as it is."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type) and hasattr(value, "document"):
        return value.document()
    if isinstance(value, Mapping):
        return {name: of_value(it) for name, it in value.items()}
    if isinstance(value, (list, tuple)):
        return [of_value(it) for it in value]
    return value


def of_list(values: Any) -> Any:
    """The documents of a list of records; a single record is a list of itself."""
    found = of_value(values)
    return [found] if found is not values and isinstance(found, Mapping) and not isinstance(values, Mapping) else found
