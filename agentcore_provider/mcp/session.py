"""A session with a gateway through the official MCP client, of its versions 1.x and 2.x.

`connect` is for async code; `list_tools`, `call_tool` and `search_tools` open a session of their own.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import anyio
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import PaginatedRequestParams

from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.errors import AgentCoreError, McpError
from agentcore_provider.loopback import is_loopback
from agentcore_provider.mcp.cures import COMMAND, Cures
from agentcore_provider.mcp.refusal import Exchange, root_cause, to_error
from agentcore_provider.mcp.tool import SEARCH_TOOL, Tool, ToolAnswer

try:  # version 2.x of the MCP client uses httpx2, 1.x httpx
    import httpx2 as httpx
except ImportError:
    import httpx  # type: ignore[no-redef]

_T = TypeVar("_T")
DEFAULT_TIMEOUT = 60.0

# Far above a gateway's limits: 100 targets of 1,000 tools.
_MOST_TOOLS = 200_000
_MOST_PAGES = 1_000
# Bytes of one answer as they arrive.
_MOST_BYTES = 32 * 1024 * 1024


Sign = Callable[[httpx.Request], httpx.Request]
"""Puts a signature into the headers of a request: what httpx takes as `auth=`."""


class _WatchedClient(httpx.AsyncClient):
    """Keeps the last HTTP exchange, which the MCP client drops."""

    def __init__(self, exchange: Exchange, **options: Any) -> None:
        super().__init__(**options)
        self._exchange = exchange

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        if request.method != "POST":
            # Only a POST carries a message; the client also opens a stream, which gateways do not support.
            return _limited(await super().send(request, **options))
        exchange = self._exchange
        exchange.failure = None
        try:
            response = _limited(await super().send(request, **options))
        except httpx.TransportError as failure:
            exchange.failure = failure
            raise
        exchange.status = response.status_code
        exchange.challenge = response.headers.get("www-authenticate", "")
        exchange.content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        exchange.location = response.headers.get("location", "")
        exchange.body = (await response.aread()).decode(errors="replace") if response.status_code >= 400 else ""
        return response


class _Limited(httpx.AsyncByteStream):
    """The body of an answer, which fails when it becomes too long."""

    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for part in self._stream:
            size += len(part)
            if size > _MOST_BYTES:
                raise httpx.ReadError(f"the answer is longer than {_MOST_BYTES:,} bytes")
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


def _limited(response: httpx.Response) -> httpx.Response:
    if not response.is_closed and isinstance(response.stream, httpx.AsyncByteStream):
        response.stream = _Limited(response.stream)
    return response


class Session:
    """An open session with one gateway."""

    def __init__(self, client: ClientSession, exchange: Exchange, timeout: float) -> None:
        self.client = client
        """The official client's own session, for what this class has no method for."""
        self._exchange = exchange
        self._url = exchange.url
        self._timeout = timeout

    async def list_tools(self) -> list[Tool]:
        """Every tool of the gateway, all pages, in its own order."""
        tools: list[Tool] = []
        cursor: str | None = None
        followed: set[str] = set()
        while True:
            params = PaginatedRequestParams(cursor=cursor) if cursor else None
            page = _document(await self._ask(self.client.list_tools(params=params)))
            tools += [Tool(tool) for tool in page.get("tools", [])]
            following = page.get("nextCursor")
            if not following or following in followed:
                return tools
            if len(followed) >= _MOST_PAGES or len(tools) > _MOST_TOOLS:
                raise McpError(
                    f"The gateway at {self._url} lists tools without an end, {len(tools):,} so far",
                    "Check that the URL is a gateway's",
                )
            followed.add(following)
            cursor = following

    async def call_tool(self, name: str, arguments: JsonObject) -> ToolAnswer:
        """Call the tool of this full name. A failing tool answers with is_error; McpError means that it did not answer."""
        return ToolAnswer(_document(await self._ask(self.client.call_tool(name, dict(arguments)))))

    async def search_tools(self, query: str) -> list[Tool]:
        """Tools that fit the query, best first, as the gateway's semantic search ranks them."""
        try:
            answer = await self.call_tool(SEARCH_TOOL, {"query": query})
        except McpError as error:
            await self._require_search(str(error))
            raise
        if answer.is_error:
            await self._require_search(answer.text)
            raise McpError(f"The gateway at {self._url} could not search: {' '.join(answer.text.split())}")
        found = answer.value
        tools = found.get("tools") if isinstance(found, dict) else None
        if not isinstance(tools, list):
            raise McpError(f"The gateway at {self._url} answered a search without a list of tools")
        return [Tool(tool) for tool in tools if isinstance(tool, dict) and "name" in tool]

    async def _require_search(self, reason: str) -> None:
        if any(tool.name == SEARCH_TOOL for tool in await self.list_tools()):
            return
        raise McpError(
            f"The gateway at {self._url} has no semantic search ({' '.join(reason.split())}): it can only be enabled when a gateway is created",
            "Set protocolConfiguration.mcp.searchType SEMANTIC and replace it",
        )

    async def _ask(self, operation: Awaitable[_T]) -> _T:
        try:
            with anyio.fail_after(self._timeout):
                return await operation
        except Exception as error:
            raise _to_error(self._exchange, error) from None


