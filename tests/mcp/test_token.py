from __future__ import annotations

import socket

import pytest

from agentcore_provider.errors import NotSignedIn
from agentcore_provider.mcp.token import fetch_token
from tests.support import mcp_gateway
from tests.support.mcp_gateway import ScriptedGateway


def test_a_token_comes_with_its_expiry_by_the_clock_handed_in(gateway: ScriptedGateway) -> None:
    token = fetch_token(
        gateway.token_endpoint,
        "shop-client",
        mcp_gateway.CLIENT_SECRET,
        "shop/invoke",
        clock=lambda: 1000.0,
    )
    assert token.access_token == mcp_gateway.GOOD_TOKEN
    assert (token.expires_at, token.scope) == (4600.0, "shop/invoke")
    assert gateway.token_requests == [{"grant_type": "client_credentials", "scope": "shop/invoke"}]


def test_repr_hides_the_token(gateway: ScriptedGateway) -> None:
    token = fetch_token(gateway.token_endpoint, "shop-client", mcp_gateway.CLIENT_SECRET, "")
    assert token.access_token not in repr(token)


def test_a_wrong_secret_is_named_by_its_oauth_error_and_never_printed(gateway: ScriptedGateway) -> None:
    with pytest.raises(NotSignedIn, match=r"shop-client.*HTTP 401 invalid_client.*do not match") as caught:
        fetch_token(gateway.token_endpoint, "shop-client", "wrong-secret", "shop/invoke")
    assert "wrong-secret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_wrong_scope_is_named(gateway: ScriptedGateway) -> None:
    with pytest.raises(NotSignedIn, match=r"'shop/admin'.*invalid_scope.*may not request this scope"):
        fetch_token(gateway.token_endpoint, "shop-client", mcp_gateway.CLIENT_SECRET, "shop/admin")


def test_a_wrong_path_points_to_the_discovery_document(gateway: ScriptedGateway) -> None:
    with pytest.raises(NotSignedIn, match=r"HTTP 404.*discovery document"):
        fetch_token(gateway.base + "/elsewhere", "a", "b", "")


def test_a_host_without_address_is_dns() -> None:
    with pytest.raises(NotSignedIn, match=r"DNS: nosuch.invalid has no address"):
        fetch_token("https://nosuch.invalid/oauth2/token", "a", "b", "")


def test_plain_http_behind_an_https_address_is_tls(gateway: ScriptedGateway) -> None:
    with pytest.raises(NotSignedIn, match="TLS: "):
        fetch_token(gateway.token_endpoint.replace("http:", "https:"), "a", "b", "")


def test_nobody_listening_is_tcp() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(NotSignedIn, match=r"TCP: .* refuses connections"):
            fetch_token(f"http://127.0.0.1:{taken.getsockname()[1]}/oauth2/token", "a", "b", "")


def test_a_silent_server_is_a_time_out() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(NotSignedIn, match=r"no answer within 0.2 s"):
            fetch_token(f"http://127.0.0.1:{silent.getsockname()[1]}/oauth2/token", "a", "b", "", timeout=0.2)


@pytest.mark.parametrize("endpoint", ["", "shop.auth.example.com/oauth2/token", "file:///etc/passwd"])
def test_what_is_not_a_http_address_is_refused_unasked(endpoint: str) -> None:
    with pytest.raises(NotSignedIn, match="is not a URL"):
        fetch_token(endpoint, "a", "b", "")
