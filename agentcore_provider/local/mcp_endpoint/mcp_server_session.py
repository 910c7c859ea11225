"""Conversations with another MCP server, through the official client, with the credential of the target.

Imported when a server is first spoken to: the client takes as long to load as all the rest of local AWS.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator
from typing import TYPE_CHECKING, Any, TypeVar

from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import PaginatedRequestParams

from agentcore_provider.local import runtimes
from agentcore_provider.local.outbound import CredentialError, HttpCall, authorize
from agentcore_provider.local.outbound.http_call import is_loopback, reachable

try:  # generation 2.x of the MCP client speaks through httpx2, 1.x through httpx
    import httpx2 as httpx
except ImportError:
    import httpx  # type: ignore[no-redef]

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.target_kinds import Visit
    from agentcore_provider.local.store import Target

INITIALIZE_SECONDS = 40.0  # devguide gateway-target-MCPservers
CALL_SECONDS = 300.0
_MOST_PAGES = 100
_T = TypeVar("_T")


class McpServerError(Exception):
    """The server cannot be spoken to; the text says which and why."""


def call_tool(target: Target, visit: Visit, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """The result that a tool of the server ends with. Raises McpServerError."""

    async def ask(session: ClientSession) -> Any:
        return await session.call_tool(name, arguments)

    return _document(_converse(target, visit, ask, by_machine=False))


def list_tools(target: Target, visit: Visit) -> list[dict[str, Any]]:
    """All tools of the server, page by page. Without a client in `visit`, tokens are the gateway's own.

    Raises McpServerError.
    """

    async def ask(session: ClientSession) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor: str | None = None
        for _ in range(_MOST_PAGES):
            params = PaginatedRequestParams(cursor=cursor) if cursor else None
            page = _document(await session.list_tools(params=params))
            found += page.get("tools", [])
            cursor = page.get("nextCursor")
            if not cursor:
                break
        return found

    return _converse(target, visit, ask, by_machine=not visit.caller.headers)


class _Credential(httpx.Auth):
    """Puts the target's credential into each request of a conversation; signatures differ from one to the next."""

    requires_request_body = True

    def __init__(self, target: Target, visit: Visit, *, by_machine: bool) -> None:
        self._target = target
        self._visit = visit
        self._by_machine = by_machine

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        metadata = self._target.metadata_configuration
        for name, value in self._visit.caller.headers_for(metadata).items():
            request.headers[name] = value
        plain = HttpCall(request.method, str(request.url), tuple(request.headers.items()), (), request.content)
        for name, value in self._visit.caller.query_for(metadata):
            plain = plain.with_query(name, value)
        authorized = authorize(
            plain, self._visit.gateway, self._target, self._visit.caller, by_machine=self._by_machine
        )
        if authorized.query:
            request.url = httpx.URL(authorized.full_url)
        for name, value in authorized.headers:
            if plain.header(name) != value:
                request.headers[name] = value
        yield request


def _converse(target: Target, visit: Visit, ask: Callable[[ClientSession], Awaitable[_T]], *, by_machine: bool) -> _T:
    url = target.target_configuration["mcp"]["mcpServer"]["endpoint"]
    runtime = runtimes.of_url(url)

    async def talk() -> _T:
        address = reachable(runtimes.mcp_server(runtime) if runtime else url)
        here = is_loopback(httpx.URL(address).host)
        client = httpx.AsyncClient(
            auth=_Credential(target, visit, by_machine=by_machine),
            timeout=CALL_SECONDS,
            verify=not here,
            # A proxy cannot reach this machine's loopback, whatever the environment says about proxies.
            trust_env=not here,
            follow_redirects=False,
        )
        async with (
            client,
            streamable_http_client(address, http_client=client) as streams,
            ClientSession(streams[0], streams[1]) as session,
        ):
            await asyncio.wait_for(session.initialize(), INITIALIZE_SECONDS)
            return await asyncio.wait_for(ask(session), CALL_SECONDS)

    try:
        return asyncio.run(talk())
    except Exception as error:
        cause = _cause(error)
        if isinstance(cause, (CredentialError, runtimes.RuntimesUnreadableError)):
            raise McpServerError(str(cause)) from error
        raise McpServerError(
            f"The MCP server {url} cannot be used: {_why(cause)}{f'. {runtimes.cure(runtime)}' if runtime else ''}"
        ) from error


def _document(model: Any) -> dict[str, Any]:
    document: dict[str, Any] = model.model_dump(mode="json", by_alias=True, exclude_none=True)
    return document


def _cause(error: BaseException) -> BaseException:
    # Task groups wrap what went wrong into groups of groups.
    while (inner := getattr(error, "exceptions", None)) and isinstance(inner, tuple):
        error = inner[0]
    return error


def _why(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer to initialize within {INITIALIZE_SECONDS:.0f} s"
    return " ".join(str(error).split()) or type(error).__name__
