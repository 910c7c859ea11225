"""JSON Schema folded to what the service takes: six types and five keywords, the rest described in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from agentcore_provider.documents import in_words
from agentcore_provider.documents.alternatives import WORDS, Irreducible, implied_type
from agentcore_provider.documents.composition import Composition
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.documents.limits import MAX_DEPTH, MAX_VALUES, Unreadable, check
from agentcore_provider.documents.pointer import referred_to
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem

KEPT = ("type", "description", "properties", "required", "items")
TYPES = ("string", "number", "object", "array", "boolean", "integer")
_MEANINGLESS = frozenset({"$schema", "$id", "$defs", "definitions", "$comment", "title", "additionalProperties"})
_OF_KEYS = frozenset({"propertyNames", "patternProperties", "dependentRequired"})


class Room:
    """How many schemas there is room for: references to references multiply."""

    def __init__(self, schemas: int = MAX_VALUES // 5) -> None:
        self._most = self._left = schemas

    def take(self, path: str) -> None:
        """One more. Raises InvalidInput."""
        self._left -= 1
        if self._left < 0:
            why = f"with references put in place there are more than {self._most:,} schemas"
            raise InvalidInput(why, "Limit their depth", path=path)


def fold(schema: object, *, path: str = "inputSchema", room: Room | None = None, is_output: bool = False) -> JsonDict:
    """The schema in the service's keywords, nothing lost: what they cannot say moves into the description.

    References into the schema itself are put in place; what may be null may be left out instead.
    path: where the schema is, for errors. room: what several schemas have in common; default: one of its own. is_output:
    whether it is of what a tool answers, which comes in every form that the schema has.
    Raises InvalidInput with everything that cannot be expressed.
    """
    if not isinstance(schema, Mapping):
        raise InvalidInput("is not a JSON Schema", "Give an object", path=path)
    try:
        check(schema, accepts=lambda value: not isinstance(value, (bytes, bytearray, set, frozenset)))
    except Unreadable as error:
        raise error.of(path) from None
    return _Folder(schema, room or Room(), narrows=not is_output).fold(schema, path)


class _Folder:
    """Folds the parts of one schema, whose references it knows."""

    def __init__(self, root: JsonObject, room: Room, *, narrows: bool) -> None:
        self._root = root
        self._room = room
        self._path = ""
        self._composition = Composition(self._at, count=lambda: self._room.take(self._path), narrows=narrows)

    def fold(self, schema: object, path: str) -> JsonDict:
        return self._fold(schema, path, (), 0)[0]

    def _fold(self, schema: object, path: str, trail: tuple[str, ...], depth: int) -> tuple[JsonDict, bool]:
        """The folded schema, and whether null is a value too, for which the service has no word."""
        if depth > MAX_DEPTH:
            why = f"is nested too deeply, more than {MAX_DEPTH} levels"
            raise InvalidInput(why, "Flatten it", path=f"{path[:200]}...")
        self._path = path
        try:
            flat, trail = self._composition.flat(schema, trail)
        except Irreducible as error:
            where = f"{path}.{error.member}" if error.member else path
            raise InvalidInput(error.why, error.cure, path=where) from None
        kind = _type(flat, path)
        shape: JsonDict = {}
        limits: list[str] = []
        if kind == "object":
            shape = self._properties(flat, path, trail, depth)
            limits = self._keys(flat, path, trail, depth)
        elif kind == "array":
            shape, limits = self._items(flat, path, trail, depth)
        description = _described(flat, path, limits)
        return {"type": kind} | ({"description": description} if description else {}) | shape, "nullable" in flat

    def _properties(self, flat: JsonObject, path: str, trail: tuple[str, ...], depth: int) -> JsonDict:
        properties: JsonDict = {}
        nullable: set[str] = set()
        problems: list[Problem] = []
        for name, schema in flat.get("properties", {}).items():
            try:
                properties[name], may_be_null = self._fold(schema, f"{path}.properties.{name}", trail, depth + 1)
                nullable |= {name} if may_be_null else set()
            except InvalidInput as error:
                problems += error.problems
        if problems:
            raise InvalidInput.of_problems(problems)
        shape: JsonDict = {"properties": properties} if "properties" in flat else {}
        required = [name for name in flat.get("required", ()) if name not in nullable]
        return shape | ({"required": required} if required else {})

    def _keys(self, flat: JsonObject, path: str, trail: tuple[str, ...], depth: int) -> list[str]:
        """Sentences about members that do not have a name in the schema."""

        def value(schema: object, where: str) -> str:
            if schema in (True, {}):
                return ""
            return f", each with a value of {in_words.value(self._fold(schema, where, trail, depth + 1)[0])}"

        limits = []
        names = flat.get("propertyNames")
        if isinstance(names, Mapping) and set(names) - {"type"}:
            about = in_words.joined(*_limits({"type": "string", **names}, f"{path}.propertyNames"))
            limits += [f"Of each key: {about}"] if about else []
        for pattern, schema in _mapping(flat, "patternProperties", path).items():
            limits.append(f"Keys that match {pattern}{value(schema, f'{path}.patternProperties.{pattern}')}.")
        for name, others in _mapping(flat, "dependentRequired", path).items():
            limits.append(f"{name} requires {', '.join(map(str, others)) if isinstance(others, list) else others}.")
        others = flat.get("additionalProperties")
        if others is False and flat.get("properties"):
            limits.append("No other properties.")
        elif isinstance(others, Mapping) and others:
            keys = "Other keys" if flat.get("properties") else "Any keys"
            limits.append(f"{keys}{value(others, f'{path}.additionalProperties')}.")
        return limits

    def _items(self, flat: JsonObject, path: str, trail: tuple[str, ...], depth: int) -> tuple[JsonDict, list[str]]:
        """What the items are: one schema for all, or one for each place, which only words can say."""
        items = flat.get("items")
        first = items if isinstance(items, list) else flat.get("prefixItems")
        if not isinstance(first, list) or not first:
            if items in (None, True, {}):
                return {}, []
            return {"items": self._fold(items, f"{path}.items", trail, depth + 1)[0]}, []
        folded = [
            self._fold(item, f"{path}.prefixItems[{number}]", trail, depth + 1)[0] for number, item in enumerate(first)
        ]
        limits = [f"In this order: {'; '.join(_place(item) for item in folded)}."]
        kinds = {item["type"] for item in folded}
        shape = {"items": {"type": kinds.pop()}} if len(kinds) == 1 else {}
        if all(item == folded[0] for item in folded):
            shape, limits = {"items": folded[0]}, []
        return shape, limits

    def _at(self, reference: str) -> Any:
        if not reference.startswith("#"):
            raise Irreducible(f"$ref {reference} points out of the schema", "Put the schema in its place")
        return referred_to(self._root, reference)


def _mapping(flat: JsonObject, keyword: str, path: str) -> JsonObject:
    found = flat.get(keyword, {})
    if not isinstance(found, Mapping):
        raise InvalidInput(f"is {in_words.shown(found)}", "Give an object of schemas", path=f"{path}.{keyword}")
    return found


def _place(item: JsonObject) -> str:
    """One item of several in order: its name, if it has one, and what it has to be."""
    described = {keyword: value for keyword, value in item.items() if keyword != "description"}
    about = str(item.get("description", "")).rstrip(".")
    return f"{about} ({in_words.value(described)})" if about else in_words.value(described)


def _type(flat: JsonObject, path: str) -> str:
    kind: Any = flat["type"] if "type" in flat else implied_type(flat)
    if kind not in TYPES:
        given = "is not given" if kind is None else f"is {in_words.shown(kind)}"
        why = f"{given}, and the service takes {', '.join(TYPES)}"
        raise InvalidInput(why, "Give one of them", path=f"{path}.type")
    return str(kind)


def _described(flat: JsonObject, path: str, limits: list[str]) -> str:
    """The description, and after it whatever else the schema says."""
    about = str(flat["description"]) if flat.get("description") else _title(flat, path)
    return in_words.joined(about, *flat.get(WORDS, ()), *_limits(flat, path), *limits)


def _title(flat: JsonObject, path: str) -> str:
    """The title, unless a generator made it of a name."""
    title, name = str(flat.get("title") or "").strip(), path.rpartition(".")[2]
    if "const" in flat or (" " not in title.strip() and ".properties." not in path):
        return ""
    return "" if _plain(title) == _plain(name) else title


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def _limits(flat: JsonObject, path: str) -> list[str]:
    sentences = []
    for keyword, value in flat.items():
        if keyword in KEPT or keyword in _MEANINGLESS or keyword in _OF_KEYS or keyword in ("prefixItems", WORDS):
            continue
        try:
            sentences.append(in_words.sentence(keyword, value))
        except in_words.Inexpressible:
            why = "cannot be expressed with the keywords that the service supports"
            cure = "Remove it, or describe it in the description"
            raise InvalidInput(why, cure, path=f"{path}.{keyword}") from None
    return sentences
