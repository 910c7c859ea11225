from __future__ import annotations

import socket

import pytest

from agentcore_provider.errors import GatewayUnreachable, McpError, TokenRefused
from agentcore_provider.mcp.session import call_tool, list_tools, search_tools
from tests.support import mcp_gateway
from tests.support.mcp_gateway import ScriptedGateway


def test_list_tools_follows_every_page_in_order(gateway: ScriptedGateway, token: str) -> None:
    tools = list_tools(gateway.url, token)
    assert [tool.name for tool in tools] == [tool.name for tool in gateway.tools()]
    assert gateway.pages == 3
    assert (tools[0].target, tools[0].short_name) == ("orders", "get_order")
    assert tools[0].input_schema["required"] == ["order_id"]


def test_a_gateway_without_sign_in_needs_no_token(gateway: ScriptedGateway) -> None:
    assert list_tools(gateway.base + "/open/mcp")


def test_call_tool_sends_the_arguments_and_returns_the_answer_as_data(gateway: ScriptedGateway, token: str) -> None:
    answer = call_tool(gateway.url, token, "orders___get_order", {"order_id": "A-7"})
    assert answer.value == {"orderId": "A-7", "status": "SHIPPED"}
    assert not answer.is_error
    assert gateway.calls == [("orders___get_order", {"order_id": "A-7"})]


def test_a_tool_that_fails_is_an_answer_not_an_exception(gateway: ScriptedGateway, token: str) -> None:
    answer = call_tool(gateway.url, token, "stock___fail", {})
    assert (answer.is_error, answer.text) == (True, "stock is closed")


def test_search_returns_the_tools_the_gateway_found(gateway: ScriptedGateway, token: str) -> None:
    assert [tool.name for tool in search_tools(gateway.url, token, "order")] == ["orders___get_order"]


def test_search_on_a_gateway_without_it_says_how_to_get_it(gateway: ScriptedGateway, token: str) -> None:
    gateway.searchable = False
    with pytest.raises(McpError, match=r"no semantic search .* only be enabled when a gateway is created"):
        search_tools(gateway.url, token, "order")


def test_a_refused_token_names_client_audience_and_issuer_to_check(gateway: ScriptedGateway) -> None:
    token = mcp_gateway.jwt(client_id="other", iss="https://issuer.test/pool", exp=4102444800)
    with pytest.raises(TokenRefused) as caught:
        list_tools(gateway.url, token)
    line = str(caught.value)
    assert "\n" not in line
    for fact in (
        "HTTP 401",
        "other",
        "allowedClients",
        "allowedAudience is not set",
        "issuer.test",
        "Bearer resource",
    ):
        assert fact in line
    assert token not in line


def test_an_expired_token_is_named_as_the_cause(gateway: ScriptedGateway) -> None:
    with pytest.raises(TokenRefused, match=r"expired \d+ min ago. Fetch a new one"):
        list_tools(gateway.url, mcp_gateway.jwt(client_id="shop-client", exp=1))


def test_no_token_at_all_is_named_as_the_cause(gateway: ScriptedGateway) -> None:
    with pytest.raises(TokenRefused, match="no token was sent"):
        list_tools(gateway.url)


@pytest.mark.parametrize(("path", "reported"), [("/nowhere", "HTTP 404"), ("/broken/mcp", "HTTP 502 target is down")])
def test_other_http_errors_are_one_line_with_status(
    gateway: ScriptedGateway, token: str, path: str, reported: str
) -> None:
    with pytest.raises(McpError, match=reported) as caught:
        list_tools(gateway.base + path, token)
    assert "\n" not in str(caught.value)


def test_nobody_listening_is_unreachable() -> None:
    with socket.socket() as taken:  # bound, never listening: refuses every connection
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(GatewayUnreachable, match="local start"):
            list_tools(f"http://127.0.0.1:{taken.getsockname()[1]}/mcp")


def test_a_silent_server_is_unreachable_after_the_time_allowed() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(GatewayUnreachable):
            list_tools(f"http://127.0.0.1:{silent.getsockname()[1]}/mcp", timeout=0.3)
