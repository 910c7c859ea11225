"""The kinds of targets whose tools local AWS can list and call: one row and one file each.

A kind's file has `tools(target, visit)` and `call(tool_call)`; or, where more may come before the result,
`converse(tool_call)` in place of `call`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

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
    from agentcore_provider.local.mcp_endpoint.mcp_server_session import Messages
    from agentcore_provider.local.store import Gateway, Target


@dataclass(frozen=True)
class Visit:
    """Someone at a gateway. `base_url` is the address of local AWS.

    response_headers: what targets want to tell the client beside their results; they add to it.
    session_id: the client's session, where the gateway has sessions.
    capabilities: what MCP servers may ask of the client while it waits: `elicitation`, `sampling`.
    """

    gateway: Gateway
    base_url: str
    caller: Caller = NOBODY
    response_headers: dict[str, str] = field(default_factory=dict)
    session_id: str | None = None
    capabilities: dict[str, Any] = field(default_factory=dict)


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
    meta: dict[str, Any] = field(default_factory=dict)
    """The request's `_meta`."""


class HasTools(Protocol):
    """What every kind of target can do."""

    def tools(self, target: Target, visit: Visit) -> list[dict[str, Any]]:
        """The target's tools as MCP documents, under their own names (no target prefix)."""


@runtime_checkable
class Converses(HasTools, Protocol):
    """A kind whose tools say more than their result."""

    def converse(self, call: ToolCall) -> Messages:
        """Run a tool, as `call` of CallsTools, whose result is the generator's value."""


class CallsTools(HasTools, Protocol):
    """A kind whose tools answer with a result alone."""

    def call(self, call: ToolCall) -> dict[str, Any]:
        """Run a tool; the arguments have been validated. Returns an MCP CallToolResult."""


TargetKind = Converses | CallsTools


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
