"""The engine's request that the current call answers.

Pulumi's host of dynamic providers hands on a request's properties and nothing else of it. What else it says is true
for this very call: the URN that the resource has now, and the time that its options allow now, those of transforms
included. State may hold older ones.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf.any_pb2 import Any as Detail
from google.protobuf.message import Message
from pulumi.runtime import rpc
from pulumi.runtime.proto.provider_pb2 import ErrorResourceInitFailed
from pulumi.runtime.proto.status_pb2 import Status

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


def keep(identifier: str, outputs: dict[str, Any], reason: str) -> None:
    """Let the engine keep outputs, and the inputs of its request, although the current update fails: AWS has them.

    Without it state holds what was before, and a program that goes back to that would be no change. Nothing happens
    outside of a call of the engine.
    """
    call = _call()
    if call is None:
        return
    request, context = call
    loop = asyncio.new_event_loop()
    try:
        properties = loop.run_until_complete(rpc.serialize_properties(outputs, {}))
    finally:
        loop.close()
    properties["__provider"] = request.news["__provider"]
    detail = Detail()
    detail.Pack(ErrorResourceInitFailed(id=identifier, properties=properties, inputs=request.news, reasons=[reason]))
    # The host ends the call with this code, and sends what was set before.
    status = Status(code=grpc.StatusCode.UNKNOWN.value[0], message=reason, details=[detail])
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))


def _request() -> Any:
    call = _call()
    return call[0] if call else None


def _call() -> tuple[Any, Any] | None:
    # The host keeps both in local variables of its own, further out in the same thread.
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if "request" in frame.f_code.co_varnames:
            request = frame.f_locals.get("request")
            if isinstance(request, Message) and request.DESCRIPTOR.file.package == "pulumirpc":
                return request, frame.f_locals.get("context")
        frame = frame.f_back
    return None
