"""The engine's request that the current call answers.

Pulumi's host of dynamic providers hands on a request's properties and nothing else of it. What else it says is true
for this very call: the URN that the resource has now, and the time that its options allow now, those of transforms
included. State may hold older ones.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from google.protobuf.message import Message

if TYPE_CHECKING:
    from types import FrameType


def urn(default: str) -> str:
    """The resource's URN; the default outside of a call of the engine."""
    request = _request()
    return str(getattr(request, "urn", "")) or default


def timeout(default: float) -> float:
    """Seconds that the resource's custom_timeouts allow this call; the default where they say nothing."""
    request = _request()
    return float(getattr(request, "timeout", 0.0)) or default


def _request() -> Message | None:
    # The host keeps it in a local variable of its own, further out in the same thread.
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if "request" in frame.f_code.co_varnames:
            request = frame.f_locals.get("request")
            if isinstance(request, Message) and request.DESCRIPTOR.file.package == "pulumirpc":
                return request
        frame = frame.f_back
    return None
