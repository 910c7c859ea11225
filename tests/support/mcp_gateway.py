"""A gateway on loopback, made of the official SDK's server: pages of two tools, sign-in, search."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import uvicorn
from mcp.server.lowlevel import Server
from mcp.types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
)
from mcp.types import Tool as SdkTool

CLIENT_SECRET = "marker-secret-4711"
SEARCH = "x_amz_bedrock_agentcore_search"


def jwt(**claims: Any) -> str:
    """An unsigned token with these claims."""
    parts = (json.dumps(part).encode() for part in ({"alg": "none"}, claims))
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + ".sig"


_DENIED = "Tool Execution Denied: Tool call not allowed due to policy enforcement [No policy applies]"
_SHIELDED = "Authorization error - Request forbidden"
_LIMITED = {"limitKey": "per-tool/toolName=a___b", "metric": "requests", "retryAfter": 30}
_REFUSALS: dict[str, tuple[int, Any]] = {
    "/broken/mcp": (502, {"message": "target is down"}),
    "/busy/mcp": (429, {"message": "slow down"}),
    "/limited/mcp": (429, {"jsonrpc": "2.0", "id": 1, "error": {"code": -32003, "message": "", "data": _LIMITED}}),
    "/unlimited/mcp": (429, {"error": {"data": {"limitKey": 5, "retryAfter": True}}}),
    "/inside/mcp": (403, {"message": "Missing Authentication Token"}),
    "/guarded/mcp": (403, {"jsonrpc": "2.0", "id": 1, "error": {"code": -32002, "message": _DENIED}}),
    "/shielded/mcp": (403, {"jsonrpc": "2.0", "id": 1, "error": {"code": -32002, "message": _SHIELDED}}),
}

GOOD_TOKEN = jwt(client_id="shop-client", scope="shop/invoke", exp=4102444800, iss="https://issuer.test/pool")


def _tool(name: str, description: str, required: tuple[str, ...] = (), **properties: str) -> SdkTool:
    schema: dict[str, Any] = {"type": "object", "properties": {k: {"type": v} for k, v in properties.items()}}
    return SdkTool.model_validate(
        {"name": name, "description": description, "inputSchema": schema | {"required": list(required)}}
    )


TOOLS = [
    _tool(
        "orders___get_order",
        "Look up one order. Long explanation.",
        ("order_id",),
        order_id="string",
        full="boolean",
    ),
    _tool("orders___find", "Find orders."),
    _tool("stock___find", "Find things in stock."),
    _tool("stock___fail", "Always fails."),
]


@dataclass
class ScriptedGateway:
    """Where the gateway is, and what it was asked."""

    base: str
    searchable: bool = True
    failing: str = "stock is closed"
    """What the tool `fail` answers."""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    pages: int = 0
    token_requests: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.base + "/mcp"

    @property
    def token_endpoint(self) -> str:
        return self.base + "/oauth2/token"

    def tools(self) -> list[SdkTool]:
        return TOOLS + ([_tool(SEARCH, "Search the tools.", ("query",), query="string")] if self.searchable else [])

    async def list_tools(self, _context: Any, params: PaginatedRequestParams | None) -> ListToolsResult:
        self.pages += 1
        start = int(params.cursor) if params and params.cursor else 0
        tools = self.tools()
        following = str(start + 2) if start + 2 < len(tools) else None
        return ListToolsResult(tools=tools[start : start + 2], next_cursor=following)

    async def call_tool(self, _context: Any, params: CallToolRequestParams) -> CallToolResult:
        arguments = dict(params.arguments or {})
        self.calls.append((params.name, arguments))
        if params.name == "orders___get_order":
            answer = {"orderId": arguments["order_id"], "status": "SHIPPED"}
            return CallToolResult(content=[TextContent(text=json.dumps(answer))], is_error=False)
        if params.name == SEARCH and self.searchable:
            found = [tool.model_dump(by_alias=True, exclude_none=True) for tool in TOOLS[:1]]
            return CallToolResult(content=[TextContent(text="found")], structured_content={"tools": found})
        text = self.failing if params.name == "stock___fail" else f"Unknown tool: {params.name}"
        return CallToolResult(content=[TextContent(text=text)], is_error=True)


@contextmanager
def serve() -> Iterator[ScriptedGateway]:
    """Run the gateway in a thread of this process until the block ends."""
    counterpart = ScriptedGateway("")
    server = Server("counterpart", on_list_tools=counterpart.list_tools, on_call_tool=counterpart.call_tool)
    mcp_app = server.streamable_http_app(stateless_http=True, json_response=True)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return await mcp_app(scope, receive, send)
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        if scope["path"] == "/oauth2/token":
            return await _answer_token(counterpart, headers, receive, send)
        if scope["path"] in _REFUSALS:
            return await _answer(send, *_REFUSALS[scope["path"]])
        if scope["path"].startswith("/page/"):
            return await _answer_page(send, int(scope["path"].split("/")[2]))
        if scope["path"] == "/open/mcp":
            scope = scope | {"path": "/mcp", "raw_path": b"/mcp"}
        elif scope["path"] == "/mcp" and headers.get("authorization") != f"Bearer {GOOD_TOKEN}":
            challenge = 'Bearer resource_metadata="https://gateway.test/.well-known/oauth-protected-resource"'
            return await _answer(send, 401, {"error": "unauthorized"}, ("www-authenticate", challenge))
        return await mcp_app(scope, receive, send)

    ready = threading.Event()

    class Announced(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            counterpart.base = f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}"
            ready.set()

    uvicorn_server = Announced(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="on"))
    thread = threading.Thread(target=uvicorn_server.run, daemon=True)
    thread.start()
    assert ready.wait(20), "the counterpart did not start"
    try:
        yield counterpart
    finally:
        uvicorn_server.should_exit = True
        thread.join(10)


async def _answer_token(counterpart: ScriptedGateway, headers: dict[str, str], receive: Any, send: Any) -> None:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    form = {key: values[0] for key, values in parse_qs(body.decode()).items()}
    counterpart.token_requests.append(form)
    basic = base64.b64decode(headers.get("authorization", "").removeprefix("Basic ")).decode()
    client_id, _, secret = basic.partition(":")
    if (client_id, secret) != ("shop-client", CLIENT_SECRET):
        reported = {"error": "invalid_client", "error_description": f"no such client with secret {secret}"}
        return await _answer(send, 401, reported)
    if form.get("scope") not in (None, "shop/invoke"):
        return await _answer(send, 400, {"error": "invalid_scope"})
    answer = {"access_token": GOOD_TOKEN, "expires_in": 3600, "token_type": "Bearer"}
    return await _answer(send, 200, answer)


async def _answer(send: Any, status: int, document: Any, *headers: tuple[str, str]) -> None:
    named = [("content-type", "application/json"), *headers]
    encoded = [(name.encode(), value.encode()) for name, value in named]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": json.dumps(document).encode()})


async def _answer_page(send: Any, status: int) -> None:
    """What a web site answers: a page, or a way to another one."""
    headers = [(b"content-type", b"text/html; charset=utf-8")]
    if 300 <= status < 400:
        headers.append((b"location", b"https://login.example.com/"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"<html>Welcome</html>"})
