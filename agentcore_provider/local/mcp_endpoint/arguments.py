"""A tool's arguments against its input schema, in the service's wording.

Observed in public transcripts of gateways and in AWS's samples, 2026:
    Missing required field(s): 'amount', 'currency'
    Missing required field(s): '/search/Page'
    Field '/amount_cents' has invalid type: string found, integer expected
    Field 'package_type' validation failed: enum
    additionalProperties validation failed: property 'x' is not defined in the schema and the schema does not
        allow additional properties
Only these were observed to be checked: type, properties, required, items, enum and additionalProperties.
"""

from __future__ import annotations

from agentcore_provider.local.json_document import JsonObject


def problems(schema: JsonObject, value: object) -> list[str]:
    """All problems of the arguments."""
    found = _Problems()
    found.check(schema, value, "")
    missing = ", ".join(f"'{name}'" for name in found.missing)
    return ([f"Missing required field(s): {missing}"] if missing else []) + found.others


class _Problems:
    """The problems of one value. `missing`: fields by name at the top, by path below it."""

    def __init__(self) -> None:
        self.missing: list[str] = []
        self.others: list[str] = []

    def check(self, schema: JsonObject, value: object, path: str) -> None:
        """Collect the problems of a part. path: "" for the whole, "/search/Page" for a part of it."""
        expected = schema.get("type")
        kinds = [expected] if isinstance(expected, str) else expected if isinstance(expected, list) else []
        if kinds and not any(_is(str(kind), value) for kind in kinds):
            wanted = expected if isinstance(expected, str) else f"[{', '.join(map(str, kinds))}]"
            self.others.append(f"Field '{path or '/'}' has invalid type: {_type_of(value)} found, {wanted} expected")
            return
        if isinstance(schema.get("enum"), list) and not any(_equal(value, one) for one in schema["enum"]):
            self.others.append(f"Field '{_name(path)}' validation failed: enum")
        elif isinstance(value, dict):
            self._check_members(schema, value, path)
        elif isinstance(value, list) and isinstance(schema.get("items"), dict):
            for index, item in enumerate(value):
                self.check(schema["items"], item, f"{path}/{index}")

    def _check_members(self, schema: JsonObject, value: JsonObject, path: str) -> None:
        properties = schema.get("properties") or {}
        self.missing += [_name(f"{path}/{name}") for name in schema.get("required") or () if name not in value]
        for name, item in value.items():
            if name in properties:
                self.check(properties[name], item, f"{path}/{name}")
            elif schema.get("additionalProperties") is False:
                where = f"Field '{path}': " if path else ""
                self.others.append(
                    f"{where}additionalProperties validation failed: property '{name}' is not defined in the schema "
                    "and the schema does not allow additional properties"
                )


def _name(path: str) -> str:
    """A field as it is named: those at the top without a slash."""
    return path[1:] if path.count("/") == 1 else path


def _equal(value: object, other: object) -> bool:
    # In JSON true is not a number, as it is in Python.
    return value == other and isinstance(value, bool) == isinstance(other, bool)


def _type_of(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"


def _is(expected: str, value: object) -> bool:
    found = _type_of(value)
    if expected == "number":
        return found in ("number", "integer")
    if expected == "integer":
        # JSON Schema counts 3.0 as an integer
        return found == "integer" or (isinstance(value, float) and value.is_integer())
    return expected == found
