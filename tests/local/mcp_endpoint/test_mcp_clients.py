"""MCP clients reach a gateway: the official one, in both its modes, and what a client of 1.x sends."""

from __future__ import annotations

import asyncio
import json

import httpx2
import pytest
import requests
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

ADD = "def handler(event, context): return {'sum': event['a'] + event['b']}"


@pytest.fixture(scope="module")
def gateway(plane, make_tool):
    """A guarded gateway whose versions can be chosen, with one tool."""

    def make(*versions):
        authorizer = {"discoveryUrl": plane.discovery_url, "allowedClients": ["agent"]}
        gateway_id = plane.gateway(
            authorizer_type="CUSTOM_JWT",
            authorizer_configuration={"customJWTAuthorizer": authorizer},
            protocol_configuration={"mcp": {"supportedVersions": list(versions), "searchType": "SEMANTIC"}},
        )
        numbers = {"a": {"type": "integer"}, "b": {"type": "integer"}}
        plane.target(gateway_id, "sums", [make_tool("add", numbers, "a", "b")], ADD)
        return gateway_id

    return make


@pytest.mark.parametrize(
    ("mode", "versions", "spoken"),
    [
        ("auto", ["2025-11-25"], "2025-11-25"),
        ("legacy", ["2025-03-26"], "2025-03-26"),
        ("auto", ["2026-07-28", "2025-11-25"], "2026-07-28"),
        ("2026-07-28", ["2026-07-28"], "2026-07-28"),
    ],
)
def test_the_official_client_signs_in_lists_and_calls(plane, gateway, mode, versions, spoken):
    gateway_id = gateway(*versions)

    async def talk():
        headers = {"Authorization": f"Bearer {plane.token()}"}
        async with httpx2.AsyncClient(headers=headers) as http:
            transport = streamable_http_client(plane.url(gateway_id), http_client=http)
            async with Client(transport, mode=mode) as client:
                listed = await client.list_tools()
                called = await client.call_tool("sums___add", {"a": 2, "b": 40})
                refused = await client.call_tool("sums___add", {"a": "2", "b": 40})
                return client.protocol_version, [tool.name for tool in listed.tools], called, refused

    version, names, called, refused = asyncio.run(talk())
    assert version == spoken
    assert names == ["x_amz_bedrock_agentcore_search", "sums___add"]
    assert json.loads(called.content[0].text) == {"sum": 42}
    assert refused.is_error


def test_what_a_client_of_1_x_sends_is_answered(plane, gateway):
    """Replays the requests of mcp 1.30: initialize, initialized, the GET for a stream, list, call, DELETE."""
    url = plane.url(gateway("2025-06-18", "2025-11-25"))
    headers = {
        "Authorization": f"Bearer {plane.token()}",
        "Accept": "application/json, text/event-stream",
        "Content-Type": "application/json",
    }

    def post(method, params, message_id=None, **more):
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        if message_id is not None:
            message["id"] = message_id
        return requests.post(url, json=message, headers={**headers, **more}, timeout=30)

    about = {"name": "mcp", "version": "0.1.0"}
    first = post("initialize", {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": about}, 0)
    assert first.json()["result"]["protocolVersion"] == "2025-11-25"
    assert "mcp-session-id" not in first.headers
    version = {"mcp-protocol-version": "2025-11-25"}
    assert post("notifications/initialized", None, **version).status_code in (200, 202)
    assert (
        requests.get(url, headers={**headers, **version, "Accept": "text/event-stream"}, timeout=30).status_code == 405
    )
    listed = post("tools/list", {}, 1, **version)
    assert [tool["name"] for tool in listed.json()["result"]["tools"]][1] == "sums___add"
    called = post("tools/call", {"name": "sums___add", "arguments": {"a": 1, "b": 2}}, 2, **version)
    assert called.json()["result"]["content"][0]["text"] == '{"sum":3}'
    assert requests.delete(url, headers={**headers, **version}, timeout=30).status_code == 405
