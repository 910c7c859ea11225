"""Schemas of an API: what the service cannot turn into a tool's schema."""

from __future__ import annotations

import re
from typing import Literal

from agentcore_provider.documents.alternatives import COMPOSITION
from agentcore_provider.documents.json_types import JsonObject, is_object
from agentcore_provider.documents.openapi_document import parts, types
from agentcore_provider.documents.pointer import below
from agentcore_provider.rules.openapi.findings import OPENAPI, SPECIFICATION, Findings

Side = Literal["input", "output"]
# One author deployed GitHub's document after taking out what has oneOf, and nothing else that is composed; a document
# of AWS's own samples has allOf in inputs.
_OBSERVED = f"{OPENAPI}; public reports of 2026 of live targets"
COMPOSED = {
    "oneOf": f"{OPENAPI}; a public report of 2026 of a live target: schema with oneOf is currently not supported",
    "anyOf": _OBSERVED,
    "allOf": _OBSERVED,
}
_PROPERTY_NAME = re.compile(r"[a-zA-Z0-9_.-]{1,64}")


class Schemas:
    """Walks the schemas of one document, each once for each side it is used on."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._done: set[tuple[Side, int]] = set()
        self._open: set[int] = set()
        self._composed: set[str] = set()
        self._answers: dict[str, str] = {}

    def validate(self, schema: object, pointer: str, side: Side, used_by: str) -> None:
        """A schema and everything below it. used_by: the operation that uses it first, for the message."""
        # A list instead of recursion: chains of references are as long as their documents. A number ends a schema.
        ahead: list[tuple[object, str] | int] = [(schema, pointer)]
        while ahead:
            following = ahead.pop()
            if isinstance(following, int):
                self._open.discard(following)
                continue
            before = following[1]
            found, where = self._findings.openapi.resolved(*following)
            if not is_object(found):
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

    def judge_answers(self) -> None:
        """Once all operations are known: the alternatives in answers, but those that are also sent."""
        for where, used_by in self._answers.items():
            if where not in self._composed:
                message = f"oneOf in the answer of {used_by} is not supported"
                cure = "Write anyOf, or one schema with type and properties."
                self._findings.error("composed-output", where, message, cure, COMPOSED["oneOf"])

    def _keywords(self, schema: JsonObject, pointer: str, side: Side, used_by: str) -> None:
        for keyword in COMPOSITION:
            if keyword not in schema:
                continue
            where = below(pointer, keyword)
            if side == "input":
                self._composed.add(where)
                self._input(keyword, where, used_by)
            elif keyword == "oneOf":
                self._answers.setdefault(where, used_by)
        properties = schema.get("properties")
        if side == "input" and is_object(properties):
            for name in properties:
                self.judge_name(str(name), below(pointer, "properties", name), used_by)
            required = schema.get("required")
            asked = required if isinstance(required, list) else []
            read = [name for name in asked if name in self._findings.openapi.read_only(schema)]
            if read:
                message = f"{', '.join(map(str, read))} is only read, and required in the input of {used_by}"
                self._findings.repeated_warning(
                    "read-only", pointer, message, "Leave it out of what operations take.", SPECIFICATION
                )
        kinds = [kind for kind in types(schema) if isinstance(kind, str)]
        if side == "input" and len(kinds) > 1:
            message = f"{' and '.join(kinds)} in the input of {used_by} are two types, as anyOf would have them"
            self._findings.repeated_warning(
                "composed-input",
                below(pointer, "type"),
                message,
                "Choose one type.",
                COMPOSED["anyOf"],
                kind="type",
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
        message = f"{keyword} in the input of {used_by} is documented as unsupported, and has been deployed"
        self._findings.repeated_warning("composed-input", pointer, message, cure, COMPOSED[keyword], kind=keyword)

    def _recursive(self, before: str, pointer: str, side: Side, used_by: str) -> None:
        # Nothing that is written about the service forbids it, and OpenAPI allows it.
        where = "input" if side == "input" else "answer"
        message = f"{pointer} contains itself in the {where} of {used_by}, and a tool's schema has to end"
        self._findings.repeated_warning(
            "recursion", before, message, "Limit its depth if the target does not get ready."
        )
