"""A secret that a document carries itself, or that lies in Secrets Manager and is only pointed to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agentcore_provider.rules.problem import UNKNOWN, Problem, joined


@dataclass(frozen=True)
class Secret:
    """The three members by which a document gives its secret.

    value: the secret itself. reference: where it lies in Secrets Manager. origin: MANAGED or EXTERNAL.
    source: where the rules are written. needed: whether there has to be a secret at all.
    """

    value: str
    reference: str
    origin: str
    source: str
    needed: bool = True

    def validate(self, document: Mapping[str, Any], path: str = "") -> Iterator[Problem]:
        """Whether the secret is given, and given once."""
        # The empty string is how some callers say that they give none; the model lets it through.
        value, reference = document.get(self.value) or None, document.get(self.reference)
        origin = document.get(self.origin)
        if value is not None and reference is not None and UNKNOWN not in (value, reference):
            yield Problem(
                "error",
                joined(path, self.reference),
                f"is given together with {self.value}: the service keeps a secret, or you do, not both",
                f"Keep {self.value} or {self.reference} and remove the other.",
                self.source,
            )
        elif value is None and reference is None and (self.needed or origin == "EXTERNAL"):
            wanted = self.reference if origin == "EXTERNAL" else self.value
            yield Problem(
                "error",
                joined(path, wanted),
                f"is required with {self.origin} EXTERNAL"
                if origin == "EXTERNAL"
                else "is missing: there is no secret",
                f"Give {self.value}, or {self.reference} with secretId and jsonKey of a secret in Secrets Manager."
                if origin != "EXTERNAL"
                else "Give secretId and jsonKey of a secret in Secrets Manager.",
                self.source,
            )
        elif origin == "EXTERNAL" and reference is None:
            yield Problem(
                "error",
                joined(path, self.origin),
                f"is EXTERNAL, and the secret is given as {self.value}",
                f"Remove {self.origin}, or give {self.reference} instead of {self.value}.",
                self.source,
            )
        elif origin == "MANAGED" and value is None:
            yield Problem(
                "error",
                joined(path, self.origin),
                f"is MANAGED, and the secret is given as {self.reference}",
                f"Remove {self.origin}, or set it to EXTERNAL.",
                self.source,
            )
