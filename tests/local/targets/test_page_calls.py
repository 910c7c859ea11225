"""What the page shows of calls to targets that are not functions, and of interceptors."""

from __future__ import annotations

import html
import json
import urllib.request
from collections.abc import Callable
from typing import Any

import requests
from werkzeug.wrappers import Request, Response

from tests.local.targets.test_page_secrets import page_of_latest_call
from tests.support.control_plane import ControlPlane
from tests.support.targets import Counterpart, Gateway


def mcp_server(request: Request) -> Response:
    """An MCP server with one tool, `add`."""
    message = json.loads(request.get_data())
    results = {
        "initialize": {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": {"name": "sums"}},
        "tools/list": {"tools": [{"name": "add", "inputSchema": {"type": "object", "properties": {}}}]},
        "tools/call": {"content": [{"type": "text", "text": "the sum is 3"}]},
    }
    if "id" not in message:
        return Response(status=202)
    document = {"jsonrpc": "2.0", "id": message["id"], "result": results[message["method"]]}
    return Response(json.dumps(document), content_type="application/json")


def test_messages_to_an_mcp_server_are_shown(gateway: Gateway, counterpart: Counterpart) -> None:
    """Those of the conversation that a call needs, each with its answer."""
    counterpart.answer = mcp_server
    gateway.target({"mcp": {"mcpServer": {"endpoint": f"{counterpart.https_url}/mcp"}}}, name="sums")
    assert gateway.call("sums___add") == ("the sum is 3", False)
    shown = html.unescape(page_of_latest_call(gateway.aws, "sums___add"))
    assert f"Sent to POST {counterpart.url}/mcp" in shown
    sent = shown.partition("Sent to")[2]
    assert sent.index('"method": "initialize"') < sent.index('"method": "tools/call"')
    assert "the sum is 3" in sent


def test_a_forwarded_request_is_shown(
    local_aws: ControlPlane, make_gateway: Callable[..., Gateway], counterpart: Counterpart, api_key: Any
) -> None:
    """Of a gateway without MCP, whose page has targets and no tools."""
    gateway = make_gateway(protocolType=None)
    passthrough = {"endpoint": f"{counterpart.https_url}/base", "protocolType": "CUSTOM"}
    gateway.target({"http": {"passthrough": passthrough}}, api_key("sesame-open", credentialParameterName="X-Shop"))
    requests.put(f"{gateway.base}/t/orders?express=yes", data=b'{"order": 7}', timeout=9)
    page = f"{local_aws.endpoint}/_local/page/"
    with urllib.request.urlopen(f"{page}gateways/{gateway.id}", timeout=30) as response:
        text = response.read().decode()
        assert "http.passthrough" in text
        assert "Search tools" not in text
    number = local_aws.server.application.requests.latest(1)[-1].number
    with urllib.request.urlopen(f"{page}calls/{number}", timeout=30) as response:
        shown = html.unescape(response.read().decode())
    assert f"PUT {counterpart.https_url}/base/orders?express=yes" in shown
    assert '{"order": 7}' in shown
    assert "sesame" not in shown
    counterpart.answer = lambda _: Response('{"message": "no key sesame-open here"}', status=403)
    requests.get(f"{gateway.base}/t/orders", timeout=9)
    for path in (f"calls/{number + 1}", "calls?only=errors"):
        with urllib.request.urlopen(f"{page}{path}", timeout=30) as response:
            shown = response.read().decode()
        assert "403 FORBIDDEN" in shown
        assert "sesame" not in shown


def test_what_an_interceptor_got_is_shown(
    make_gateway: Callable[..., Gateway], ping: Any, interceptor: Callable[..., Any], users: dict[str, Any]
) -> None:
    """Without the token of the caller, which it got with the headers."""
    code = """
        def handler(event, context):
            print("intercepted", sorted(event["mcp"]["gatewayRequest"]["headers"]))
            request = {"body": event["mcp"]["gatewayRequest"]["body"]}
            return {"interceptorOutputVersion": "1.0", "mcp": {"transformedGatewayRequest": request}}
    """
    gateway = make_gateway(interceptorConfigurations=interceptor(code, "REQUEST", headers=True), **users["authorizer"])
    gateway.target(ping, name="api")
    token = users["tokens"][0]
    gateway.call("api___ping", headers={"Authorization": f"Bearer {token}"})
    shown = html.unescape(page_of_latest_call(gateway.aws, "api___ping"))
    assert "intercepted ['" in shown
    assert '"gatewayRequest"' in shown
    assert "Bearer (hidden)" in shown or '"(hidden)"' in shown
    assert token not in shown
    assert token.rpartition(".")[2] not in shown
