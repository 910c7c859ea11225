"""A resource's status, which follows the clock: nothing waits, nothing runs in the background."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

TRANSITIONAL = frozenset({"CREATING", "UPDATING", "DELETING", "SYNCHRONIZING"})


@dataclass
class Lifecycle:
    """`begin` an operation, and `status` turns to what it ends in once its seconds have passed."""

    monotonic: Callable[[], float]
    _status: str = "CREATING"
    _ends_as: str | None = None
    _ends_at: float = 0.0
    _reasons_at_end: list[str] = field(default_factory=list)
    _reasons: list[str] = field(default_factory=list)

    def begin(self, status: str, *, seconds: float, ends_as: str | None, reasons: list[str]) -> None:
        """Enter a status. ends_as: the status after these seconds; None: the resource is gone then."""
        self._status, self._reasons = status, []
        self._ends_as, self._reasons_at_end = ends_as, reasons
        self._ends_at = self.monotonic() + seconds

    @property
    def gone(self) -> bool:
        """Whether a delete is over."""
        return self._is_over and self._ends_as is None

    @property
    def status(self) -> str:
        """The status now."""
        return self._ends_as if self._is_over and self._ends_as else self._status

    @property
    def began_as(self) -> str:
        """The status that the latest operation put the resource in, which its answer shows."""
        return self._status

    @property
    def reasons(self) -> list[str]:
        """Why something failed."""
        return self._reasons_at_end if self._is_over else self._reasons

    @property
    def _is_over(self) -> bool:
        return self.monotonic() >= self._ends_at
