"""What is found in one OpenAPI document, with lines, each once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from agentcore_provider.documents.limits import MAX_DEPTH
from agentcore_provider.problem import Problem
from agentcore_provider.rules.source_text import SourceText, at
from agentcore_provider.rules.unknown import UNKNOWN

OPENAPI = "devguide gateway-schema-openapi"
SPECIFICATION = "OpenAPI Specification"


class Findings:
    """Collects the problems of a document, and resolves its references for those who look for them."""

    def __init__(self, text: SourceText) -> None:
        self.document: Mapping[str, Any] = text.document
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
        """A warning that large documents deserve at hundreds of places: given once for each code and kind, with the
        number of the others."""
        self._repeated.setdefault((code, kind), {}).setdefault(pointer, (message, cure, source))

    def problems(self) -> list[Problem]:
        """All of it. Where something is refused, nothing is warned of as well."""
        refused = {pointer for (pointer, _), problem in self._found.items() if problem.severity == "error"}
        for (code, _), places in self._repeated.items():
            left = {pointer: said for pointer, said in places.items() if pointer not in refused}
            if left:
                pointer, (message, cure, source) = next(iter(left.items()))
                more = f" (and {len(left) - 1} more)" if len(left) > 1 else ""
                self._add(Problem(pointer, message + more, cure, source, code=code, severity="warning"))
        return [it for it in self._found.values() if it.severity == "error" or it.path not in refused]

    def _add(self, problem: Problem) -> None:
        if (problem.path, problem.message) in self._found:
            return
        line = self._text.line(problem.path)
        said = f"line {line}: {problem.message}" if line else problem.message
        self._found[problem.path, problem.message] = replace(problem, message=said)

    def resolved(self, value: Any, pointer: str) -> tuple[Any, str]:
        """What a value is once its `$ref` is followed, and where that stands. UNKNOWN if it leads nowhere."""
        followed: list[str] = []
        while isinstance(value, Mapping) and isinstance(value.get("$ref"), str):
            reference = value["$ref"]
            if len(followed) >= MAX_DEPTH:
                message = f"$ref {reference} is one of more than {MAX_DEPTH} that lead to each other"
                self.error("reference", pointer, message, "Point it to the definition itself.", SPECIFICATION)
                return UNKNOWN, pointer
            if reference in followed:
                self.error(
                    "reference",
                    pointer,
                    f"$ref {reference} leads back to itself",
                    "Point it to a definition.",
                    SPECIFICATION,
                )
                return UNKNOWN, pointer
            if not reference.startswith("#"):
                self._outside(pointer, reference)
                return UNKNOWN, pointer
            try:
                value = _target(self.document, reference)
            except LookupError:
                self.error(
                    "reference", pointer, f"$ref {reference} points to nothing", "Correct the reference.", SPECIFICATION
                )
                return UNKNOWN, pointer
            followed.append(reference)
            pointer = reference
        if isinstance(value, Mapping) and value.get("$ref") is UNKNOWN:
            return UNKNOWN, pointer
        return value, pointer

    def _outside(self, pointer: str, reference: str) -> None:
        if "://" in reference:
            message = f"$ref {reference} points to another server, which the service may not read"
            self.warning("reference", pointer, message, "Put the definition into this document.", SPECIFICATION)
        else:
            message = f"$ref {reference} points to another file, which the service does not have"
            self.error("reference", pointer, message, "Put the definition into this document.", SPECIFICATION)


def given(owner: Mapping[str, Any], member: str) -> bool:
    """Whether a member is there, known and not empty."""
    value = owner.get(member)
    return value is not UNKNOWN and bool(value)


def _target(document: Any, reference: str) -> Any:
    """What a local reference points to: a fragment of a URI may be percent-encoded."""
    try:
        return at(document, reference)
    except LookupError:
        return at(document, unquote(reference))
