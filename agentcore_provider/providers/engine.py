"""Pulumi's engine: what it asks for beside a resource's properties, and what a provider reports to it.

Pulumi's host of dynamic providers passes on a request's properties and nothing else of it. What else a request holds is
true for this very call: the URN that the resource has now, and the time that its options allow now, those of transforms
included. State may hold older ones.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf.any_pb2 import Any as Detail
from google.protobuf.message import Message
from pulumi.runtime import rpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc
from pulumi.runtime.proto.provider_pb2 import ErrorResourceInitFailed
from pulumi.runtime.proto.status_pb2 import Status

from agentcore_provider.aws.documents import Properties

if TYPE_CHECKING:
    from types import FrameType

_lock = threading.Lock()


def urn(default: str) -> str:
    """The resource's URN; the default outside of a call of the engine."""
    call = _call()
    return str(getattr(call[0], "urn", "") if call else "") or default


def timeout(default: float) -> float:
    """Seconds that the resource's custom_timeouts allow this call; the default where they do not limit it."""
    call = _call()
    return float(getattr(call[0], "timeout", 0.0) if call else 0.0) or default


def keep(identifier: str, outputs: Properties, reason: str) -> None:
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


def report(urn: str, message: str) -> None:
    """Show what is going on beside the resource, until the next message. Never fails."""
    _log(urn, message, severity="INFO", ephemeral=True)


def note(urn: str, message: str) -> None:
    """Leave a message with the resource. Never fails."""
    _log(urn, message, severity="INFO", ephemeral=False)


def warn(urn: str, message: str) -> None:
    """Leave a warning with the resource. Never fails."""
    _log(urn, message, severity="WARNING", ephemeral=False)


def _log(urn: str, message: str, *, severity: str, ephemeral: bool) -> None:
    try:
        with _lock:
            engine = _stub()
        if engine is not None:
            log = engine_pb2.LogRequest(
                severity=getattr(engine_pb2, severity), urn=urn, message=message, ephemeral=ephemeral
            )
            engine.Log(log, timeout=5)
    except Exception:
        # A message on the screen is not worth a failed deployment, whatever the reason it could not be shown.
        return


@lru_cache(maxsize=1)
def _stub() -> Any:
    # Pulumi starts this process with the engine's address as the last argument.
    address = sys.argv[-1]
    return engine_pb2_grpc.EngineStub(grpc.insecure_channel(address)) if ":" in address else None


def _call() -> tuple[Any, Any] | None:
    """The request of the engine that this thread answers, and its context."""
    # The host keeps both in local variables of its own, further out in the same thread.
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if "request" in frame.f_code.co_varnames:
            request = frame.f_locals.get("request")
            if isinstance(request, Message) and request.DESCRIPTOR.file.package == "pulumirpc":
                return request, frame.f_locals.get("context")
        frame = frame.f_back
    return None
