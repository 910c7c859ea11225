"""The Cedar type of each argument of a tool, from its JSON Schema, as AWS's policy engine has it.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/policy-schema-constraints.html, and for what that page
leaves open the generator that it names, github.com/cedar-policy/cedar-for-agents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from agentcore_provider.documents.cedar_policy import quoted
from agentcore_provider.documents.json_types import JsonObject, is_object
from agentcore_provider.documents.pointer import followed

_FORMATS = {
    "date-time": "datetime",
    "date": "datetime",
    "duration": "duration",
    "ipv4": "ipaddr",
    "ipv6": "ipaddr",
    "decimal": "decimal",
}
_PLAIN = {"integer": "Long", "boolean": "Bool", "number": "decimal", "null": "Null"}
_RESERVED = frozenset({"if", "in", "is", "has", "like", "then", "else", "true", "false", "__cedar"})
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# For one tool: schemas that refer to each other multiply.
_MOST_PARTS = 20_000
# An engine's stack does not hold any depth.
_DEEPEST = 32
NAMESPACE = "AgentCore"


@dataclass(frozen=True)
class Type:
    """A type of Cedar.

    kind: a type of Cedar's own, such as Long; Set, Record, Enum or Choice; Null; Unknown for what nothing compares.
    entity: (Enum) its name, with namespace. values: (Enum) ids of its entities. members: (Record, Choice) types by name,
    and whether each is always there. item: (Set) the type of its elements.
    """

    kind: str
    entity: str = ""
    values: tuple[str, ...] = ()
    members: Mapping[str, tuple[Type, bool]] = field(default_factory=dict)
    item: Type | None = None

    def __str__(self) -> str:
        """The type as a schema writes it."""
        if self.kind == "Set":
            return f"Set<{self.item}>"
        if self.kind in ("Record", "Choice"):
            entries = (f"{member(name)}{'' if always else '?'}: {it}" for name, (it, always) in self.members.items())
            return "{" + ", ".join(entries) + "}"
        if self.kind in ("Null", "Unknown"):
            return f"{NAMESPACE}::{self.kind}"
        return self.entity or self.kind

    def inside(self) -> Iterator[Type]:
        """The type and all types in it."""
        yield self
        for it in (*(it for it, _ in self.members.values()), *([self.item] if self.item else [])):
            yield from it.inside()


def is_identifier(name: str) -> bool:
    """Whether Cedar takes the name without quotes."""
    return bool(_IDENTIFIER.fullmatch(name)) and name not in _RESERVED


def member(name: str) -> str:
    """The name as a schema or a `has` writes it."""
    return name if is_identifier(name) else quoted(name)


def access(name: str) -> str:
    """The name as an expression writes it after its record."""
    return f".{name}" if is_identifier(name) else f"[{quoted(name)}]"


def of_tool(tool: str, schema: object) -> Type:
    """The record of a tool's arguments. schema: its inputSchema."""
    root = schema if is_object(schema) else {}
    found = _Types(root).of(root, (identifier(tool), "Input"), ())
    return found if found.kind == "Record" else Type("Record")


def identifier(name: str) -> str:
    """A part of a namespace out of any name."""
    fixed = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return fixed if is_identifier(fixed) else f"_{fixed}"


def _options(schema: JsonObject) -> list[object]:
    found = next((it for word in ("anyOf", "oneOf") if isinstance(it := schema.get(word), list)), [])
    return list(found)


class _Types:
    """The types of one schema, whose references it knows."""

    def __init__(self, root: JsonObject) -> None:
        self._root = root
        self._left = _MOST_PARTS
        self._depth = 0

    def of(self, schema: object, path: tuple[str, ...], trail: tuple[str, ...]) -> Type:
        """path: where it is, as parts of a namespace. trail: references on the way to it."""
        self._left -= 1
        if not is_object(schema) or self._left < 0 or self._depth >= _DEEPEST:
            return Type("Unknown")
        self._depth += 1
        found = self._of(schema, path, trail)
        self._depth -= 1
        return found

    def _of(self, schema: JsonObject, path: tuple[str, ...], trail: tuple[str, ...]) -> Type:
        reference = schema.get("$ref")
        if isinstance(reference, str):
            if reference in trail:
                return Type("Unknown")
            return self.of(followed(self._root, schema), path, (*trail, reference))
        kind = schema.get("type")
        options: list[object] = [{**schema, "type": it} for it in kind] if isinstance(kind, list) else _options(schema)
        if options and len(path) > len(("tool", "Input")):
            return self._choice(options, path, trail)
        if kind == "object":
            return self._record(schema, path, trail)
        return Type("Unknown") if "allOf" in schema else self._simple(schema, str(kind), path, trail)

    def _simple(self, schema: JsonObject, kind: str, path: tuple[str, ...], trail: tuple[str, ...]) -> Type:
        if kind == "array":
            items = schema.get("items")
            # Elements of an enumeration are of a type of their own, called after the list.
            return Type("Set", item=self.of(items, path, trail) if is_object(items) else Type("Unknown"))
        if kind == "string":
            return self._string(schema, path)
        return Type(_PLAIN.get(kind, "Unknown"))

    def _choice(self, options: list[object], path: tuple[str, ...], trail: tuple[str, ...]) -> Type:
        names = [f"typeChoice{index}" for index in range(len(options))]
        each = (self.of(it, (*path, name), trail) for name, it in zip(names, options, strict=True))
        return Type("Choice", members={name: (it, False) for name, it in zip(names, each, strict=True)})

    def _record(self, schema: JsonObject, path: tuple[str, ...], trail: tuple[str, ...]) -> Type:
        if is_object(schema.get("additionalProperties")) and not schema.get("properties"):
            # An entity with tags, whose names no policy can know.
            return Type("Unknown")
        described = schema.get("properties")
        needed = schema.get("required")
        required = needed if isinstance(needed, list) else []
        members = described if is_object(described) else {}
        found = {
            str(name): (self.of(it, (*path, identifier(str(name))), trail), name in required)
            for name, it in members.items()
        }
        return Type("Record", members=found)

    def _string(self, schema: JsonObject, path: tuple[str, ...]) -> Type:
        values = schema.get("enum")
        if isinstance(values, list) and values and all(isinstance(it, str) for it in values):
            return Type("Enum", entity="::".join((NAMESPACE, *path)), values=tuple(dict.fromkeys(map(str, values))))
        return Type(_FORMATS.get(str(schema.get("format")), "String"))
