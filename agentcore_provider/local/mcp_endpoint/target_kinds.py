"""The kinds of targets whose tools local AWS can list and call: one row and one file each.

A kind's file has `tools(target, visit)` and `call(tool_call)`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from agentcore_provider.local.mcp_endpoint import (
    api_gateway_target,
    connector_target,
    lambda_target,
    mcp_server_target,
    openapi_target,
    smithy_target,
)
from agentcore_provider.local.outbound import NOBODY, Caller

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.json_rpc import MessageId
    from agentcore_provider.local.store import Gateway, Target


@dataclass(frozen=True)
class Visit:
    """Someone at a gateway. `base_url` is the address of local AWS.

    response_headers: what targets want to tell the client beside their results; they add to it.
    """

    gateway: Gateway
    base_url: str
    caller: Caller = NOBODY
    response_headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ToolCall:
    """One tools/call on its way to a target."""

    visit: Visit
    target: Target
    tool: dict[str, Any]
    """The tool as `tools` of its kind gave it, under its own name."""
    qualified_name: str
    """The name the client used: `<target>___<tool>`."""
    arguments: dict[str, Any]
    message_id: MessageId


class TargetKind(Protocol):
    """What a kind of target can do."""

    def tools(self, target: Target, visit: Visit) -> list[dict[str, Any]]:
        """The target's tools as MCP documents, under their own names (no target prefix)."""

    def call(self, call: ToolCall) -> dict[str, Any]:
        """Run a tool; the arguments have been validated. Returns an MCP CallToolResult."""


_KINDS: dict[tuple[str, str], TargetKind] = {
    ("mcp", "lambda"): lambda_target,
    ("mcp", "openApiSchema"): openapi_target,
    ("mcp", "smithyModel"): smithy_target,
    ("mcp", "mcpServer"): mcp_server_target,
    ("mcp", "apiGateway"): api_gateway_target,
    ("mcp", "connector"): connector_target,
}


def kind_of(target: Target) -> TargetKind | None:
    """The kind of a target, None for one that has no tools, such as those that forward HTTP."""
    for protocol, configuration in target.target_configuration.items():
        for name in configuration if isinstance(configuration, dict) else ():
            return _KINDS.get((protocol, name))
    return None
