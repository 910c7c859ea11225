"""A tool's arguments against its input schema, in the words of the service.

Seen in public transcripts of gateways:
    Missing required field(s): 'amount'
    Field '/amount_cents' has invalid type: string found, integer expected
    additionalProperties validation failed: property 'x' is not defined in the schema and the schema does not
        allow additional properties
Only what a tool schema of the API may contain is checked: type, properties, required, items; and
additionalProperties, which schemas of other origin bring along.
"""

from __future__ import annotations

from typing import Any


def problems(schema: dict[str, Any], value: Any) -> list[str]:
    """Everything that is wrong with the arguments, empty if nothing is."""
    return _problems(schema, value, "")


def _problems(schema: dict[str, Any], value: Any, path: str) -> list[str]:
    expected = schema.get("type")
    if isinstance(expected, str) and not _is(expected, value):
        return [f"Field '{path or '/'}' has invalid type: {_type_of(value)} found, {expected} expected"]
    if isinstance(value, dict):
        return _problems_of_object(schema, value, path)
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        found = [_problems(schema["items"], item, f"{path}/{index}") for index, item in enumerate(value)]
        return [problem for problems_of_item in found for problem in problems_of_item]
    return []


def _problems_of_object(schema: dict[str, Any], value: dict[str, Any], path: str) -> list[str]:
    properties = schema.get("properties") or {}
    where = f"Field '{path}': " if path else ""
    found = [
        f"{where}Missing required field(s): '{name}'" for name in schema.get("required") or () if name not in value
    ]
    for name, item in value.items():
        if name in properties:
            found += _problems(properties[name], item, f"{path}/{name}")
        elif schema.get("additionalProperties") is False:
            found.append(
                f"{where}additionalProperties validation failed: property '{name}' is not defined in the schema "
                "and the schema does not allow additional properties"
            )
    return found


def _type_of(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"


def _is(expected: str, value: Any) -> bool:
    found = _type_of(value)
    if expected == "number":
        return found in ("number", "integer")
    if expected == "integer":
        # JSON Schema counts 3.0 as an integer
        return found == "integer" or (found == "number" and value.is_integer())
    return expected == found
