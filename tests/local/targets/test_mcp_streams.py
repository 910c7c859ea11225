"""Sessions, progress, logs and questions to the user, between the official client and a server of the official SDK."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
import requests
import uvicorn
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.server.mcpserver import Context, MCPServer
from mcp.shared.exceptions import MCPError
from mcp.types import ElicitResult
from pydantic import BaseModel

from agentcore_provider.local.mcp_endpoint.client_sessions import ClientSessions
from agentcore_provider.local.mcp_endpoint.json_rpc import JsonRpcError
from agentcore_provider.local.outbound import NOBODY
from tests.support.control_plane import ControlPlane
from tests.support.targets import Gateway

pytestmark = pytest.mark.filterwarnings("ignore:The logging capability is deprecated")

INITIALIZE = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "c", "version": "1"}}
STREAMS = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-11-25"}


WATCH = """
def handler(event, context):
    answer = event["mcp"]["gatewayResponse"]
    body, first = answer["body"], "statusCode" in answer
    if body and "params" in body:
        body["params"]["message"] += f" (first: {first})"
    for block in (body or {}).get("result", {}).get("content", []):
        block["text"] += f" (stream: {answer['isStreamingResponse']}, first: {first})"
    made = {"body": body, "headers": {**answer.get("headers", {}), "X-Watched": "1"}}
    return {"interceptorOutputVersion": "1.0", "mcp": {"transformedGatewayResponse": made}}
