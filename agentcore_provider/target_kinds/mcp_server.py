"""MCP servers.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-target-MCPservers.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agentcore_provider.credential_kinds import auth_method
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem, joined
from agentcore_provider.target_kinds.role_needs import Needs
from agentcore_provider.target_kinds.source import is_address
from agentcore_provider.target_kinds.target_kind import (
    OAUTH_METHODS,
    Call,
    Document,
    Outbound,
    Schema,
    Surroundings,
    TargetKind,
    at,
)


class McpServer(TargetKind):
    path = ("mcp", "mcpServer")
    key = "mcp_server"
    label = "MCP server"
    keys = {
        "endpoint": "endpoint",
        "tool_schema": "mcpToolSchema",
        "listing_mode": "listingMode",
        "resource_priority": "resourcePriority",
    }
    short_key = source_key = "endpoint"
    schema = Schema("tool_schema", "MCP tools")
    defaults = {"listingMode": "DEFAULT", "resourcePriority": 1000}
    # API keys: one page of the guide leaves them out; a gateway that lists 30 tools with one was observed in 2026.
    outbound = Outbound(frozenset(["none", "gateway role", *OAUTH_METHODS, "API key"]), signing_service="required")

    def problems(self, content: Document, surroundings: Surroundings) -> Iterator[Problem]:
        """A server whose tools are listed again each time cannot be searched, nor ask a person to sign in."""
        if content.get("listingMode") != "DYNAMIC":
            return
        path, source = joined(self.location, "listingMode"), "devguide gateway-target-MCPservers"
        if at(surroundings.gateway, "protocolConfiguration", "mcp", "searchType") == "SEMANTIC":
            message = "DYNAMIC cannot be combined with the gateway's semantic search"
            yield Problem(path, message, "Use DEFAULT, or a gateway without searchType.", source, code="listing-mode")
        for credential in surroundings.credentials:
            if auth_method(credential) == "OAuth authorization code":
                message = "DYNAMIC cannot be combined with the authorization-code grant"
                yield Problem(path, message, "Use DEFAULT, or another grantType.", source, code="listing-mode")

    def with_tools(self, configuration: object, text: str) -> dict[str, object]:
        """The targetConfiguration with this list in place of what the server lists."""
        content = self.content(configuration)
        members = content if isinstance(content, Mapping) else {}
        return self.configuration({**members, "mcpToolSchema": {"inlinePayload": text}})

    def accepts(self, source: str) -> bool:
        return is_address(source)

    def require(self, source: str) -> None:
        if not is_address(source):
            raise InvalidInput(f"{source!r} is not the address of an MCP server", "Pass https://HOST/PATH")

    def needs(self, call: Call) -> Needs:
        return call.endpoint(call.content.get("endpoint"))
