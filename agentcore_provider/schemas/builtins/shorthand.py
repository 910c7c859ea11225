"""The shorthand of the data files, turned into JSON Schema as OpenAPI 3.0 has it.

    name!: string Name of the thing        a required member
    limit: integer(1..100)=20 Page size    bounds and default
    order: asc|desc Direction              an enumeration; 'fixed|' has one value
    ids: string[] Ids                      an array
    labels: string{} Labels                an object with any keys
    owner: {_: Who owns it, id!: string}   an object with members
    rows[]: {_: Rows, id!: string}         an array of such objects
    "*": any                               any further members

Types: string, integer, number, boolean, object, any; and strings in a format: date, datetime, uri, email, binary.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from agentcore_provider.documents.json_types import JsonDict, JsonObject

_TYPE = re.compile(
    r"(?P<type>[^\s(=\[{]+)(\((?P<low>[\d.-]*?)\.\.(?P<high>[\d.]*)\))?(=(?P<default>[^\s\[{]+))?(?P<many>\[\]|\{\})?"
)
_PLAIN = {"string", "integer", "number", "boolean", "object"}
_FORMATS = {"date": "date", "datetime": "date-time", "uri": "uri", "email": "email", "binary": "binary"}


def member(name: str, spec: object) -> tuple[str, bool, JsonDict]:
    """Name, whether it is required, and schema of a member."""
    required = name.endswith("!") or name.endswith("![]")
    name = name.replace("!", "") if required else name
    if isinstance(spec, Mapping) and name.endswith("[]"):
        items = schema(spec)
        description = items.pop("description", None)
        return name[:-2], required, {"type": "array", **_described(description), "items": items}
    return name, required, schema(spec)


def schema(spec: Any) -> JsonDict:
    """JSON Schema of a member's shorthand."""
    if isinstance(spec, Mapping):
        return _object(spec)
    match = _TYPE.match(spec)
    if match is None:
        raise ValueError(f"not the shorthand of a type: {spec}")
    described = _described(spec[match.end() :].strip())
    of = _scalar(match)
    if match["many"] == "[]":
        return {"type": "array", **described, "items": of}
    if match["many"] == "{}":
        return {"type": "object", **described, "additionalProperties": of}
    return {**of, **described}


def _object(spec: JsonObject) -> JsonDict:
    properties: JsonDict = {}
    required: list[str] = []
    result: JsonDict = {"type": "object", **_described(spec.get("_"))}
    for key, value in spec.items():
        if key == "_":
            continue
        if key == "*":
            result["additionalProperties"] = schema(value) or True
            continue
        name, needed, below = member(key, value)
        properties[name] = below
        required += [name] if needed else []
    return {
        **result,
        **({"properties": properties} if properties else {}),
        **({"required": required} if required else {}),
    }


def _scalar(match: re.Match[str]) -> JsonDict:
    kind = match["type"]
    result: JsonDict
    if kind == "any":
        return {}
    if kind in _PLAIN:
        result = {"type": kind}
    elif kind in _FORMATS:
        result = {"type": "string", "format": _FORMATS[kind]}
    elif "|" in kind:
        result = {"type": "string", "enum": [value for value in kind.split("|") if value]}
    else:
        raise ValueError(f"no such type in the shorthand: {kind}")
    number: Any = int if kind == "integer" else float
    if match["low"]:
        result["minimum"] = number(match["low"])
    if match["high"]:
        result["maximum"] = number(match["high"])
    if match["default"] is not None:
        result["default"] = _default(kind, match["default"], number)
    return result


def _default(kind: str, text: str, number: Any) -> Any:
    if kind == "boolean":
        return text == "true"
    return number(text) if kind in {"integer", "number"} else text


def _described(description: str | None) -> dict[str, str]:
    return {"description": description} if description else {}
