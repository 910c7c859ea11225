"""The conversations with MCP servers that are kept from call to call.

On AWS a gateway with sessions keeps one for each of a client's sessions and each server, and one without begins a new one at
every call. Local AWS keeps one in both cases, since to begin costs more than a call: without sessions, one for each
target and each credential that callers bring along.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from agentcore_provider.local.mcp_endpoint.mcp_server_session import McpServerSession

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.request_context import RequestContext
    from agentcore_provider.local.store import Target

MOST = 256


class McpServerSessions:
    """Conversations by who holds them with whom; the one that was used least lately is ended first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[McpServerSession, RequestContext]] = OrderedDict()

    def of(self, target: Target, context: RequestContext) -> McpServerSession:
        """The conversation for a client's call of a target."""
        key = _key(target, context)
        with self._lock:
            session, _ = self._kept.get(key) or (McpServerSession(target, context.capabilities), None)
            self._kept[key] = (session, context)
            self._kept.move_to_end(key)
            ended = self._kept.popitem(last=False)[1] if len(self._kept) > self._most else None
        if ended is not None:
            ended[0].close(ended[1])
        return session

    def end(self, session_id: str) -> None:
        """End the conversations of a client's session."""
        with self._lock:
            ended = [(key, *kept) for key, kept in self._kept.items() if kept[1].session_id == session_id]
            for key, _, _ in ended:
                del self._kept[key]
        for _, session, context in ended:
            session.close(context)


def _key(target: Target, context: RequestContext) -> str:
    parts: list[object] = [
        context.gateway.gateway_id,
        target.target_id,
        target.target_configuration,
        target.credential_provider_configurations,
        target.metadata_configuration,
        context.session_id,
        context.capabilities,
        context.caller.headers_for(target.metadata_configuration),
        context.caller.query_for(target.metadata_configuration),
        _caller_of(target, context),
    ]
    # Hashed, since tokens are among it.
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def _caller_of(target: Target, context: RequestContext) -> str | None:
    """What of the caller's own identity goes on to the server; None if it is the gateway's that does."""
    for configuration in target.credential_provider_configurations:
        provider = configuration.get("credentialProvider", {}).get("oauthCredentialProvider", {})
        by_gateway = provider.get("grantType", "CLIENT_CREDENTIALS") == "CLIENT_CREDENTIALS"
        if configuration["credentialProviderType"] in ("OAUTH", "JWT_PASSTHROUGH", "CALLER_IAM_CREDENTIALS") and not (
            configuration["credentialProviderType"] == "OAUTH" and by_gateway
        ):
            return context.caller.bearer_token or context.caller.access_key
    return None


kept = McpServerSessions()
"""Those of this process."""
