"""The Cedar type of each argument of a tool, and arguments as values of these types.

AWS's table (devguide policy-schema-constraints) has seven types; for the rest it refers to the published generator of
schemas for MCP tools, whose types these are. Its names must be identifiers; here, and in AWS, any name goes, in quotes.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from typing import Any
from urllib.parse import unquote

NAMESPACE = "AgentCore"
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED = frozenset({"if", "in", "is", "has", "like", "then", "else", "true", "false", "__cedar"})
_OF_TYPE = {"integer": "Long", "boolean": "Bool", "number": "decimal", "null": "Null"}
_OF_FORMAT = {
    "date-time": "datetime",
    "date": "datetime",
    "duration": "duration",
    "ipv4": "ipaddr",
    "ipv6": "ipaddr",
    "decimal": "decimal",
}
_MOST_PARTS = 20_000
# The engine's stack does not hold any depth.
_DEEPEST = 32
_LONG = range(-(2**63), 2**63)
_DATE_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:([Zz])|([+-]\d\d):?(\d\d))?)?", re.ASCII
)
_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,9}))?S)?)?", re.ASCII)


class UnfitValueError(ValueError):
    """An argument is not of its type; the text states which and why."""


@dataclass(frozen=True)
class Type:
    """A type of Cedar.

    kind: a type of Cedar's own such as Long, or Set, Record, Choice, Enum, Null, or Unknown for what nothing compares.
    entity: the name of an Enum with its namespace. values: its ids. item: of a Set. members: of a Record or a Choice, each
    with whether it is always there.
    """

    kind: str
    entity: str = ""
    values: tuple[str, ...] = ()
    item: Type | None = None
    members: Mapping[str, tuple[Type, bool]] = field(default_factory=dict)

    @property
    def notation(self) -> str:
        """The type as a schema has it."""
        if self.item is not None:
            return f"Set<{self.item.notation}>"
        if self.kind in ("Record", "Choice"):
            parts = (
                f"{quoted(name)}{'' if always else '?'}: {it.notation}" for name, (it, always) in self.members.items()
            )
            return f"{{{', '.join(parts)}}}"
        return f"{NAMESPACE}::{self.kind}" if self.kind in ("Null", "Unknown") else self.entity or self.kind

    @property
    def enums(self) -> Iterator[Type]:
        """Every Enum in it."""
        if self.kind == "Enum":
            yield self
        for it in [self.item] if self.item else [member for member, _ in self.members.values()]:
            yield from it.enums

    def encode(self, value: Any, where: str = "") -> object:
        """A value in Cedar's JSON. Raises UnfitValueError. where: the argument, for its message."""
        if self.item is not None:
            if not isinstance(value, list):
                raise _unfit(where, "an array")
            return [self.item.encode(it, f"{where}[{index}]") for index, it in enumerate(value)]
        if self.kind == "Record":
            return self._encode_record(value, where)
        if self.kind == "Choice":
            return self._encode_choice(value, where)
        if self.kind == "Enum":
            if value not in self.values:
                raise _unfit(where, f"one of {', '.join(self.values)}")
            return _entity(self.entity, value)
        if self.kind == "Unknown":
            return _entity(f"{NAMESPACE}::Unknown", json.dumps(value, sort_keys=True))
        encoded = _ENCODERS[self.kind](value)
        if encoded is None:
            raise _unfit(where, _EXPECTED.get(self.kind, self.kind))
        return encoded

    def _encode_record(self, value: Any, where: str) -> object:
        if not isinstance(value, dict):
            raise _unfit(where, "an object")
        found = {}
        # A name that the schema does not have cannot be in a policy either.
        for name, (member, always) in self.members.items():
            path = f"{where}.{name}" if where else name
            if name in value:
                found[name] = member.encode(value[name], path)
            elif always:
                raise UnfitValueError(f"{path} is missing")
        return found

    def _encode_choice(self, value: Any, where: str) -> object:
        for name, (option, _) in self.members.items():
            try:
                return {name: option.encode(value, where)}
            except UnfitValueError:
                continue
        raise _unfit(where, "of one of its types")


def of_arguments(tool: str, schema: object) -> Type:
    """The record of a tool's arguments. tool: its whole name. schema: its inputSchema."""
    root = schema if isinstance(schema, dict) else {}
    found = _Reader(root).record(root, (identifier(tool), "Input"), ())
    return found if found.kind == "Record" else Type("Record")


