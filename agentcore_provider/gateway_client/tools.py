"""The tools of a gateway, listed, searched and called through the official MCP client, signed in as the gateway wants it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from agentcore_provider.errors import InvalidInput, McpError
from agentcore_provider.gateway_client.cures import CONVERSATION
from agentcore_provider.gateway_client.notebook import Column, Table
from agentcore_provider.mcp.tool import SEPARATOR, Tool, ToolAnswer, find_tool

if TYPE_CHECKING:
    from agentcore_provider.aws.request_signature import RequestSignature
    from agentcore_provider.mcp.session import Session

_T = TypeVar("_T")

DEFAULT_TIMEOUT = 60.0
_COLUMNS: dict[str, Column[Tool]] = {
    "name": lambda tool: tool.name,
    "description": lambda tool: tool.description,
    "arguments": lambda tool: ", ".join(tool.input_schema.get("properties") or {}),
}


class Tools:
    """The tools of one gateway."""

    def __init__(
        self,
        name: str,
        url: Callable[[], str],
        sign_in: Callable[[], tuple[str, RequestSignature | None]],
        timeout: float,
    ) -> None:
        """
        Args:
            name: Name of the gateway.
            url: Its MCP URL, asked for once it is needed.
            sign_in: A token, or what signs requests.
            timeout: Seconds that a call may take.
        """
        self._name, self._url, self._sign_in, self._timeout = name, url, sign_in, timeout

    def listed(self) -> Table[Tool]:
        """All tools."""
        return self._table(self._ask(lambda session: session.list_tools()), "Tools of")

    def found(self, query: str) -> Table[Tool]:
        """Those that fit the query, best first."""
        return self._table(self._ask(lambda session: session.search_tools(query)), f"Tools for {query!r} of")

    def called(self, name: str, arguments: Mapping[str, object]) -> ToolAnswer:
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

    def _table(self, tools: list[Tool], title: str) -> Table[Tool]:
        return Table(tools, f"{title} {self._name}", _COLUMNS)

    def _ask(self, ask: Callable[[Session], Awaitable[_T]]) -> _T:
        from agentcore_provider.mcp.session import connect, run

        url = self._url()
        token, sign = self._sign_in()

        async def talk() -> _T:
            async with connect(url, token, sign=sign, timeout=self._timeout, cures=CONVERSATION) as session:
                return await ask(session)

        return run(talk)


def arguments_of(given: Mapping[str, object] | None, members: Mapping[str, object]) -> dict[str, Any]:
    """A tool's arguments, given as a mapping, as keywords, or both. Raises InvalidInput."""
    if given is not None and not isinstance(given, Mapping):
        raise InvalidInput(
            f"is {type(given).__name__}, not a mapping", "Give {'order_id': 'A-1'}, or order_id='A-1'", path="arguments"
        )
    return {**(given or {}), **members}
