"""What a request carries through its steps: caller, gateway and session, and the call of a tool."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from agentcore_provider.local import store
from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.outbound import NOBODY, Caller

if TYPE_CHECKING:
    from agentcore_provider.local.cedar.decisions import Principal
    from agentcore_provider.local.mcp_endpoint.client_sessions import ClientSession
    from agentcore_provider.local.mcp_endpoint.gateway_log import RequestLog
    from agentcore_provider.local.mcp_endpoint.json_rpc import MessageId
    from agentcore_provider.local.store import Gateway, Target
    from agentcore_provider.local.tool_schemas.tool_schema import Tool


class Gateways(Protocol):
    """Where gateways and targets are looked up."""

    def find_gateway(self, gateway_id: str) -> Gateway | None:
        """The gateway of this id, in any account and Region."""

    def targets_of(self, gateway_id: str) -> list[Target]:
        """Its targets, in the order they were created. A target that did not change is the same object."""

    def find_target(self, gateway_id: str, name: str) -> Target | None:
        """Its target of this name."""


@dataclass(frozen=True)
class RequestContext:
    """A message to a gateway, as far as its methods and targets know of it.

    base_url: the address of local AWS.
    response_headers: what targets have for the client beside their results; they add to it.
    version: the revision of MCP; None for initialize, which settles it.
    session: the client's session, where the gateway has sessions.
    capabilities: what MCP servers may ask of the client while it waits: `elicitation`, `sampling`.
    log: what the gateway writes about the message; None for one that gets no answer.
    principal: the caller as policies see it, where the gateway has a policy engine.
    """

    gateway: Gateway
    base_url: str
    caller: Caller = NOBODY
    gateways: Gateways = store
    response_headers: dict[str, str] = field(default_factory=dict)
    version: str | None = None
    session: ClientSession | None = None
    capabilities: JsonObject = field(default_factory=dict)
    log: RequestLog | None = None
    principal: Principal | None = None

    @property
    def session_id(self) -> str | None:
        """The id of the client's session."""
        return self.session.session_id if self.session is not None else None

    @property
    def targets(self) -> list[Target]:
        """The gateway's targets, in the order they were created."""
        return self.gateways.targets_of(self.gateway.gateway_id)

    def target(self, name: str) -> Target | None:
        """The gateway's target of this name."""
        return self.gateways.find_target(self.gateway.gateway_id, name)


@dataclass(frozen=True)
class ToolCall:
    """One tools/call and the target that runs it."""

    context: RequestContext
    target: Target
    tool: Tool
    """The tool as `tools` of its kind gave it, under its own name."""
    qualified_name: str
    """The name the client used: `<target>___<tool>`."""
    arguments: JsonObject
    message_id: MessageId
    meta: JsonObject = field(default_factory=dict)
    """The request's `_meta`."""


@dataclass(frozen=True)
class ServerMessage:
    """A server's message before its answer: a notification, or a request of its own to the client.

    answer: sends what the client answers to a request; None for a notification.
    """

    document: JsonObject
    answer: Callable[[JsonObject], None] | None = None


Messages = Generator[ServerMessage, None, JsonObject]
"""A server's messages before its answer, and the answer as the generator's value."""


class TargetKind(Protocol):
    """What every kind of target can do."""

    def tools(self, target: Target, context: RequestContext) -> list[Tool]:
        """The target's tools as MCP documents, under their own names (no target prefix)."""

    def call(self, call: ToolCall) -> JsonObject | Messages:
        """Run a tool; the arguments have been validated. An MCP CallToolResult, or messages that end with one."""
