"""What is found in one OpenAPI document, with lines, each once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentcore_provider.rules.problem import UNKNOWN, Problem, Severity
from agentcore_provider.rules.source_text import SourceText, at

OPENAPI = "devguide gateway-schema-openapi"
SPECIFICATION = "OpenAPI Specification"


class Findings:
    """Collects the problems of a document, and resolves its references for those who look for them."""

    def __init__(self, text: SourceText) -> None:
        self.document: Mapping[str, Any] = text.document
        self._text = text
        self._found: dict[tuple[str, str], Problem] = {}

    def error(self, pointer: str, message: str, fix: str, source: str = OPENAPI) -> None:
        """Something the service refuses."""
        self._add("error", pointer, message, fix, source)

    def warning(self, pointer: str, message: str, fix: str, source: str = OPENAPI) -> None:
        """Something the service takes, or about which its documents disagree."""
        self._add("warning", pointer, message, fix, source)

    def problems(self) -> list[Problem]:
        """All of it, in the order of the document where that is known."""
        return list(self._found.values())

    def _add(self, severity: Severity, pointer: str, message: str, fix: str, source: str) -> None:
        if (pointer, message) in self._found:
            return
        line = self._text.line(pointer)
        said = f"line {line}: {message}" if line else message
        self._found[pointer, message] = Problem(severity, pointer, said, fix, source)

    def resolved(self, value: Any, pointer: str) -> tuple[Any, str]:
        """What a value is once its `$ref` is followed, and where that stands. UNKNOWN if it leads nowhere."""
        followed: list[str] = []
        while isinstance(value, Mapping) and isinstance(value.get("$ref"), str):
            reference = value["$ref"]
            if reference in followed:
                self.error(
                    pointer, f"$ref {reference} leads back to itself", "Point it to a definition.", SPECIFICATION
                )
                return UNKNOWN, pointer
            if not reference.startswith("#"):
                self._outside(pointer, reference)
                return UNKNOWN, pointer
            try:
                value = at(self.document, reference)
            except (LookupError, ValueError):
                self.error(pointer, f"$ref {reference} points to nothing", "Correct the reference.", SPECIFICATION)
                return UNKNOWN, pointer
            followed.append(reference)
            pointer = reference
        return value, pointer

    def _outside(self, pointer: str, reference: str) -> None:
        if "://" in reference:
            message = f"$ref {reference} points to another server, which the service may not read"
            self.warning(pointer, message, "Put the definition into this document.", SPECIFICATION)
        else:
            message = f"$ref {reference} points to another file, which the service does not have"
            self.error(pointer, message, "Put the definition into this document.", SPECIFICATION)
