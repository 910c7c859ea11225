"""The operations of an OpenAPI document, and the schemas that they use. https://spec.openapis.org/oas/v3.1.0"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from agentcore_provider.documents.alternatives import COMPOSITION
from agentcore_provider.documents.json_types import JsonObject, is_object
from agentcore_provider.documents.limits import MAX_DEPTH
from agentcore_provider.documents.pointer import below, is_json, referred_to

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
MEDIA_TYPES = ("application/json", "application/xml", "multipart/form-data", "application/x-www-form-urlencoded")
"""Media types of bodies and answers that targets work with."""
_ONE = ("additionalProperties", "items", "not", "if", "then", "else", "contains", "propertyNames")
_MANY = ("prefixItems", *COMPOSITION)
_NAMED = ("properties", "patternProperties", "dependentSchemas")
_BELOW = frozenset((*_ONE, *_MANY, *_NAMED))


@dataclass(frozen=True)
class Operation:
    """One operation, with the path item that it belongs to. Pointers are JSON pointers, `$ref`s of path items followed."""

    pointer: str
    path: str
    method: str
    """In lower case, as the document has it."""
    item: JsonObject
    item_pointer: str
    content: JsonObject

    @property
    def label(self) -> str:
        """Its operationId, or method and path."""
        return self.operation_id or f"{self.method.upper()} {self.path}"

    @property
    def operation_id(self) -> str:
        """Its operationId; empty without one, or if it is not text."""
        name = self.content.get("operationId")
        return name if isinstance(name, str) else ""


@dataclass(frozen=True)
class BadReference:
    """A `$ref` that leads nowhere. pointer: of what begins with it."""

    pointer: str
    reference: str
    why: Literal["chain", "circle", "outside", "missing"]


class OpenApiDocument:
    """What the operations of a document consist of.

    content: the document. report: called for each `$ref` that leads nowhere, as often as it is followed.
    """

    def __init__(self, content: JsonObject, report: Callable[[BadReference], None] = lambda bad: None) -> None:
        self.content = content
        self._report = report

    def resolved(self, value: object, pointer: str) -> tuple[Any, str]:
        """A value once its `$ref` is followed, and where that is. None, and the pointer, if it leads nowhere."""
        visited: list[str] = []
        place = pointer
        while is_object(value) and isinstance(value.get("$ref"), str):
            reference = value["$ref"]
            why: Literal["chain", "circle", "outside", "missing"] | None = None
            if reference in visited:
                why = "circle"
            elif len(visited) >= MAX_DEPTH:
                why = "chain"
            elif not reference.startswith("#"):
                why = "outside"
            else:
                try:
                    value = referred_to(self.content, reference)
                except LookupError:
                    why = "missing"
            if why:
                self._report(BadReference(place, reference, why))
                return None, place
            visited.append(reference)
            place = reference
        if is_object(value) and not is_json(value.get("$ref")):
            return value["$ref"], place
        return value, place

    def operations(self) -> Iterator[Operation]:
        """Every operation of the document's paths, in their order."""
        paths = self.content.get("paths")
        for path, content in paths.items() if is_object(paths) else ():
            if str(path).startswith("x-"):
                continue
            item, where = self.resolved(content, below("#/paths", path))
            for method in METHODS if is_object(item) else ():
                if is_object(item.get(method)):
                    yield Operation(below(where, method), str(path), method, item, where, item[method])

    def parameters(self, operation: Operation) -> Iterator[tuple[Any, str]]:
        """The parameters of the operation and of its path, and where they are."""
        for owner, pointer in ((operation.item, operation.item_pointer), (operation.content, operation.pointer)):
            listed = owner.get("parameters")
            for index, reference in enumerate(listed if isinstance(listed, list) else ()):
                yield self.resolved(reference, below(pointer, "parameters", index))

    def body(self, operation: Operation) -> tuple[Any, str]:
        """The request body, and where it is."""
        return self.resolved(operation.content.get("requestBody"), below(operation.pointer, "requestBody"))

    def responses(self, operation: Operation) -> Iterator[tuple[Any, Any, str]]:
        """Status, response and where it is."""
        responses = operation.content.get("responses")
        for status, reference in responses.items() if is_object(responses) else ():
            yield status, *self.resolved(reference, below(operation.pointer, "responses", status))

    def input_schemas(self, operation: Operation) -> Iterator[tuple[Any, str]]:
        """The schemas of the parameters and the body, and where they are."""
        for holder, pointer in (*self.parameters(operation), self.body(operation)):
            if is_object(holder):
                yield holder.get("schema"), below(pointer, "schema")
                yield from media_schemas(holder, pointer)

    def output_schemas(self, operation: Operation) -> Iterator[tuple[Any, str]]:
        """The schemas of the answers, and where they are."""
        for _, response, pointer in self.responses(operation):
            yield from media_schemas(response, pointer)

    def read_only(self, schema: object) -> list[str]:
        """Names of the members of a schema that are only read, by themselves or by the definition they refer to."""
        properties = schema.get("properties") if is_object(schema) else None
        return [
            name for name, member in (properties.items() if is_object(properties) else ()) if self._is_read_only(member)
        ]

    def _is_read_only(self, schema: object) -> bool:
        for _ in range(MAX_DEPTH):
            if not is_object(schema) or schema.get("readOnly") is True:
                break
            if not isinstance(schema.get("$ref"), str):
                return False
            try:
                schema = referred_to(self.content, schema["$ref"])
            except LookupError:
                return False
        return is_object(schema) and schema.get("readOnly") is True


def media_schemas(holder: object, pointer: str) -> Iterator[tuple[Any, str]]:
    """The schemas of the media types of a body, response or parameter, and where they are."""
    content = holder.get("content") if is_object(holder) else None
    for media, described in content.items() if is_object(content) else ():
        if is_object(described):
            yield described.get("schema"), below(pointer, "content", media, "schema")


def types(schema: JsonObject) -> list[Any]:
    """The types that a schema lists beside null; none if it does not list them."""
    kinds = schema.get("type")
    return [kind for kind in kinds if kind != "null"] if isinstance(kinds, list) else []


def parts(schema: JsonObject, pointer: str) -> Iterator[tuple[Any, str]]:
    """The schemas directly below a schema. A property that happens to be named oneOf is just a property."""
    if _BELOW.isdisjoint(schema):
        return
    for keyword in _ONE:
        if is_object(schema.get(keyword)):
            yield schema[keyword], below(pointer, keyword)
    for keyword in _MANY:
        if isinstance(schema.get(keyword), list):
            for index, part in enumerate(schema[keyword]):
                yield part, below(pointer, keyword, index)
    for keyword in _NAMED:
        if is_object(schema.get(keyword)):
            for name, part in schema[keyword].items():
                yield part, below(pointer, keyword, name)
