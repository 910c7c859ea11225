"""What is found in one OpenAPI document, with lines, each once."""

from __future__ import annotations

from dataclasses import replace

from agentcore_provider.documents.json_types import JsonObject
from agentcore_provider.documents.limits import MAX_DEPTH
from agentcore_provider.documents.openapi_document import BadReference, OpenApiDocument
from agentcore_provider.problem import Problem
from agentcore_provider.rules.source_text import SourceText
from agentcore_provider.rules.unknown import UNKNOWN

OPENAPI = "devguide gateway-schema-openapi"
SPECIFICATION = "OpenAPI Specification"
_REFERENCES = {
    "chain": (f"is one of more than {MAX_DEPTH} that lead to each other", "Point it to the definition itself."),
    "circle": ("leads back to itself", "Point it to a definition."),
    "outside": ("points to another file, which the service does not have", "Put the definition into this document."),
    "missing": ("points to nothing", "Correct the reference."),
}


class Findings:
    """Collects the problems of a document.

    document: its content. openapi: the same by its operations; each `$ref` that leads nowhere is a problem.
    """

    def __init__(self, text: SourceText) -> None:
        self.document: JsonObject = text.document
        self.openapi = OpenApiDocument(text.document, self._report)
        self._text = text
        self._found: dict[tuple[str, str], Problem] = {}
        self._repeated: dict[tuple[str, str], dict[str, tuple[str, str, str]]] = {}

    def error(self, code: str, pointer: str, message: str, cure: str, source: str = OPENAPI) -> None:
        """Something the service refuses."""
        self._add(Problem(pointer, message, cure, source, code=code))

    def warning(self, code: str, pointer: str, message: str, cure: str, source: str = OPENAPI) -> None:
        """Something the service takes, or about which its documents disagree."""
        self._add(Problem(pointer, message, cure, source, code=code, severity="warning"))

    def repeated_warning(
        self, code: str, pointer: str, message: str, cure: str, source: str = OPENAPI, *, kind: str = ""
    ) -> None:
        """A warning that large documents deserve at hundreds of places: reported once for each code and kind, with the
        number of the others."""
        self._repeated.setdefault((code, kind), {}).setdefault(pointer, (message, cure, source))

    def problems(self) -> list[Problem]:
        """All of them. Where something is rejected, there are no warnings as well."""
        rejected = {pointer for (pointer, _), problem in self._found.items() if problem.severity == "error"}
        for (code, _), places in self._repeated.items():
            left = {pointer: it for pointer, it in places.items() if pointer not in rejected}
            if left:
                pointer, (message, cure, source) = next(iter(left.items()))
                more = f" (and {len(left) - 1} more)" if len(left) > 1 else ""
                self._add(Problem(pointer, message + more, cure, source, code=code, severity="warning"))
        return [it for it in self._found.values() if it.severity == "error" or it.path not in rejected]

    def _add(self, problem: Problem) -> None:
        if (problem.path, problem.message) in self._found:
            return
        line = self._text.line(problem.path)
        message = f"line {line}: {problem.message}" if line else problem.message
        self._found[problem.path, problem.message] = replace(problem, message=message)

    def _report(self, bad: BadReference) -> None:
        """A `$ref` that leads nowhere."""
        if bad.why == "outside" and "://" in bad.reference:
            message = f"$ref {bad.reference} points to another server, which the service may not read"
            self.warning("reference", bad.pointer, message, "Put the definition into this document.", SPECIFICATION)
            return
        why, cure = _REFERENCES[bad.why]
        self.error("reference", bad.pointer, f"$ref {bad.reference} {why}", cure, SPECIFICATION)


def given(owner: JsonObject, member: str) -> bool:
    """Whether a member is there, known and not empty."""
    value = owner.get(member)
    return value is not UNKNOWN and bool(value)
