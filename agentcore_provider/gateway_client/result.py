"""The form in which the starter toolkit's calls answer: a status, and what was asked for or why it cannot be had."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from agentcore_provider.errors import AgentCoreError, InvalidInput


def of(ask: Callable[[], Mapping[str, object]]) -> dict[str, Any]:
    """{"status": "success"} with what is asked for, or {"status": "error", "message": ...}."""
    try:
        return {"status": "success", **ask()}
    except AgentCoreError as error:
        return {"status": "error", "message": str(error)}


def gateway(given: object) -> Any:
    """What names the gateway. Raises InvalidInput if nothing does."""
    if not given:
        raise InvalidInput("gateway_identifier, name or gateway_arn is required", "Give one of them")
    return given
