"""Calls that wait for input, in the revision of MCP without sessions.

A server asks while a tool runs. The client gets what is asked as the result of its call, and calls again with what it
answers; meanwhile the call waits here (specification of 2026-07-28, basic/patterns/mrtr).
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint.client_sessions import owner_of
from agentcore_provider.local.mcp_endpoint.json_rpc import INVALID_PARAMS, JsonRpcError

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.json_rpc import Message
    from agentcore_provider.local.mcp_endpoint.request_context import Messages, RequestContext, ServerMessage

SECONDS = 600.0
_MOST = 100
_KEY = "input"


@dataclass(frozen=True)
class _Round:
    """A call that waits. key: the gateway, the caller and the call that may go on with it."""

    key: tuple[object, ...]
    messages: Messages
    asked: ServerMessage
    ends_at: float


class InputRounds:
    """The calls that wait."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: dict[str, _Round] = {}

    def park(self, context: RequestContext, message: Message, messages: Messages, asked: ServerMessage) -> JsonObject:
        """Have a call wait; the result that asks the client for input."""
        state = secrets.token_urlsafe(24)
        with self._lock:
            now = self._clock()
            over = [key for key, other in self._waiting.items() if other.ends_at <= now]
            over += list(self._waiting)[: max(0, len(self._waiting) - _MOST + 1)]
            ended = [self._waiting.pop(key) for key in dict.fromkeys(over)]
            self._waiting[state] = _Round(_call_key(context, message), messages, asked, now + SECONDS)
        for other in ended:
            other.messages.close()
        request = {name: asked.document[name] for name in ("method", "params") if name in asked.document}
        return {"resultType": "input_required", "inputRequests": {_KEY: request}, "requestState": state}

    def resume(self, context: RequestContext, message: Message) -> Messages | None:
        """The call that waits for this one's answers, which go to the server; None for a call that begins.

        Raises JsonRpcError.
        """
        state = message.params.get("requestState")
        if state is None:
            return None
        responses = message.params.get("inputResponses")
        if not isinstance(responses, dict) or not isinstance(responses.get(_KEY), dict):
            text = f'Invalid params: "inputResponses" must answer "{_KEY}", as "inputRequests" asked.'
            raise JsonRpcError(INVALID_PARAMS, text)
        with self._lock:
            found = self._waiting.get(state) if isinstance(state, str) else None
            if found is None or found.ends_at <= self._clock() or found.key != _call_key(context, message):
                text = (
                    'Invalid params: "requestState" does not belong to a call of yours that waits. Call the tool again.'
                )
                raise JsonRpcError(INVALID_PARAMS, text)
            del self._waiting[state]
        if found.asked.answer is not None:
            found.asked.answer({"result": responses[_KEY]})
        return found.messages


def _call_key(context: RequestContext, message: Message) -> tuple[object, ...]:
    gateway = context.gateway
    called = message.params.get("name"), message.params.get("arguments")
    return gateway.gateway_id, owner_of(gateway, context.caller), called
