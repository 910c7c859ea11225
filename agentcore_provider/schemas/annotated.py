"""What Python says about a value beside its type: annotations with limits and descriptions, and defaults."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterable, Mapping
from enum import Enum

from agentcore_provider.documents.json_types import JsonDict

LIMITS: dict[str, str | tuple[str, str]] = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
    "pattern": "pattern",
    "min_length": ("minLength", "minItems"),
    "max_length": ("maxLength", "maxItems"),
    "examples": "examples",
}
"""Keywords of JSON Schema by the attributes of annotated-types and Pydantic; for texts and lists, where they differ."""


def limited(schema: JsonDict, annotations: Iterable[object]) -> JsonDict:
    """The schema with the limits and descriptions of annotations, as annotated-types and Pydantic write them."""
    schema = dict(schema)
    for annotation in annotations:
        description = _description(annotation)
        if description:
            schema["description"] = description
        for one in (annotation, *(getattr(annotation, "metadata", None) or ())):
            for attribute, keyword in LIMITS.items():
                value = getattr(one, attribute, None)
                if value is not None and not callable(value):
                    named = keyword[schema.get("type") == "array"] if isinstance(keyword, tuple) else keyword
                    schema[named] = getattr(value, "pattern", value)
    return schema


def _description(annotation: object) -> str:
    """The description that Annotated carries: plain text, or an object with one."""
    if isinstance(annotation, str):
        return annotation
    found = (getattr(annotation, attribute, None) for attribute in ("description", "documentation"))
    return next((text for text in found if isinstance(text, str)), "")


def has_default(value: object) -> bool:
    """Whether a default can be written in a schema: an object that displays only its address cannot."""
    if any(value is one for one in (None, inspect.Parameter.empty, dataclasses.MISSING)) or isinstance(value, type):
        return False
    displays: object = type(value).__repr__
    return displays is not object.__repr__ and not hasattr(value, "__code__")


def default(value: object) -> object:
    """A default as JSON."""
    if isinstance(value, Enum):
        return default(value.value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: default(one) for name, one in dataclasses.asdict(value).items()}
    if isinstance(value, Mapping):
        return {str(name): default(one) for name, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [default(one) for one in value]
    return value if isinstance(value, (str, bool, int, float)) or value is None else str(value)
