"""The MCP methods a gateway answers, one function each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agentcore_provider.local.mcp_endpoint import calls, protocol_versions, tools
from agentcore_provider.local.mcp_endpoint.json_rpc import METHOD_NOT_FOUND, JsonRpcError, Message
from agentcore_provider.local.mcp_endpoint.target_kinds import Visit
from agentcore_provider.local.outbound import NOBODY, Caller

if TYPE_CHECKING:
    from agentcore_provider.local.store import Gateway, Target

SERVER_VERSION = "1.0.0"


@dataclass(frozen=True)
class Endpoint:
    """One gateway while a request to it is answered."""

    gateway: Gateway
    targets_of: Callable[[str], list[Target]]
    base_url: str
    caller: Caller = NOBODY
    response_headers: dict[str, str] = field(default_factory=dict)

    @property
    def visit(self) -> Visit:
        """The client at the gateway."""
        return Visit(self.gateway, self.base_url, self.caller, self.response_headers)

    @property
    def server(self) -> dict[str, Any]:
        """The gateway as a server introduces itself."""
        return {"name": self.gateway.name, "version": SERVER_VERSION}

    @property
    def targets(self) -> list[Target]:
        """The gateway's targets, in the order they were created."""
        return self.targets_of(self.gateway.gateway_id)


def answer(endpoint: Endpoint, message: Message) -> dict[str, Any]:
    """The result of a request. Raises JsonRpcError."""
    method = _METHODS.get(message.method)
    if method is None:
        raise JsonRpcError(METHOD_NOT_FOUND, f"Method not found: {message.method}")
    return method(endpoint, message)


def _initialize(endpoint: Endpoint, message: Message) -> dict[str, Any]:
    version = protocol_versions.negotiate(endpoint.gateway, message.params.get("protocolVersion"))
    return {"protocolVersion": version, **_about(endpoint)}


def _discover(endpoint: Endpoint, message: Message) -> dict[str, Any]:
    versions = protocol_versions.supported(endpoint.gateway)
    if protocol_versions.STATELESS not in versions:
        # A client that gets this falls back to initialize.
        raise JsonRpcError(METHOD_NOT_FOUND, f"Method not found: {message.method}")
    about = {name: value for name, value in _about(endpoint).items() if name != "serverInfo"}
    return {"supportedVersions": list(versions), **about}


def _ping(_endpoint: Endpoint, _message: Message) -> dict[str, Any]:
    return {}


def _list_tools(endpoint: Endpoint, message: Message) -> dict[str, Any]:
    return tools.page(endpoint.visit, endpoint.targets, message.params.get("cursor"))


def _call_tool(endpoint: Endpoint, message: Message) -> dict[str, Any]:
    return calls.call(endpoint.visit, endpoint.targets, message)


def _about(endpoint: Endpoint) -> dict[str, Any]:
    about: dict[str, Any] = {
        "capabilities": {"tools": {"listChanged": False}},
        "serverInfo": endpoint.server,
    }
    instructions = endpoint.gateway.protocol_configuration.get("mcp", {}).get("instructions")
    return {**about, "instructions": instructions} if instructions else about


_METHODS: dict[str, Callable[[Endpoint, Message], dict[str, Any]]] = {
    "initialize": _initialize,
    "server/discover": _discover,
    "ping": _ping,
    "tools/list": _list_tools,
    "tools/call": _call_tool,
}
