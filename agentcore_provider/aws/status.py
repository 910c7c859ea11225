"""The statuses of AWS's resources: which of them are an end, and of what kind.

They are those of the service model; API-key credential providers have none, they are there as soon as the answer is.
"""

from __future__ import annotations

from dataclasses import dataclass

from agentcore_provider.aws.clock import Clock

# How long a look may show what was before a change that AWS has just accepted.
STALE_SECONDS = 3.0


@dataclass(frozen=True)
class Statuses:
    """The statuses of one kind of resource.

    arrived: there is nothing left to wait for. failed: what was asked for last did not succeed. on_the_way: it goes on.
    delete_failed: of those that failed, what a delete ends in that does not succeed. All others mean that it is going.
    """

    arrived: frozenset[str | None]
    failed: frozenset[str]
    on_the_way: frozenset[str]
    delete_failed: frozenset[str]
    deleting: frozenset[str] = frozenset({"DELETING"})

    @property
    def settled(self) -> frozenset[str | None]:
        """The statuses that stay until something is asked for."""
        return self.arrived | self.failed

    def needs_update(self, status: str | None) -> bool:
        """Whether a resource that was seen in this status has yet to become what the program says."""
        return status in self.failed or status in self.on_the_way


GATEWAY = Statuses(
    arrived=frozenset({"READY"}),
    failed=frozenset({"FAILED", "UPDATE_UNSUCCESSFUL"}),
    on_the_way=frozenset({"CREATING", "UPDATING"}),
    delete_failed=frozenset({"FAILED"}),
)

# A person has to visit a page: there is nothing left to wait for.
PENDING_AUTH = frozenset({"CREATE_PENDING_AUTH", "UPDATE_PENDING_AUTH", "SYNCHRONIZE_PENDING_AUTH"})
GATEWAY_TARGET = Statuses(
    arrived=frozenset({"READY"}) | PENDING_AUTH,
    failed=frozenset({"FAILED", "UPDATE_UNSUCCESSFUL", "SYNCHRONIZE_UNSUCCESSFUL"}),
    on_the_way=frozenset({"CREATING", "UPDATING", "SYNCHRONIZING"}),
    delete_failed=frozenset({"FAILED"}),
)

CREDENTIAL_PROVIDER = Statuses(
    arrived=frozenset({"READY", None}),
    failed=frozenset({"CREATE_FAILED", "UPDATE_FAILED", "DELETE_FAILED"}),
    on_the_way=frozenset({"CREATING", "UPDATING"}),
    delete_failed=frozenset({"DELETE_FAILED"}),
)


class Change:
    """A change that AWS has accepted: tells a failure of it from one that was there before.

    before: statuses that may be a look at the time before the change. They count once another one was seen, or when
    they are still there after a moment.
    """

    def __init__(self, clock: Clock, before: frozenset[str]) -> None:
        self._clock = clock
        self._began = clock.now()
        self._before = before
        self._moved = False

    def shows(self, status: str | None) -> bool:
        """Whether a status that was just seen is one of the time after the change."""
        self._moved = self._moved or status not in self._before
        return self._moved or self._clock.now() - self._began >= STALE_SECONDS