@asynccontextmanager
async def connect(
    url: str,
    token: str = "",
    *,
    sign: Sign | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    cures: Cures = COMMAND,
) -> AsyncIterator[Session]:
    """Open a session with the gateway at its MCP URL.

    token: access token; empty for a gateway whose authorizer is NONE or AWS_IAM. sign: signs each request, for a
    gateway whose authorizer is AWS_IAM. timeout: seconds for each operation. cures: for the reader of the errors.
    Raises McpError, or one of its subclasses.
    """
    exchange = Exchange(url, token, cures, is_signed=sign is not None)
    client = _WatchedClient(
        exchange,
        headers={"Authorization": f"Bearer {token}"} if token else {},
        auth=sign,
        timeout=timeout,
        trust_env=not is_loopback(url),
        # Reading the certificates of authorities takes longer than all requests; HTTP without TLS needs none.
        verify=_trusts_nobody() if url.startswith("http://") else True,
    )
    try:
        async with (
            client,
            streamable_http_client(url, http_client=client) as streams,
            ClientSession(streams[0], streams[1]) as client_session,
        ):
            with anyio.fail_after(timeout):
                await _settle_version(client_session, exchange)
            yield Session(client_session, exchange, timeout)
    except Exception as error:
        raise _to_error(exchange, error) from None


def _trusts_nobody() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


async def _settle_version(client_session: ClientSession, exchange: Exchange) -> None:
    """Agree on a revision of MCP: by initialize, which most gateways support, else by server/discover."""
    try:
        await client_session.initialize()
    except Exception:
        if not exchange.lacks_initialize:
            raise
        discover = getattr(client_session, "discover", None)
        if discover is None:
            raise McpError(
                f"The gateway at {exchange.url} supports no revision of MCP that version 1 of the mcp package supports",
                "Install version 2: pip install 'mcp>=2'",
            ) from None
        await discover()


def _to_error(exchange: Exchange, error: Exception) -> AgentCoreError:
    """The error to raise for an exception of the MCP client."""
    cause = root_cause(error)
    return cause if isinstance(cause, AgentCoreError) else to_error(exchange, cause)


def run(ask: Callable[[], Coroutine[Any, Any, _T]]) -> _T:
    """Wait for a coroutine, also where an event loop runs already, as in notebooks."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(ask())
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(lambda: asyncio.run(ask())).result()


def list_tools(url: str, token: str = "", *, sign: Sign | None = None, timeout: float = DEFAULT_TIMEOUT) -> list[Tool]:
    """Every tool of the gateway at this MCP URL. The arguments are those of connect. Raises McpError."""

    async def ask() -> list[Tool]:
        async with connect(url, token, sign=sign, timeout=timeout) as session:
            return await session.list_tools()

    return run(ask)


def call_tool(
    url: str,
    token: str,
    name: str,
    arguments: JsonObject,
    *,
    sign: Sign | None = None,
    timeout: float = DEFAULT_TIMEOUT,
) -> ToolAnswer:
    """Call the tool of this full name with these arguments. Raises McpError."""

    async def ask() -> ToolAnswer:
        async with connect(url, token, sign=sign, timeout=timeout) as session:
            return await session.call_tool(name, arguments)

    return run(ask)


def search_tools(
    url: str, token: str, query: str, *, sign: Sign | None = None, timeout: float = DEFAULT_TIMEOUT
) -> list[Tool]:
    """Tools that fit the query, best first. Raises McpError."""

    async def ask() -> list[Tool]:
        async with connect(url, token, sign=sign, timeout=timeout) as session:
            return await session.search_tools(query)

    return run(ask)


def _document(result: Any) -> JsonDict:
    """The result with MCP's own camelCase names: the client's versions name attributes differently."""
    document: JsonDict = result.model_dump(by_alias=True, mode="json", exclude_none=True)
    return document
