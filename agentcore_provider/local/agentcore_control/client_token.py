"""Idempotency: a repeated create with the same clientToken creates nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control.call import Call

if TYPE_CHECKING:
    from agentcore_provider.local.store import documents

    _Request = (
        documents.CreateBundle
        | documents.UpdateBundle
        | documents.CreateGateway
        | documents.CreateRateLimit
        | documents.CreateRule
        | documents.CreateTarget
        | documents.CreatePolicyEngine
        | documents.CreatePolicy
        | documents.StartGeneration
    )

_Record = TypeVar("_Record")


def created_before(call: Call, request: _Request, find: Callable[[str], _Record | None]) -> _Record | None:
    """What an earlier call with this token created, if it still exists.

    find: a record by its id. Raises ValidationException if the earlier call asked for something else.
    """
    token = request.get("clientToken")
    if not token or (earlier := call.store.client_tokens.get((call.operation, token))) is None:
        return None
    earlier_request, resource_id = earlier
    record = find(resource_id)
    if record is None:
        # A token belongs to what it created.
        del call.store.client_tokens[call.operation, token]
        return None
    if earlier_request != request:
        raise service_error.validation(
            f"clientToken was used with other parameters for {resource_id}; use another token for another request",
            reason="IdempotentParameterMismatchException",
        )
    return record


def remember(call: Call, request: _Request, resource_id: str) -> None:
    """Tie this request's token to the id of what it created."""
    if token := request.get("clientToken"):
        call.store.client_tokens[call.operation, token] = (request, resource_id)
