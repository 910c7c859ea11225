"""The MCP methods a gateway answers at once, one function each; tools/call is in calls.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agentcore_provider.local.mcp_endpoint import protocol_versions, server_lists, tools
from agentcore_provider.local.mcp_endpoint.json_rpc import METHOD_NOT_FOUND, JsonRpcError, Message
from agentcore_provider.local.mcp_endpoint.page import page
from agentcore_provider.local.mcp_endpoint.target_kinds import Visit
from agentcore_provider.local.mcp_revisions import STATELESS
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
    session_id: str | None = None
    capabilities: dict[str, Any] = field(default_factory=dict)

    @property
    def visit(self) -> Visit:
        """The client at the gateway."""
        return Visit(
            self.gateway, self.base_url, self.caller, self.response_headers, self.session_id, self.capabilities
        )

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
    if STATELESS not in versions:
        # A client that gets this falls back to initialize.
        raise JsonRpcError(METHOD_NOT_FOUND, f"Method not found: {message.method}")
    about = {name: value for name, value in _about(endpoint).items() if name != "serverInfo"}
    return {"supportedVersions": list(versions), **about}


def _ping(_endpoint: Endpoint, _message: Message) -> dict[str, Any]:
    return {}


def _list_tools(endpoint: Endpoint, message: Message) -> dict[str, Any]:
    return tools.listed(endpoint.visit, endpoint.targets, message.params.get("cursor"))


def _list_prompts(endpoint: Endpoint, message: Message) -> dict[str, Any]:
    return _page_of("prompts", endpoint, message)


def _get_prompt(endpoint: Endpoint, message: Message) -> dict[str, Any]:
    return server_lists.get_prompt(endpoint.visit, endpoint.targets, message)


def _list_resources(endpoint: Endpoint, message: Message) -> dict[str, Any]:
    return _page_of("resources", endpoint, message)


def _list_resource_templates(endpoint: Endpoint, message: Message) -> dict[str, Any]:
    return _page_of("resourceTemplates", endpoint, message)


def _read_resource(endpoint: Endpoint, message: Message) -> dict[str, Any]:
    return server_lists.read_resource(endpoint.visit, endpoint.targets, message)


def _page_of(member: str, endpoint: Endpoint, message: Message) -> dict[str, Any]:
    return page(member, server_lists.listed(endpoint.visit, endpoint.targets, member), message.params.get("cursor"))


def _about(endpoint: Endpoint) -> dict[str, Any]:
    has_servers = any("mcpServer" in target.target_configuration.get("mcp", {}) for target in endpoint.targets)
    about: dict[str, Any] = {
        "capabilities": {
            "tools": {"listChanged": False},
            **({"prompts": {"listChanged": False}, "resources": {"listChanged": False}} if has_servers else {}),
        },
        "serverInfo": endpoint.server,
    }
    instructions = endpoint.gateway.protocol_configuration.get("mcp", {}).get("instructions")
    return {**about, "instructions": instructions} if instructions else about


_METHODS: dict[str, Callable[[Endpoint, Message], dict[str, Any]]] = {
    "initialize": _initialize,
    "server/discover": _discover,
    "ping": _ping,
    "tools/list": _list_tools,
    "prompts/list": _list_prompts,
    "prompts/get": _get_prompt,
    "resources/list": _list_resources,
    "resources/read": _read_resource,
    "resources/templates/list": _list_resource_templates,
}
