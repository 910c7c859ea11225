"""A secret that a document carries itself, or that lies in Secrets Manager and is only pointed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agentcore_provider.problem import Problem, joined
from agentcore_provider.rules.unknown import UNKNOWN


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

    def validate(self, document: Mapping[str, object], path: str = "") -> list[Problem]:
        """Whether the secret is given, and given once."""
        fault = self._fault(document)
        if fault is None:
            return []
        member, message, cure = fault
        return [Problem(joined(path, member), message, cure, self.source)]

    def _fault(self, document: Mapping[str, object]) -> tuple[str, str, str] | None:
        """The member that is wrong, what is wrong with it, and the cure."""
        # The empty string is how some callers say that they give none; the model lets it through.
        value, reference = document.get(self.value) or None, document.get(self.reference)
        origin = document.get(self.origin)
        if value is not None and reference is not None:
            twice = f"is given together with {self.value}: the service keeps a secret, or you do, not both"
            cure = f"Keep {self.value} or {self.reference} and remove the other."
            return None if UNKNOWN in (value, reference) else (self.reference, twice, cure)
        if value is None and reference is None:
            place = "secretId and jsonKey of a secret in Secrets Manager."
            if origin == "EXTERNAL":
                return self.reference, f"is required with {self.origin} EXTERNAL", f"Give {place}"
            cure = f"Give {self.value}, or {self.reference} with {place}"
            return (self.value, "is missing: there is no secret", cure) if self.needed else None
        if origin == "EXTERNAL" and reference is None:
            cure = f"Remove {self.origin}, or give {self.reference} instead of {self.value}."
            return self.origin, f"is EXTERNAL, and the secret is given as {self.value}", cure
        if origin == "MANAGED" and value is None:
            cure = f"Remove {self.origin}, or set it to EXTERNAL."
            return self.origin, f"is MANAGED, and the secret is given as {self.reference}", cure
        return None
