"""Which revisions of MCP a gateway speaks, and what each asks of a request.

Sources: AgentCore devguide gateway-using (the four revisions; 2026-07-28 is served only where
supportedVersions names it) and the MCP specification of each revision.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING

from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint.json_rpc import (
    HEADER_MISMATCH,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    MISSING_CAPABILITY,
    NOT_AVAILABLE,
    PARSE_ERROR,
    UNSUPPORTED_PROTOCOL_VERSION,
    JsonRpcError,
    Message,
)
from agentcore_provider.local.mcp_revisions import HANDSHAKE, STATELESS

if TYPE_CHECKING:
    from agentcore_provider.local.store import Gateway

WITH_BATCHES = "2025-03-26"  # the only revision whose POST may carry several messages
WITHOUT_HEADER = "2025-03-26"  # the revision of a request without the header

VERSION_HEADER = "MCP-Protocol-Version"
_VERSION_META = "io.modelcontextprotocol/protocolVersion"
_CAPABILITIES_META = "io.modelcontextprotocol/clientCapabilities"
_SERVER_META = "io.modelcontextprotocol/serverInfo"
_NOT_STATELESS = ("initialize", "ping", "logging/setLevel")
_CACHED = (
    "server/discover",
    "tools/list",
    "prompts/list",
    "resources/list",
    "resources/templates/list",
    "resources/read",
)
_NAMED = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
_STATELESS_STATUS = {
    PARSE_ERROR: 400,
    INVALID_REQUEST: 400,
    INVALID_PARAMS: 400,
    HEADER_MISMATCH: 400,
    MISSING_CAPABILITY: 400,
    UNSUPPORTED_PROTOCOL_VERSION: 400,
    METHOD_NOT_FOUND: 404,
}


def supported(gateway: Gateway) -> tuple[str, ...]:
    """The gateway's revisions, newest first: its supportedVersions, else all that begin with initialize."""
    chosen = gateway.protocol_configuration.get("mcp", {}).get("supportedVersions")
    if not chosen:
        return HANDSHAKE
    return tuple(version for version in (STATELESS, *HANDSHAKE) if version in chosen)


def negotiate(gateway: Gateway, requested: object) -> str:
    """The revision that initialize settles on: the client's if we have it, else our newest with a handshake.

    Raises JsonRpcError where the gateway speaks no revision that has initialize.
    """
    versions = [version for version in supported(gateway) if version in HANDSHAKE]
    if not versions:
        raise _unsupported(str(requested), supported(gateway))
    return requested if requested in versions else versions[0]


def version_of(gateway: Gateway, headers: Mapping[str, str], message: Message) -> str | None:
    """The revision a request is in; None for initialize, which settles it. Raises JsonRpcError for one not spoken."""
    versions = supported(gateway)
    version = headers.get(VERSION_HEADER.lower())
    if STATELESS in versions and _is_stateless(version, message):
        if message.wants_answer:
            _check_envelope(headers, message, versions)
        if message.method in _NOT_STATELESS:
            raise JsonRpcError(METHOD_NOT_FOUND, f"Method not found: {message.method}", http_status=404)
        return STATELESS
    if message.method in ("initialize", "server/discover"):
        return None
    if version is None and versions == (STATELESS,):
        text = f"Header mismatch: {VERSION_HEADER} is missing; this gateway speaks {STATELESS} alone."
        raise JsonRpcError(HEADER_MISMATCH, text, http_status=400)
    # A request without the header is in the oldest revision (specification, transports).
    version = version or WITHOUT_HEADER
    if version not in versions:
        raise _unsupported(version, versions)
    return version


def http_status(version: str | None, error: JsonRpcError) -> int:
    """The HTTP status an error goes out with."""
    if error.http_status is not None:
        return error.http_status
    return _STATELESS_STATUS.get(error.code, 200) if version == STATELESS else 200


def finish(version: str | None, method: str, result: JsonObject, server: JsonObject) -> JsonObject:
    """Add what the stateless revision wants in every result. server: name and version of the gateway."""
    if version != STATELESS:
        return result
    cached = {"ttlMs": 0, "cacheScope": "private"} if method in _CACHED else {}
    meta = {"_meta": {_SERVER_META: server, **result.get("_meta", {})}}
    return {"resultType": "complete", **cached, **result, **meta}


def capabilities_of(message: Message) -> JsonObject:
    """The capabilities that a client of the stateless revision declares in this request."""
    meta = message.params.get("_meta")
    found = meta.get(_CAPABILITIES_META) if isinstance(meta, dict) else None
    return found if isinstance(found, dict) else {}


def _is_stateless(version: str | None, message: Message) -> bool:
    # A client that finds out what a server speaks asks server/discover, in a revision that may be newer than ours.
    meta = message.params.get("_meta")
    stated = isinstance(meta, dict) and _VERSION_META in meta
    return version == STATELESS or (version not in HANDSHAKE and (stated or message.method == "server/discover"))


def _check_envelope(headers: Mapping[str, str], message: Message, versions: tuple[str, ...]) -> None:
    meta = message.params.get("_meta")
    meta = meta if isinstance(meta, dict) else {}
    if missing := [name for name in (_VERSION_META, _CAPABILITIES_META) if name not in meta]:
        text = f'Invalid params: "_meta" lacks {" and ".join(missing)}.'
        raise JsonRpcError(INVALID_PARAMS, text, http_status=400)
    wanted = {VERSION_HEADER: meta[_VERSION_META], "Mcp-Method": message.method}
    name = message.params.get(_NAMED.get(message.method, ""))
    if name is not None:
        wanted["Mcp-Name"] = name
    for header, value in wanted.items():
        if _decoded(headers.get(header.lower())) != value:
            text = f"Header mismatch: {header} is {headers.get(header.lower())!r}, the message has {value!r}."
            raise JsonRpcError(HEADER_MISMATCH, text, http_status=400)
    if meta[_VERSION_META] != STATELESS:
        raise _unsupported(meta[_VERSION_META], versions)


def _decoded(value: str | None) -> str | None:
    """A header's value, of which the specification has those that are not plain ASCII in base64."""
    if value is None or not (value.startswith("=?base64?") and value.endswith("?=")):
        return value
    try:
        return base64.b64decode(value[len("=?base64?") : -len("?=")], validate=True).decode()
    except ValueError:
        return None


def _unsupported(requested: str, versions: tuple[str, ...]) -> JsonRpcError:
    data = {"supported": list(versions), "requested": requested}
    # -32022 means to a client that the server knows the stateless revision, so only then is it sent.
    code = UNSUPPORTED_PROTOCOL_VERSION if STATELESS in versions else NOT_AVAILABLE
    text = f"Unsupported protocol version: {requested} (supported versions: {', '.join(versions)})"
    return JsonRpcError(code, text, data=data, http_status=400)
