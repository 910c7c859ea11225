"""Schemas of the types that only Pydantic knows: its models, durations, addresses, URLs, and what defines its own."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, get_origin

from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.schemas.annotated import LIMITS


def is_model(kind: object) -> bool:
    """Whether a class is a Pydantic model, or has its schema written as one."""
    return callable(getattr(kind, "model_json_schema", None))


def model(kind: Any, definitions: JsonDict) -> JsonDict:
    """The schema of a model, with the classes that it refers to in `$defs`. definitions: names that are taken."""
    schema: JsonDict = kind.model_json_schema(schema_generator=_generator())
    if any(definitions.get(name, one) != one for name, one in schema.get("$defs", {}).items()):
        template = f"#/$defs/{kind.__module__}.{{model}}"
        schema = kind.model_json_schema(schema_generator=_generator(), ref_template=template)
        schema["$defs"] = {f"{kind.__module__}.{name}": one for name, one in schema["$defs"].items()}
    return schema


def adapted(hint: Any) -> JsonDict:
    """The schema of any other type that Pydantic knows; empty for one that it does not."""
    import pydantic

    if hint in (Any, object) or get_origin(hint) is Callable:
        return {}
    try:
        return pydantic.TypeAdapter(hint).json_schema(schema_generator=_generator())
    except (pydantic.errors.PydanticUserError, pydantic.errors.PydanticSchemaGenerationError):
        return {}


@functools.cache
def _generator() -> Any:
    """Pydantic's own, but for decimal numbers: it offers their digits as text too, and the service takes one type."""
    from pydantic.json_schema import GenerateJsonSchema

    class Generator(GenerateJsonSchema):
        def decimal_schema(self, schema: Any) -> JsonDict:
            limits = {
                str(LIMITS[name]): schema[name] for name in ("ge", "gt", "le", "lt", "multiple_of") if name in schema
            }
            return {"type": "number"} | {name: float(value) for name, value in limits.items()}

    return Generator
