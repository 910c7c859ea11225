"""The form in which the starter toolkit's calls answer: a status, and what was asked for or why it cannot be had."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agentcore_provider.errors import AgentCoreError, InvalidInput
from agentcore_provider.gateway_client.gateway import Identifier

Result = dict[str, Any]
"""`status` "success" with what was asked for, or "error" with `message`."""


def of(ask: Callable[[], Result]) -> Result:
    """The answer with status "success", or {"status": "error", "message": ...}."""
    try:
        return {"status": "success", **ask()}
    except AgentCoreError as error:
        return {"status": "error", "message": str(error)}


def gateway(*identifiers: Identifier | None) -> Identifier:
    """The identifier of a gateway that is passed. Raises InvalidInput if there is none."""
    for identifier in identifiers:
        if identifier:
            return identifier
    raise InvalidInput("gateway_identifier, name or gateway_arn is required", "Give one of them")


def target(*identifiers: str | None) -> str:
    """The id or name of a target that is passed. Raises InvalidInput if there is none."""
    for identifier in identifiers:
        if identifier:
            return identifier
    raise InvalidInput("target_id or target_name is required", "Give one of them")
