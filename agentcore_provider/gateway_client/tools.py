"""The tools of a gateway, listed, searched and called through the official MCP client, signed in as the gateway wants it."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from agentcore_provider.aws import ez_auth
from agentcore_provider.errors import InvalidInput, McpError, NotSignedIn
from agentcore_provider.gateway_client.cures import CONVERSATION
from agentcore_provider.gateway_client.notebook import Column, Table
from agentcore_provider.mcp.tool import SEPARATOR, Tool, ToolAnswer, find_tool

if TYPE_CHECKING:
    from agentcore_provider.gateway_client.client import GatewayClient
    from agentcore_provider.gateway_client.gateway import Gateway
    from agentcore_provider.mcp.session import Session

_T = TypeVar("_T")

DEFAULT_TIMEOUT = 60.0
# A token that ends while a call is on its way is of no use.
_RESERVE_SECONDS = 60.0
_POOL = re.compile(r"/(?P<id>[\w-]+_[0-9a-zA-Z]+)/\.well-known/openid-configuration$")
_COLUMNS: dict[str, Column[Tool]] = {
    "name": lambda tool: tool.name,
    "description": lambda tool: tool.description,
    "arguments": lambda tool: ", ".join(tool.input_schema.get("properties") or {}),
}


class Tools:
    """The tools of one gateway."""

    def __init__(self, client: GatewayClient, gateway: Gateway, token: str | None, timeout: float) -> None:
        self._client, self._gateway, self._token, self._timeout = client, gateway, token, timeout

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
        return Table(tools, f"{title} {self._gateway.name}", _COLUMNS)

    def _ask(self, ask: Callable[[Session], Awaitable[_T]]) -> _T:
        from agentcore_provider.mcp.session import connect, run

        url = self._gateway.get_mcp_url()
        token, sign = self._sign_in()

        async def talk() -> _T:
            async with connect(url, token, sign=sign, timeout=self._timeout, cures=CONVERSATION) as session:
                return await ask(session)

        return run(talk)

    def _sign_in(self) -> tuple[str, Any]:
        """A token, or what signs requests, as the gateway's authorizer wants it."""
        if self._token is not None:
            return self._token, None
        authorizer = self._gateway.get("authorizerType")
        if authorizer == "AWS_IAM":
            return "", self._client.get_sigv4_auth()
        if authorizer == "NONE":
            return "", None
        return self._client._token_of(self._gateway.client_info or self._client_info()), None

    def _client_info(self) -> Mapping[str, str]:
        """How to sign in, of the gateway's user pool if this account has it. Raises NotSignedIn."""
        if "authorizerConfiguration" not in self._gateway:
            # ListGateways does not give it.
            self._gateway.refresh()
        jwt = (self._gateway.get("authorizerConfiguration") or {}).get("customJWTAuthorizer") or {}
        issuer = str(jwt.get("discoveryUrl") or "")
        pool = _POOL.search(issuer)
        found = ez_auth.find(self._client._connection, pool["id"]) if pool else None
        allowed = jwt.get("allowedClients")
        if not found or not found.get("client_secret") or (allowed and found["client_id"] not in allowed):
            raise NotSignedIn(
                f"gateway {self._gateway.name!r} takes tokens of {issuer or 'its own issuer'}, and GatewayClient has no "
                "client there: give token= one of them"
            )
        info: Mapping[str, str] = self._client._client_info(found)
        self._gateway.client_info = dict(info)
        return info


def is_fresh(expires_at: float) -> bool:
    """Whether a token will last a call."""
    return expires_at - time.time() > _RESERVE_SECONDS


def arguments_of(given: Mapping[str, object] | None, members: Mapping[str, object]) -> dict[str, Any]:
    """A tool's arguments, given as a mapping, as keywords, or both. Raises InvalidInput."""
    if given is not None and not isinstance(given, Mapping):
        raise InvalidInput(
            f"arguments: is {type(given).__name__}, not a mapping: give {{'order_id': 'A-1'}}, or order_id='A-1'"
        )
    return {**(given or {}), **members}
