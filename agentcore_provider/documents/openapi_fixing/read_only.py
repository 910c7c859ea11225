"""Members that only answers have: an agent can send none of them, so they leave what operations take."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from typing import Any

from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.documents.openapi_document import OpenApiDocument, parts
from agentcore_provider.documents.pointer import below

_SCHEMAS = "#/components/schemas/"


class ReadOnly:
    """Takes such members out of the inputs of one document.

    A definition that answers use too stays as it is, and inputs get a definition of their own.
    """

    def __init__(
        self, document: OpenApiDocument, inputs: list[tuple[Any, str]], outputs: list[tuple[Any, str]]
    ) -> None:
        self._document = document
        self._inputs = inputs
        self.changes: list[str] = []
        defined = document.content.get("components")
        found = defined.get("schemas") if isinstance(defined, dict) else None
        self._definitions: JsonDict = found if isinstance(found, dict) else {}
        self._answered = set(self._reached(schema for schema, _ in outputs))
        self._taken = self._reached(schema for schema, _ in inputs)
        self._copies: dict[str, str] = {}

    def remove(self) -> None:
        """Do it, in place."""
        changed = self._changed()
        for name in [it for it in self._taken if it in changed]:
            if name in self._answered:
                self._copies[name] = self._unused(f"{name}Input")
        for name, copied in self._copies.items():
            self._definitions[copied] = copy.deepcopy(self._definitions[name])
        for schema, pointer in self._inputs:
            self._strip(schema, pointer)
        for name in self._taken:
            if name in changed and name not in self._copies:
                self._strip(self._definitions[name], below("#/components/schemas", name))
        for name, copied in self._copies.items():
            self.changes.append(f"{below('#/components/schemas', name)}: inputs have {copied} instead")
            self._strip(self._definitions[copied], below("#/components/schemas", copied))

    def _changed(self) -> set[str]:
        """Definitions that have such a member, or refer to one that has."""
        direct = {name for name, schema in self._definitions.items() if any(self._own(schema))}
        refers = {name: set(self._references(schema)) for name, schema in self._definitions.items()}
        changed: set[str] = set()
        ahead = list(direct)
        while ahead:
            name = ahead.pop()
            if name not in changed:
                changed.add(name)
                ahead += [other for other, used in refers.items() if name in used]
        return changed

    def _own(self, schema: object) -> Iterator[str]:
        for part in _below(schema):
            yield from self._document.read_only(part)

    def _reached(self, schemas: Iterable[Any]) -> list[str]:
        """Names of the definitions that schemas refer to, at every depth."""
        found: dict[str, None] = {}
        ahead = [name for schema in schemas for name in self._references(schema)]
        while ahead:
            name = ahead.pop()
            if name in self._definitions and name not in found:
                found[name] = None
                ahead += self._references(self._definitions[name])
        return list(found)

    def _references(self, schema: object) -> Iterator[str]:
        for part in _below(schema):
            reference = part.get("$ref")
            if isinstance(reference, str) and reference.startswith(_SCHEMAS):
                yield reference.removeprefix(_SCHEMAS).partition("/")[0]

    def _strip(self, schema: object, pointer: str) -> None:
        for part, where in _with_places(schema, pointer):
            name = str(part.get("$ref", "")).removeprefix(_SCHEMAS)
            if name in self._copies and part.get("$ref") == f"{_SCHEMAS}{name}":
                part["$ref"] = f"{_SCHEMAS}{self._copies[name]}"
            for member in self._document.read_only(part):
                del part["properties"][member]
                if isinstance(part.get("required"), list) and member in part["required"]:
                    part["required"] = [it for it in part["required"] if it != member]
                    if not part["required"]:
                        del part["required"]
                self.changes.append(f"{below(where, 'properties', member)}: is only read, so inputs do not have it")

    def _unused(self, name: str) -> str:
        while name in self._definitions or name in self._copies.values():
            name += "_"
        return name


def _below(schema: object) -> Iterator[JsonDict]:
    return (part for part, _ in _with_places(schema, "#"))


def _with_places(schema: object, pointer: str) -> Iterator[tuple[JsonDict, str]]:
    """A schema and every schema inside it, references not followed."""
    ahead, visited = [(schema, pointer)], set()
    while ahead:
        part, where = ahead.pop()
        if not isinstance(part, dict) or id(part) in visited:
            continue
        visited.add(id(part))
        yield part, where
        ahead += parts(part, where)
