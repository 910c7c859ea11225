"""What the engine asks for, apart from the document: by whom, how long it may take, who wants to hear of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from agentcore_provider.aws.connection import Connection
from agentcore_provider.errors import NameTaken

OWNER_TAG = "agentcore:owner"


@dataclass(frozen=True)
class Job:
    """One create, update, read or delete.

    connection: the door to AWS. owner: mark of the one resource of one stack that this is done for.
    adopt: take over what bears the name, even if somebody else made it. timeout: seconds the whole may take.
    tell: says in a few words what is going on, while it goes on. label: what to call the resource in errors.
    gateway_owner: (targets) mark on the gateway when the same program made it; without it no target that exists
    already counts as ours.
    """

    connection: Connection
    owner: str
    adopt: bool
    timeout: float
    tell: Callable[[str], None]
    label: str
    gateway_owner: str | None = None

    def name_taken(self, what: str) -> NameTaken:
        """The error for a name that something else in this account and Region bears. what: it, with its name."""
        cures = self.connection.cures
        return NameTaken(
            f"{self.label}: {what} exists and was not made by this resource; choose another name, or {cures.adopt}{cures.apart}"
        )
