"""Which revisions of MCP a gateway speaks, and what each asks of a request.

Sources: AgentCore devguide gateway-using (the four revisions; 2026-07-28 is served only where
supportedVersions names it) and the MCP specification of each revision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import Headers

from agentcore_provider.local.mcp_endpoint.json_rpc import (
    HEADER_MISMATCH,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    NOT_AVAILABLE,
    PARSE_ERROR,
    UNSUPPORTED_PROTOCOL_VERSION,
    JsonRpcError,
    Message,
)

if TYPE_CHECKING:
    from agentcore_provider.local.store import Gateway

STATELESS = "2026-07-28"  # no initialize: every request carries its version
HANDSHAKE = ("2025-11-25", "2025-06-18", "2025-03-26")  # newest first
WITH_BATCHES = "2025-03-26"  # the only revision whose POST may carry several messages

VERSION_HEADER = "MCP-Protocol-Version"
_VERSION_META = "io.modelcontextprotocol/protocolVersion"
_NAMED = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
_STATELESS_STATUS = {
    PARSE_ERROR: 400,
    INVALID_REQUEST: 400,
    INVALID_PARAMS: 400,
    HEADER_MISMATCH: 400,
    UNSUPPORTED_PROTOCOL_VERSION: 400,
    METHOD_NOT_FOUND: 404,
}


def supported(gateway: Gateway) -> tuple[str, ...]:
    """The gateway's revisions, newest first: its supportedVersions, else all that begin with initialize."""
    chosen = gateway.protocol_configuration.get("mcp", {}).get("supportedVersions")
    if not chosen:
        return HANDSHAKE
    return tuple(version for version in (STATELESS, *HANDSHAKE) if version in chosen)


def negotiate(gateway: Gateway, requested: Any) -> str:
    """The revision that initialize settles on: the client's if we have it, else our newest with a handshake.

    Raises JsonRpcError where the gateway speaks no revision that has initialize.
    """
    versions = [version for version in supported(gateway) if version in HANDSHAKE]
    if not versions:
        raise _unsupported(str(requested), supported(gateway))
    return requested if requested in versions else versions[0]


def version_of(gateway: Gateway, headers: Headers, message: Message) -> str | None:
    """The revision a request is in; None where it does not say. Raises JsonRpcError for one we do not speak."""
    version = headers.get(VERSION_HEADER)
    if version is None or message.method in ("initialize", "server/discover"):
        return version if version in supported(gateway) else None
    if version not in supported(gateway):
        raise _unsupported(version, supported(gateway))
    if version == STATELESS and message.wants_answer:
        _check_envelope(headers, message)
    return version


def http_status(version: str | None, error: JsonRpcError) -> int:
    """The HTTP status an error goes out with."""
    if error.http_status is not None:
        return error.http_status
    return _STATELESS_STATUS.get(error.code, 200) if version == STATELESS else 200


def finish(version: str | None, method: str, result: dict[str, Any]) -> dict[str, Any]:
    """Add what the stateless revision demands of every result."""
    if version != STATELESS:
        return result
    cached = {"ttlMs": 0, "cacheScope": "private"} if method in ("tools/list", "server/discover") else {}
    return {"resultType": "complete", **cached, **result}


def _check_envelope(headers: Headers, message: Message) -> None:
    meta = message.params.get("_meta")
    stated = meta.get(_VERSION_META) if isinstance(meta, dict) else None
    if stated is None:
        raise JsonRpcError(INVALID_PARAMS, f'Invalid params: "_meta" lacks "{_VERSION_META}".', http_status=400)
    wanted = {VERSION_HEADER: stated, "Mcp-Method": message.method}
    name = message.params.get(_NAMED.get(message.method, ""))
    if name is not None:
        wanted["Mcp-Name"] = name
    for header, value in wanted.items():
        if headers.get(header) != value:
            text = f"Header mismatch: {header} is {headers.get(header)!r}, the message says {value!r}."
            raise JsonRpcError(HEADER_MISMATCH, text, http_status=400)


def _unsupported(requested: str, versions: tuple[str, ...]) -> JsonRpcError:
    data = {"supported": list(versions), "requested": requested}
    # -32022 tells a client that the server knows the stateless revision, so only then may it be said.
    code = UNSUPPORTED_PROTOCOL_VERSION if STATELESS in versions else NOT_AVAILABLE
    text = f"Unsupported protocol version: {requested} (supported versions: {', '.join(versions)})"
    return JsonRpcError(code, text, data=data, http_status=400)