"""


class Confirmed(BaseModel):
    """What the user is asked."""

    sure: bool


def desk() -> MCPServer:
    """A server whose tools say something while they run."""
    server = MCPServer("desk")

    @server.tool()
    async def count(ctx: Context) -> str:
        await ctx.report_progress(1, 2, "half")
        await ctx.info("counting")
        await ctx.report_progress(2, 2, "whole")
        return "counted"

    @server.tool()
    async def remove(ctx: Context) -> str:
        try:
            answer = await ctx.elicit("Remove it?", Confirmed)
        except MCPError as error:
            return f"cannot ask: {error.error.code}"
        return f"{answer.action} {getattr(getattr(answer, 'data', None), 'sure', None)}"

    return server


@pytest.fixture(scope="module")
def server_url() -> Iterator[str]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(desk().streamable_http_app(), log_level="error"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    yield f"https://127.0.0.1:{listener.getsockname()[1]}/mcp"
    server.should_exit = True
    thread.join()


@pytest.fixture
def make(make_gateway: Callable[..., Any], server_url: str) -> Callable[..., Any]:
    """A gateway with the server as its target `desk`."""

    def make_one(
        *, versions: tuple[str, ...] = ("2025-11-25",), sessions: bool = True, streams: bool = True, **members: Any
    ) -> Any:
        mcp: dict[str, Any] = {"supportedVersions": list(versions)}
        if sessions:
            mcp["sessionConfiguration"] = {"sessionTimeoutInSeconds": 900}
        if streams:
            mcp["streamingConfiguration"] = {"enableResponseStreaming": True}
        gateway = make_gateway(protocolConfiguration={"mcp": mcp}, **members)
        gateway.target({"mcp": {"mcpServer": {"endpoint": server_url}}}, name="desk")
        return gateway

    return make_one


def talk(gateway: Gateway, ask: Any, **options: Any) -> Any:
    """What `ask` gets of the official client."""

    async def converse() -> Any:
        async with (
            httpx2.AsyncClient(timeout=60) as http,
            Client(streamable_http_client(gateway.url, http_client=http), **options) as client,
        ):
            return await ask(client)

    return asyncio.run(converse())


def post(
    gateway: Gateway, method: str, params: Any = None, *, message_id: Any = 7, **headers: Any
) -> requests.Response:
    """One message as a program without an MCP client sends it."""
    message = {"jsonrpc": "2.0", "method": method, "params": params or {}}
    if message_id is not None:
        message["id"] = message_id
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.post(gateway.url, json=message, headers={**STREAMS, **given}, timeout=30)


def begin(gateway: Gateway, **headers: Any) -> str:
    """The id of a new session."""
    return post(gateway, "initialize", INITIALIZE, **headers).headers["Mcp-Session-Id"]


@pytest.mark.parametrize("versions", [("2025-11-25",), ("2026-07-28",)])
def test_progress_and_logs_reach_the_client_before_the_result(make: Any, versions: tuple[str, ...]) -> None:
    received: list[Any] = []

    async def ask(client: Client) -> Any:
        async def progress(done: float, total: float | None, message: str | None) -> None:
            received.append((done, total, message))

        return await client.call_tool("desk___count", progress_callback=progress)

    async def log(params: Any) -> None:
        received.append(params.data)

    result = talk(make(versions=versions), ask, logging_callback=log, log_level="info")
    assert result.content[0].text == "counted"
    assert received == [(1, 2, "half"), "counting", (2, 2, "whole")]


def test_a_client_that_takes_json_alone_gets_the_result_alone(make: Any) -> None:
    gateway = make(sessions=False)
    answer = post(gateway, "tools/call", {"name": "desk___count"}, Accept="application/json")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["result"]["content"][0]["text"] == "counted"
    streamed = post(gateway, "tools/call", {"name": "desk___count", "_meta": {"progressToken": "p"}})
    assert streamed.headers["Content-Type"] == "text/event-stream"
    events = [json.loads(line.removeprefix("data: ")) for line in streamed.text.splitlines() if line[:5] == "data:"]
    assert streamed.text.startswith("event: message\ndata: ")
    assert [event.get("method", event.get("id")) for event in events] == [
        "notifications/progress",
        "notifications/message",
        "notifications/progress",
        7,
    ]
    unasked = make(sessions=False, streams=False)
    assert post(unasked, "tools/call", {"name": "desk___count"}).headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("versions", [("2025-11-25",), ("2026-07-28",)])
def test_what_a_server_asks_its_user_is_asked_and_answered(make: Any, versions: tuple[str, ...]) -> None:
    """In the revision without sessions as a result that wants the call again, in the others while the call runs."""
    asked: list[str] = []

    async def elicit(_context: Any, params: Any) -> ElicitResult:
        asked.append(params.message)
        return ElicitResult(action="accept", content={"sure": True})

    result = talk(
        make(versions=versions), lambda client: client.call_tool("desk___remove"), elicitation_callback=elicit
    )
    assert (result.content[0].text, asked) == ("accept True", ["Remove it?"])


@pytest.mark.parametrize(("sessions", "streams"), [(True, False), (False, True)])
def test_servers_cannot_ask_where_the_gateway_lacks_sessions_or_streams(
    make: Any, sessions: bool, streams: bool
) -> None:
    async def elicit(_context: Any, _params: Any) -> ElicitResult:
        return ElicitResult(action="accept", content={"sure": True})

    gateway = make(sessions=sessions, streams=streams)
    result = talk(gateway, lambda client: client.call_tool("desk___remove"), elicitation_callback=elicit)
    assert result.content[0].text.startswith("cannot ask: ")


def test_sessions_are_demanded_and_end(make: Any) -> None:
    """400 without the header, 404 for one that is not there or has ended."""
    gateway = make()
    assert post(gateway, "tools/list").status_code == 400
    assert post(gateway, "tools/list", Mcp_Session_Id="none").status_code == 404
    session = begin(gateway)
    assert post(gateway, "notifications/initialized", message_id=None, Mcp_Session_Id=session).status_code == 202
    listed = post(gateway, "tools/list", Mcp_Session_Id=session)
    assert [tool["name"] for tool in listed.json()["result"]["tools"]] == ["desk___count", "desk___remove"]
    stray = {"jsonrpc": "2.0", "id": "nobody", "result": {"action": "accept"}}
    answer = requests.post(gateway.url, json=stray, headers={**STREAMS, "Mcp-Session-Id": session}, timeout=30)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, -32600)
    assert requests.delete(gateway.url, headers={"Mcp-Session-Id": session}, timeout=30).status_code == 204
    assert post(gateway, "tools/list", Mcp_Session_Id=session).status_code == 404
    assert post(make(sessions=False), "tools/list").status_code == 200


def test_a_session_belongs_to_one_caller(make: Any, users: dict[str, Any]) -> None:
    """Not at another gateway, and not by another client of the same one."""
    tokens = [f"Bearer {token}" for token in users["tokens"]]
    gateway = make(**users["authorizer"])
    session = begin(gateway, Authorization=tokens[0])
    assert [
        post(gateway, "tools/list", Authorization=token, Mcp_Session_Id=session).status_code for token in tokens
    ] == [200, 404]
    assert post(make(), "tools/list", Mcp_Session_Id=session).status_code == 404


@pytest.mark.parametrize(
    ("mode", "asked", "text"),
    [
        (None, ["Remove it? (first: True)"], "accept True (stream: True, first: False)"),
        (
            {"responseInterceptionMode": "STREAM", "responseStreamingConfiguration": {"maxEventsPerInvocation": 5}},
            ["Remove it? (first: True)"],
            "accept True (stream: True, first: False)",
        ),
        ({"responseInterceptionMode": "BUFFERED"}, [], "cannot ask: -32601 (stream: False, first: True)"),
    ],
)
def test_a_response_interceptor_sees_each_question_and_the_result(
    make: Any, interceptor: Any, mode: Any, asked: list[str], text: str
) -> None:
    """And never notifications. One that wants answers whole gets them whole, and nothing streams."""
    found: list[str] = []

    async def elicit(_context: Any, params: Any) -> ElicitResult:
        found.append(params.message)
        return ElicitResult(action="accept", content={"sure": True})

    [configuration] = interceptor(WATCH, "RESPONSE")
    gateway = make(interceptorConfigurations=[{**configuration, **(mode or {})}])
    result = talk(gateway, lambda client: client.call_tool("desk___remove"), elicitation_callback=elicit)
    assert (found, result.content[0].text) == (asked, text)


def test_a_session_ends_at_its_time() -> None:
    """sessionTimeoutInSeconds counts from initialize on, whatever happens meanwhile."""
    now = 0.0
    sessions = ClientSessions(lambda: now)
    gateway: Any = SimpleNamespace(
        gateway_id="g", authorizer_type="NONE", protocol_configuration={"mcp": {"sessionConfiguration": {}}}
    )
    session = sessions.begin(gateway, NOBODY, {})
    now = 3599.0
    assert sessions.find(gateway, NOBODY, session.session_id) is session
    now = 3600.0
    with pytest.raises(JsonRpcError, match="Session not found"):
        sessions.find(gateway, NOBODY, session.session_id)


def test_a_target_cannot_have_the_ids_of_sessions(local_aws: ControlPlane, make: Any) -> None:
    """Where the gateway has sessions; without them a server's own may pass."""
    metadata = {"allowedRequestHeaders": ["Mcp-Session-Id"]}
    control = local_aws.control
    with pytest.raises(control.exceptions.ValidationException, match="Mcp-Session-Id on a gateway with"):
        control.create_gateway_target(**local_aws.lambda_target(make().id, metadataConfiguration=metadata))
    control.create_gateway_target(**local_aws.lambda_target(make(sessions=False).id, metadataConfiguration=metadata))
