"""Faults to order: what may fail between a client and AWS, at a chosen call of a chosen operation."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from werkzeug.wrappers import Response

from agentcore_provider.local.service_error import answer

KINDS = ("status", "drop", "stall", "fail")
_LONGEST_STALL = 86_400
_CODES = {
    400: "ValidationException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    409: "ConflictException",
    429: "ThrottlingException",
    503: "ServiceUnavailableException",
}


class FaultError(ValueError):
    """A fault that is not valid."""


@dataclass(frozen=True)
class Fault:
    """operation: the operation it is about; `*` for all.
    nth: the first call it hits, counted from 1 since the fault was set. times: how many calls it hits.
    kind: `status`: answer this status and code, and do nothing. `drop`: do the work, then close the connection
        without an answer. `stall`: wait these seconds, then go on. `fail`: what the call starts ends in failure.
    reason: the message of a `status`, the status reason of a `fail`.
    """

    operation: str
    kind: str
    nth: int = 1
    times: int = 1
    status: int = 500
    code: str = ""
    seconds: float = 0.0
    reason: str = "Fault on request"

    def answer(self, *, as_xml: bool) -> Response:
        """The error that a `status` fault answers."""
        code = self.code or _CODES.get(self.status, "InternalServerException")
        return answer(self.status, code, self.reason, as_xml=as_xml)


class Faults:
    """The faults that are set, and how many calls each has counted."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def set(self, document: object) -> None:
        """Add faults from JSON: one, or a list. Raises FaultError, and then sets none."""
        faults = [_read(item) for item in (document if isinstance(document, list) else [document])]
        with self._lock:
            self._faults.extend(faults)

    def remove(self, document: object) -> None:
        """Remove the first fault that is equal to one in JSON, if there is any. Raises FaultError."""
        fault = _read(document)
        with self._lock:
            if fault in self._faults:
                index = self._faults.index(fault)
                del self._faults[index]
                counts = {at - (at > index): count for at, count in self._counts.items() if at != index}
                self._counts.clear()
                self._counts.update(counts)

    def clear(self) -> None:
        """Remove all."""
        with self._lock:
            self._faults.clear()
            self._counts.clear()

    def list(self) -> list[dict[str, object]]:
        """The faults that are set, each with the number of `calls` of its operation since."""
        with self._lock:
            return [asdict(fault) | {"calls": self._counts.get(index, 0)} for index, fault in enumerate(self._faults)]

    def hit(self, operation: str) -> Fault | None:
        """Count a call; the first fault that hits it, if any does."""
        found = None
        with self._lock:
            for index, fault in enumerate(self._faults):
                if fault.operation not in (operation, "*"):
                    continue
                self._counts[index] = count = self._counts.get(index, 0) + 1
                if found is None and fault.nth <= count < fault.nth + fault.times:
                    found = fault
        return found


def _read(document: object) -> Fault:
    if not isinstance(document, Mapping):
        raise FaultError("A fault is a JSON object")
    types = {"operation": str, "kind": str, "code": str, "reason": str, "nth": int, "times": int, "status": int}
    known = [*types, "seconds"]
    for name, value in document.items():
        if name not in known:
            raise FaultError(f"{name!r} is not a member of a fault; members are {', '.join(known)}")
        wanted = types.get(name, (int, float))
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise FaultError(f"{name} of a fault has the wrong type: {value!r}")
    if document.get("kind") not in KINDS or not document.get("operation"):
        raise FaultError(f"A fault needs an operation, and a kind of {', '.join(KINDS)}")
    fault = Fault(**document)
    if fault.nth < 1 or fault.times < 1 or not (0 <= fault.seconds <= _LONGEST_STALL and 400 <= fault.status <= 599):
        raise FaultError(
            f"A fault has nth and times of at least 1, seconds of 0 to {_LONGEST_STALL}, status of 400 to 599"
        )
    return fault
