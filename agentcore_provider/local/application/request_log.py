"""The requests that local AWS received, for tests that count calls and for the page that shows them."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from dataclasses import dataclass
from datetime import datetime, timezone

from agentcore_provider.local.call_trace import CallTrace

_MOST_KEPT = 20_000
_MOST_TRACES = 200
_LONGEST_NAME = 200
_LONGEST_ERROR = 2000


@dataclass(frozen=True)
class RecordedCall:
    """A call that was answered.

    status: the HTTP status; 0 if the answer was withheld. seconds: from the request to its answer.
    caller: whom the request names: an access key, or the client or user of a token. client: the program, by User-Agent.
    gateway_id, tool: of a request to a gateway. error: why it failed; empty if it did not.
    """

    number: int
    time: datetime
    service: str
    operation: str
    status: int
    seconds: float = 0.0
    caller: str = ""
    client: str = ""
    gateway_id: str = ""
    tool: str = ""
    error: str = ""


class RequestLog:
    """The latest calls, oldest first."""

    def __init__(self) -> None:
        self._calls: deque[RecordedCall] = deque(maxlen=_MOST_KEPT)
        self._traces: OrderedDict[int, CallTrace] = OrderedDict()
        self._number = 0
        self._changed = threading.Condition()

    def add(
        self,
        service: str,
        operation: str,
        status: int,
        *,
        seconds: float = 0.0,
        caller: str = "",
        client: str = "",
        gateway_id: str = "",
        error: str = "",
        trace: CallTrace | None = None,
    ) -> int:
        """Record a call that was answered; returns its number. trace: kept for the latest calls only."""
        with self._changed:
            self._number += 1
            call = RecordedCall(
                number=self._number,
                time=datetime.now(timezone.utc),
                # Most of this is what the caller wrote.
                service=service[:_LONGEST_NAME],
                operation=operation[:_LONGEST_NAME],
                status=status,
                seconds=seconds,
                caller=caller[:_LONGEST_NAME],
                client=client[:_LONGEST_NAME],
                gateway_id=gateway_id[:_LONGEST_NAME],
                tool=trace.tool[:_LONGEST_NAME] if trace is not None else "",
                error=error[:_LONGEST_ERROR],
            )
            self._calls.append(call)
            if trace is not None:
                self._traces[call.number] = trace
                if len(self._traces) > _MOST_TRACES:
                    self._traces.popitem(last=False)
            self._changed.notify_all()
            return call.number

    def list(self) -> list[dict[str, object]]:
        """All calls that are kept, as GET /_local/requests answers them."""
        return [
            {"time": it.time.isoformat(), "service": it.service, "operation": it.operation, "status": it.status}
            for it in self.latest(_MOST_KEPT)
        ]

    def latest(self, count: int) -> tuple[RecordedCall, ...]:
        """The latest calls, oldest first."""
        with self._changed:
            return tuple(self._calls)[-count:]

    def find(self, number: int) -> RecordedCall | None:
        """The call of this number, while it is kept."""
        with self._changed:
            return next((it for it in reversed(self._calls) if it.number == number), None)

    def trace(self, number: int) -> CallTrace | None:
        """What a call to a gateway sent, while it is kept."""
        with self._changed:
            return self._traces.get(number)

    def await_later(self, number: int, seconds: float) -> tuple[RecordedCall, ...]:
        """The calls after this number, waiting for one at most so long."""
        with self._changed:
            if self._number <= number:
                self._changed.wait(seconds)
            return tuple(it for it in self._calls if it.number > number)

    def wake(self) -> None:
        """End every wait that is under way."""
        with self._changed:
            self._changed.notify_all()

    def clear(self) -> None:
        """Forget them."""
        with self._changed:
            self._calls.clear()
            self._traces.clear()
