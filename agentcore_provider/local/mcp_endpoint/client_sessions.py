"""The sessions of clients at gateways that have sessionConfiguration (devguide gateway-sessions).

A session belongs to who began it, ends at a fixed time after that, and nobody else can use it.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agentcore_provider.local import access_key
from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint.json_rpc import INVALID_REQUEST, NOT_AVAILABLE, JsonRpcError

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control import type_defs

    from agentcore_provider.local.outbound import Caller
    from agentcore_provider.local.store import Gateway

HEADER = "Mcp-Session-Id"
_DEFAULT_SECONDS = 3600.0

SendAnswer = Callable[[JsonObject], None]
"""Takes `result` or `error` of a client to who asked it."""


@dataclass
class ClientSession:
    """One session. capabilities: those that the client declared at initialize."""

    session_id: str
    gateway_id: str
    owner: str | None
    capabilities: JsonObject
    ends_at: float
    _asked: dict[str, SendAnswer] = field(default_factory=dict)

    def ask(self, send_answer: SendAnswer) -> str:
        """The id under which a server's request goes to the client."""
        request_id = secrets.token_hex(16)
        self._asked[request_id] = send_answer
        return request_id

    def forget(self, request_id: str) -> None:
        """Nobody waits for the answer any more."""
        self._asked.pop(request_id, None)

    def take(self, request_id: object) -> SendAnswer:
        """Where the answer of this id goes. Raises JsonRpcError if nobody asked."""
        send_answer = self._asked.pop(request_id, None) if isinstance(request_id, str) else None
        if send_answer is None:
            text = f"Invalid Request: no request with id {request_id!r} waits for an answer in this session."
            raise JsonRpcError(INVALID_REQUEST, text, http_status=400)
        return send_answer


class ClientSessions:
    """The sessions that are open."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._open: dict[str, ClientSession] = {}

    def begin(self, gateway: Gateway, caller: Caller, capabilities: JsonObject) -> ClientSession:
        """A new session of the caller."""
        now = self._clock()
        seconds = float(_configuration(gateway).get("sessionTimeoutInSeconds") or _DEFAULT_SECONDS)
        session = ClientSession(
            secrets.token_urlsafe(24), gateway.gateway_id, owner_of(gateway, caller), capabilities, now + seconds
        )
        with self._lock:
            self._open = {key: other for key, other in self._open.items() if other.ends_at > now}
            self._open[session.session_id] = session
        return session

    def find(self, gateway: Gateway, caller: Caller, session_id: str | None) -> ClientSession:
        """The caller's session of this id. Raises JsonRpcError."""
        if not session_id:
            text = f"Bad Request: {HEADER} is missing. It is a header of the answer to initialize."
            raise JsonRpcError(NOT_AVAILABLE, text, http_status=400)
        session = self._open.get(session_id)
        if (
            session is None
            or session.ends_at <= self._clock()
            or (session.gateway_id, session.owner) != (gateway.gateway_id, owner_of(gateway, caller))
        ):
            text = "Session not found: it has ended, or is not yours. Begin one with initialize."
            raise JsonRpcError(NOT_AVAILABLE, text, http_status=404)
        return session

    def end(self, session: ClientSession) -> None:
        """End a session before its time."""
        with self._lock:
            self._open.pop(session.session_id, None)


def has_sessions(gateway: Gateway) -> bool:
    """Whether clients of a gateway get sessions."""
    return "sessionConfiguration" in gateway.protocol_configuration.get("mcp", {})


def owner_of(gateway: Gateway, caller: Caller) -> str | None:
    """Whose a session is; None where callers do not identify themselves. The caller has been authorized already."""
    if gateway.authorizer_type == "NONE":
        return None
    if caller.bearer_token is not None:
        return caller.user or caller.bearer_token
    key = access_key.find(caller.access_key) if caller.access_key else None
    return (key and key.principal_arn) or caller.access_key


def _configuration(gateway: Gateway) -> type_defs.SessionConfigurationTypeDef:
    return gateway.protocol_configuration["mcp"]["sessionConfiguration"]
