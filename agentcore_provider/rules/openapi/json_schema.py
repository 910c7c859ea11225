"""Schemas of an API: what the service cannot turn into a tool's schema."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from agentcore_provider.documents.limits import MAX_DEPTH
from agentcore_provider.rules.openapi.findings import OPENAPI, SPECIFICATION, Findings
from agentcore_provider.rules.source_text import at, below

Side = Literal["input", "output"]
COMPOSITION = ("oneOf", "anyOf", "allOf")
# One author deployed GitHub's document after taking out what has oneOf, and nothing else that is composed; a document
# of AWS's own samples has allOf in inputs.
_SEEN = f"{OPENAPI}; public reports of 2026 of live targets"
COMPOSED = {
    "oneOf": f"{OPENAPI}; a public report of 2026 of a live target: schema with oneOf is currently not supported",
    "anyOf": _SEEN,
    "allOf": _SEEN,
}
_ONE = ("additionalProperties", "items", "not", "if", "then", "else", "contains", "propertyNames")
_MANY = ("prefixItems", *COMPOSITION)
_NAMED = ("properties", "patternProperties", "dependentSchemas")
_PROPERTY_NAME = re.compile(r"[a-zA-Z0-9_.-]{1,64}")


class Schemas:
    """Walks the schemas of one document, each once for each side it is used on."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._done: set[tuple[Side, int]] = set()
        self._open: set[int] = set()
        self._composed: set[str] = set()

    def judge(self, schema: Any, pointer: str, side: Side, used_by: str) -> None:
        """A schema and everything below it. used_by: the operation that uses it first, for the message."""
        # A list instead of recursion: chains of references are as long as their documents. A number ends a schema.
        ahead: list[tuple[Any, str] | int] = [(schema, pointer)]
        while ahead:
            following = ahead.pop()
            if isinstance(following, int):
                self._open.discard(following)
                continue
            before = following[1]
            found, where = self._findings.resolved(*following)
            if not isinstance(found, Mapping):
                continue
            if id(found) in self._open:
                self._recursive(before, where, side, used_by)
                continue
            # By identity: a definition is one object however many references or YAML aliases lead to it.
            if (side, id(found)) in self._done:
                continue
            self._done.add((side, id(found)))
            self._open.add(id(found))
            self._keywords(found, where, side, used_by)
            ahead.append(id(found))
            ahead += reversed(list(parts(found, where)))

    def _keywords(self, schema: Mapping[str, Any], pointer: str, side: Side, used_by: str) -> None:
        for keyword in COMPOSITION:
            if keyword not in schema:
                continue
            where = below(pointer, keyword)
            if side == "input":
                self._composed.add(where)
                self._input(keyword, where, used_by)
            elif where not in self._composed:
                message = f"{keyword} in the answer of {used_by} is not supported everywhere"
                cure = "Write one schema if the target fails."
                self._findings.repeated_warning("composed-output", where, message, cure, COMPOSED[keyword])
        properties = schema.get("properties")
        if side == "input" and isinstance(properties, Mapping):
            for name in properties:
                self.judge_name(str(name), below(pointer, "properties", name), used_by)
            required = schema.get("required")
            asked = required if isinstance(required, list) else []
            read = [name for name in asked if name in read_only(schema, self._findings.document)]
            if read:
                message = f"{', '.join(map(str, read))} is only read, and required in the input of {used_by}"
                self._findings.repeated_warning(
                    "read-only", pointer, message, "Leave it out of what operations take.", SPECIFICATION
                )
        kinds = [kind for kind in types(schema) if isinstance(kind, str)]
        if side == "input" and len(kinds) > 1:
            message = f"{' and '.join(kinds)} in the input of {used_by} are two types, as anyOf would have them"
            self._findings.repeated_warning(
                "composed-input", below(pointer, "type"), message, "Choose one type.", COMPOSED["anyOf"], kind="type"
            )

    def judge_name(self, name: str, pointer: str, used_by: str) -> None:
        """The name of a property or parameter: models see it as the name of an argument."""
        if not _PROPERTY_NAME.fullmatch(name):
            message = f"{name!r} in the input of {used_by} is not a name that all models take"
            cure = "Use at most 64 letters, digits, dots, underscores and hyphens."
            self._findings.repeated_warning("property-name", pointer, message, cure, OPENAPI)

    def _input(self, keyword: str, pointer: str, used_by: str) -> None:
        cure = "Write one schema with type and properties."
        if keyword == "oneOf":
            message = f"oneOf in the input of {used_by} is not supported"
            self._findings.error("composed-input", pointer, message, cure, COMPOSED[keyword])
            return
        message = f"{keyword} in the input of {used_by} is documented as unsupported, and was seen to deploy"
        self._findings.repeated_warning("composed-input", pointer, message, cure, COMPOSED[keyword], kind=keyword)

    def _recursive(self, before: str, pointer: str, side: Side, used_by: str) -> None:
        # Nothing that is written about the service forbids it, and OpenAPI allows it.
        where = "input" if side == "input" else "answer"
        message = f"{pointer} contains itself in the {where} of {used_by}, and a tool's schema has to end"
        self._findings.repeated_warning(
            "recursion", before, message, "Limit its depth if the target does not get ready."
        )


def types(schema: Mapping[str, Any]) -> list[Any]:
    """The types that a schema lists beside null; none if it does not list them."""
    kinds = schema.get("type")
    return [kind for kind in kinds if kind != "null"] if isinstance(kinds, list) else []


def parts(schema: Mapping[str, Any], pointer: str) -> Iterator[tuple[Any, str]]:
    """The schemas directly below a schema. A property that happens to be named oneOf is just a property."""
    for keyword in _ONE:
        if isinstance(schema.get(keyword), Mapping):
            yield schema[keyword], below(pointer, keyword)
    for keyword in _MANY:
        if isinstance(schema.get(keyword), list):
            for index, part in enumerate(schema[keyword]):
                yield part, below(pointer, keyword, index)
    for keyword in _NAMED:
        if isinstance(schema.get(keyword), Mapping):
            for name, part in schema[keyword].items():
                yield part, below(pointer, keyword, name)


def _is_read_only(schema: Any, document: Mapping[str, Any]) -> bool:
    """Whether a member says of itself, or of the definition that it refers to, that it is only read."""
    for _ in range(MAX_DEPTH):
        if not isinstance(schema, Mapping):
            return False
        if schema.get("readOnly") is True:
            return True
        try:
            schema = at(document, schema["$ref"])
        except (LookupError, AttributeError):
            return False
    return False


def read_only(schema: Any, document: Mapping[str, Any]) -> list[str]:
    """Names of the members of a schema that are only read."""
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    if not isinstance(properties, Mapping):
        return []
    return [name for name, below_it in properties.items() if _is_read_only(below_it, document)]
