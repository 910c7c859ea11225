"""The tools of a gateway, listed, searched and called through the official MCP client."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from agentcore_provider.aws.request_signature import RequestSignature
from agentcore_provider.errors import McpError
from agentcore_provider.gateway_client.cures import CONVERSATION
from agentcore_provider.gateway_client.notebook import Column, Table
from agentcore_provider.mcp.tool import SEPARATOR, Tool, ToolAnswer, find_tool

if TYPE_CHECKING:
    from agentcore_provider.mcp.session import Session

_T = TypeVar("_T")

DEFAULT_TIMEOUT = 60.0
_COLUMNS: dict[str, Column[Tool]] = {
    "name": lambda tool: tool.name,
    "description": lambda tool: tool.description,
    "arguments": lambda tool: ", ".join(tool.input_schema.get("properties") or {}),
}


@dataclass(frozen=True)
class Tools:
    """The tools of one gateway."""

    gateway_name: str
    url: str
    """Its MCP URL."""
    token: str = field(repr=False)
    """Access token; empty for a gateway that needs none."""
    sign: RequestSignature | None
    """Signs requests, for a gateway with the authorizer AWS_IAM."""
    timeout: float
    """Seconds that a call may take."""

    def list(self) -> Table[Tool]:
        """All tools."""
        return Table(self._ask(lambda session: session.list_tools()), f"Tools of {self.gateway_name}", _COLUMNS)

    def search(self, query: str) -> Table[Tool]:
        """Those that fit the query, best first."""
        found = self._ask(lambda session: session.search_tools(query))
        return Table(found, f"Tools for {query!r} of {self.gateway_name}", _COLUMNS)

    def call(self, name: str, arguments: Mapping[str, object]) -> ToolAnswer:
        """The answer of the tool with this name, full or short."""

        async def call(session: Session) -> ToolAnswer:
            if SEPARATOR not in name:
                return await session.call_tool(find_tool(name, await session.list_tools()).name, arguments)
            try:
                answer = await session.call_tool(name, arguments)
            except McpError:
                find_tool(name, await session.list_tools())
                raise
            if answer.is_error:
                find_tool(name, await session.list_tools())
            return answer

        return self._ask(call)

    def connect(self) -> AbstractAsyncContextManager[Session]:
        """A session with the gateway, for several calls."""
        from agentcore_provider.mcp.session import connect

        return connect(self.url, self.token, sign=self.sign, timeout=self.timeout, cures=CONVERSATION)

    def _ask(self, ask: Callable[[Session], Awaitable[_T]]) -> _T:
        from agentcore_provider.mcp.session import run

        async def talk() -> _T:
            async with self.connect() as session:
                return await ask(session)

        return run(talk)
