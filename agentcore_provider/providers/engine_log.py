"""Says on a resource's row what is going on."""

from __future__ import annotations

import sys
import threading
from functools import lru_cache
from typing import Any

_lock = threading.Lock()


def say(urn: str, message: str) -> None:
    """Show what is going on beside the resource, until the next word. Never fails."""
    _log(urn, message, severity="INFO", ephemeral=True)


def note(urn: str, message: str) -> None:
    """Leave a word with the resource. Never fails."""
    _log(urn, message, severity="INFO", ephemeral=False)


def warn(urn: str, message: str) -> None:
    """Leave a warning with the resource. Never fails."""
    _log(urn, message, severity="WARNING", ephemeral=False)


def _log(urn: str, message: str, *, severity: str, ephemeral: bool) -> None:
    try:
        from pulumi.runtime.proto import engine_pb2

        request = engine_pb2.LogRequest(
            severity=getattr(engine_pb2, severity), urn=urn, message=message, ephemeral=ephemeral
        )
        with _lock:
            engine = _engine()
        if engine is not None:
            engine.Log(request, timeout=5)
    except Exception:
        # A word on the screen is not worth a failed deployment, whatever the reason it could not be said.
        return


@lru_cache(maxsize=1)
def _engine() -> Any:
    # Pulumi starts this process with the engine's address as the last argument.
    address = sys.argv[-1]
    if ":" not in address:
        return None
    import grpc
    from pulumi.runtime.proto import engine_pb2_grpc

    return engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))
