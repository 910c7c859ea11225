"""What only a resource takes on which no operation goes on."""

from __future__ import annotations

from agentcore_provider.local import service_error
from agentcore_provider.local.store.lifecycle import TRANSITIONAL, Lifecycle


def require_settled(what: str, lifecycle: Lifecycle) -> None:
    """Raises ConflictException while an operation goes on. what: the resource, such as `Rule a1b2`."""
    status = lifecycle.status
    if status in TRANSITIONAL:
        raise service_error.conflict(f"{what} is in {status} state; try again once it has settled")
