"""How this local AWS behaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentcore_provider.local.iam_role import RolePolicies

READY_AFTER_KINDS = ("gateway", "target", "domain", "policy", "portal", "registry", "rule", "rate-limit", "permission")
"""What can be delayed. `permission`: the time until a change of a role reaches the service from IAM."""


class Clock:
    """The clock that statuses follow, in seconds. It stands still while local AWS does not run."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._ahead = 0.0

    def __call__(self) -> float:
        """The time now."""
        return self._monotonic() + self._ahead

    def go_on_from(self, time: float) -> None:
        """Show this time now."""
        self._ahead = time - self._monotonic()


@dataclass(frozen=True)
class Settings:
    """base_url: where this local AWS is reached, without a slash at the end.
    ready_after: seconds until a resource of a kind has settled after a create, update or delete; 0 if it is not named.
    enforce_limits: refuse calls that come faster than the service allows.
    monotonic: the clock that states follow, in seconds.
    role_versions: the policies of each role, and when they were first read, where permissions are slow.
    """

    base_url: str
    monotonic: Callable[[], float]
    ready_after: dict[str, float] = field(default_factory=dict)
    enforce_limits: bool = False
    role_versions: dict[str, list[tuple[float, RolePolicies]]] = field(default_factory=dict, compare=False)

    def seconds_until_ready(self, kind: str) -> float:
        """Seconds that a create, update or delete of a resource of this kind takes."""
        return self.ready_after.get(kind, 0.0)

    def set_delays(self, seconds: Mapping[str, float]) -> None:
        """Change what has passed until resources of these kinds have settled, from the next operation on."""
        self.ready_after.update(seconds)
