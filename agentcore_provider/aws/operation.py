"""One operation on a resource, apart from its document: for which owner, how long it may take, where progress goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agentcore_provider.aws.connection import Connection
from agentcore_provider.errors import NameTaken

OWNER_TAG = "agentcore:owner"


@dataclass(frozen=True)
class Operation:
    """One create, update, read or delete of a resource.

    connection: the way to AWS. owner: value of the owner tag: the one resource of one stack that this is done for.
    adopt: take over what has the name, even if another owner made it. timeout: seconds the whole may take.
    report: receives in a few words what is going on, while it goes on. label: what to call the resource in errors.
    gateway_owner: (targets) owner tag of the gateway when the same program made it; without it no target that exists
    already counts as ours. engine_owner: (policies) the same of the policy engine.
    """

    connection: Connection
    owner: str
    adopt: bool
    timeout: float
    report: Callable[[str], None]
    label: str
    gateway_owner: str | None = None
    engine_owner: str | None = None

    def with_owner(self, tags: Mapping[str, str] | None) -> dict[str, str]:
        """The tags that the program sets and the owner tag."""
        return {**(tags or {}), OWNER_TAG: self.owner}

    def name_taken(self, what: str) -> NameTaken:
        """The error for a name that is in use in this account and Region. what: by which resource, with its name."""
        cures = self.connection.cures
        return NameTaken(
            f"{self.label}: {what} exists and was not made by this resource",
            f"Choose another name, or {cures.adopt}{cures.apart}",
        )