def quoted(text: str) -> str:
    """The text as a string of Cedar."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(it if it.isprintable() else f"\\u{{{ord(it):x}}}" for it in escaped) + '"'


def identifier(name: str) -> str:
    """A part of a namespace, made of any name."""
    made = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return made if _IDENTIFIER.fullmatch(made) and made not in _RESERVED else f"_{made}"


class _Reader:
    """Reads one JSON Schema. root: what its references point into."""

    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root
        self._parts_left = _MOST_PARTS
        self._depth = 0

    def read(self, schema: object, path: tuple[str, ...], references: tuple[str, ...]) -> Type:
        """path: parts of the namespace of an Enum. references: those that led here; a circle ends in Unknown."""
        self._parts_left -= 1
        if not isinstance(schema, dict) or self._parts_left < 0 or self._depth >= _DEEPEST:
            return Type("Unknown")
        self._depth += 1
        found = self._read(schema, path, references)
        self._depth -= 1
        return found

    def _read(self, schema: dict[str, Any], path: tuple[str, ...], references: tuple[str, ...]) -> Type:
        reference = schema.get("$ref")
        if isinstance(reference, str):
            if reference in references:
                return Type("Unknown")
            return self.read(self._target(reference), path, (*references, reference))
        options = next((schema[it] for it in ("anyOf", "oneOf") if isinstance(schema.get(it), list)), None)
        kind = schema.get("type")
        if options is None and isinstance(kind, list):
            options = [{**schema, "type": it} for it in kind]
        if options is not None:
            return self._choice(options, path, references)
        unknown = "allOf" in schema and kind != "object"
        return Type("Unknown") if unknown else self._of_one(schema, path, references)

    def _of_one(self, schema: dict[str, Any], path: tuple[str, ...], references: tuple[str, ...]) -> Type:
        match schema.get("type"):
            case "object":
                return self.record(schema, path, references)
            case "array":
                return Type("Set", item=self.read(schema.get("items"), path, references))
            case "string":
                return _text(schema, path)
            case kind:
                return Type(_OF_TYPE.get(str(kind), "Unknown"))

    def record(self, schema: dict[str, Any], path: tuple[str, ...], references: tuple[str, ...]) -> Type:
        """An object; one with names that nobody can know is Unknown."""
        described, required = schema.get("properties"), schema.get("required")
        if isinstance(schema.get("additionalProperties"), dict) and not described:
            return Type("Unknown")
        members = {
            name: (
                self.read(it, (*path, identifier(name)), references),
                isinstance(required, list) and name in required,
            )
            for name, it in (described if isinstance(described, dict) else {}).items()
        }
        return Type("Record", members=members)

    def _choice(self, options: list[object], path: tuple[str, ...], references: tuple[str, ...]) -> Type:
        named = {f"typeChoice{index}": it for index, it in enumerate(options)}
        return Type(
            "Choice", members={name: (self.read(it, (*path, name), references), False) for name, it in named.items()}
        )

    def _target(self, reference: str) -> object:
        found: Any = self._root if reference.startswith("#") else None
        for part in reference.removeprefix("#").split("/")[1:]:
            name = unquote(part).replace("~1", "/").replace("~0", "~")
            found = found.get(name) if isinstance(found, dict) else None
        return found


def _text(schema: dict[str, Any], path: tuple[str, ...]) -> Type:
    values = schema.get("enum")
    if isinstance(values, list) and values and all(isinstance(it, str) for it in values):
        return Type("Enum", entity="::".join((NAMESPACE, *path)), values=tuple(dict.fromkeys(values)))
    return Type(_OF_FORMAT.get(str(schema.get("format")), "String"))


def _unfit(where: str, expected: str) -> UnfitValueError:
    return UnfitValueError(f"{where} is not {expected}")


def _entity(kind: str, entity_id: str) -> object:
    return {"__entity": {"type": kind, "id": entity_id}}


def _extension(function: str, argument: str) -> object:
    return {"__extn": {"fn": function, "arg": argument}}


def _decimal(value: Any) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value))
        # Documented: truncated to the four places that Cedar has.
        scaled = int((number * 10_000).to_integral_value(ROUND_DOWN)) if number.is_finite() else None
    except (InvalidOperation, OverflowError):
        return None
    if scaled is None or scaled not in _LONG:
        return None
    whole, part = divmod(abs(scaled), 10_000)
    return _extension("decimal", f"{'-' if scaled < 0 else ''}{whole}.{part:04}")


def at(moment: datetime) -> object:
    """A moment, in UTC, as Cedar's JSON has it."""
    return _extension("datetime", moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"))


def _datetime(value: Any) -> object:
    found = _DATE_TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    date, time, fraction, _, hours, minutes = found.groups()
    zone = f"{hours}{minutes}" if hours else "Z"
    text = date if time is None else f"{date}T{time}.{(fraction or '')[:3]:0<3}{zone}"
    return _extension("datetime", text)


def _duration(value: Any) -> object:
    found = _DURATION.fullmatch(value) if isinstance(value, str) and value not in ("P", "PT") else None
    if found is None:
        return None
    weeks, days, hours, minutes, seconds = (int(it or 0) for it in found.groups()[:5])
    total = (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds
    milliseconds = total * 1000 + int(f"{(found[6] or '')[:3]:0<3}")
    return _extension("duration", f"{milliseconds}ms") if milliseconds in _LONG else None


def _ip(value: Any) -> object:
    try:
        return _extension("ip", str(ipaddress.ip_address(value))) if isinstance(value, str) else None
    except ValueError:
        return None


_ENCODERS = {
    "Long": lambda value: value if isinstance(value, int) and not isinstance(value, bool) and value in _LONG else None,
    "Bool": lambda value: value if isinstance(value, bool) else None,
    "String": lambda value: value if isinstance(value, str) else None,
    "Null": lambda value: _entity(f"{NAMESPACE}::Null", "null") if value is None else None,
    "decimal": _decimal,
    "datetime": _datetime,
    "duration": _duration,
    "ipaddr": _ip,
}
_EXPECTED = {
    "Long": "an integer of 64 bits",
    "Bool": "a boolean",
    "String": "a string",
    "Null": "null",
    "decimal": "a number that Cedar's decimal can hold",
    "datetime": "a date or a time",
    "duration": "a duration of weeks, days, hours, minutes and seconds",
    "ipaddr": "an IP address",
}
