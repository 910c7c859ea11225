"""The status of a resource: it follows the clock, and work in the background where there is any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

TRANSITIONAL = frozenset({"CREATING", "UPDATING", "DELETING", "SYNCHRONIZING"})


class Work(Protocol):
    """Something that has to be done before a status can end. `reasons`: why it failed; empty if it did not."""

    reasons: list[str]

    @property
    def done(self) -> bool:
        """Whether it is over."""


@dataclass
class EndedWork:
    """Work that is over."""

    reasons: list[str]
    done: bool = True


@dataclass(frozen=True)
class Expiry:
    """What a status changes to when nothing has happened for so many seconds since it began, and why."""

    seconds: float
    status: str
    reason: str


@dataclass
class Lifecycle:
    """`begin` an operation, and `status` turns to what it ends in once its seconds have passed."""

    monotonic: Callable[[], float]
    _status: str = "CREATING"
    _ends_as: str | None = None
    _ends_at: float = 0.0
    _reasons_at_end: list[str] = field(default_factory=list)
    _reasons: list[str] = field(default_factory=list)
    _expiry: Expiry | None = None
    _work: Work | None = None
    _fails_as: str = "FAILED"

    def begin(
        self, status: str, *, seconds: float, ends_as: str | None, reasons: list[str], expiry: Expiry | None = None
    ) -> None:
        """Enter a status. ends_as: the status after these seconds; None: the resource is gone then.

        expiry: what the status after these seconds turns to by itself.
        """
        self._work, self._expiry = None, expiry
        self._status, self._reasons = status, []
        self._ends_as, self._reasons_at_end = ends_as, reasons
        self._ends_at = self.monotonic() + seconds

    def await_work(self, work: Work, fails_as: str) -> None:
        """Have the status that began last until the work is done. fails_as: the status that follows if it fails."""
        self._work, self._fails_as = work, fails_as

    @property
    def gone(self) -> bool:
        """Whether a delete is over."""
        return self._is_over and self._ends_as is None

    @property
    def status(self) -> str:
        """The status now."""
        if self._is_over and self._work is not None and self._work.reasons:
            return self._fails_as
        if self._expired is not None:
            return self._expired.status
        return self._ends_as if self._is_over and self._ends_as else self._status

    @property
    def began_as(self) -> str:
        """The status that the latest operation put the resource in, which its answer shows."""
        return self._status

    @property
    def reasons(self) -> list[str]:
        """Why something failed."""
        if not self._is_over:
            return self._reasons
        if self._expired is not None:
            return [self._expired.reason]
        return self._work.reasons if self._work is not None and self._work.reasons else self._reasons_at_end

    @property
    def _expired(self) -> Expiry | None:
        expiry = self._expiry
        return expiry if expiry and self.monotonic() >= self._ends_at + expiry.seconds else None

    @property
    def _is_over(self) -> bool:
        return self.monotonic() >= self._ends_at and (self._work is None or self._work.done)
