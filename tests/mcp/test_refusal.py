"""What goes wrong at an MCP URL, distinguished by type and status: address, gateway, caller."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.errors import AwsUnreachable, McpError, NoMcpEndpoint, TokenRefused
from agentcore_provider.mcp.session import list_tools
from tests.support.mcp_gateway import ScriptedGateway


def _refused(url: str, kind: type[McpError], **options: Any) -> str:
    with pytest.raises(McpError) as caught:
        list_tools(url, **options)
    assert type(caught.value) is kind
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("path", "status", "reported"),
    [
        ("/nowhere", 404, "is not there: HTTP 404"),
        ("/page/404/mcp", 404, "Check the URL (it ends in /mcp) and whether the gateway was deleted"),
        ("/page/405/mcp", 405, "does not accept MCP messages: HTTP 405. Check the URL"),
        ("/page/200/mcp", 200, "answers text/html, which no gateway does. Check the URL"),
        ("/page/302/mcp", 302, "redirects to https://login.example.com/: HTTP 302. Use the gateway's own URL"),
    ],
)
def test_a_wrong_address_is_reported_from_a_gateway_that_fails(
    gateway: ScriptedGateway, path: str, status: int, reported: str
) -> None:
    with pytest.raises(NoMcpEndpoint) as caught:
        list_tools(gateway.base + path)
    assert reported in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("path", "status", "reported"),
    [
        ("/broken/mcp", 502, "failed: HTTP 502 target is down. Try again"),
        ("/page/503/mcp", 503, "failed: HTTP 503. Try again"),
        ("/busy/mcp", 429, "throttles calls: HTTP 429. Wait a minute"),
        (
            "/limited/mcp",
            429,
            "HTTP 429, by its rate limit per-tool/toolName=a___b of requests. Wait 30 seconds and call again",
        ),
        ("/unlimited/mcp", 429, "throttles calls: HTTP 429. Wait a minute"),
    ],
)
def test_a_gateway_that_fails_or_limits_calls_says_so_by_its_status(
    gateway: ScriptedGateway, path: str, status: int, reported: str
) -> None:
    with pytest.raises(McpError, match=reported) as caught:
        list_tools(gateway.base + path)
    assert (type(caught.value), caught.value.status) == (McpError, status)


def test_a_refusal_without_a_way_to_a_token_names_the_signature(gateway: ScriptedGateway) -> None:
    reported = _refused(gateway.base + "/inside/mcp", TokenRefused)
    assert "no token was sent" in reported
    assert reported.endswith("if its authorizer is AWS_IAM, pass --sigv4 instead of a token.")


@pytest.mark.parametrize(
    ("path", "reported"),
    [
        (
            "/guarded/mcp",
            "denied the call: Tool Execution Denied: .* [No policy applies]. Pass arguments that its policies permit",
        ),
        ("/shielded/mcp", "denied the call: Authorization error - Request forbidden"),
    ],
)
def test_a_denied_call_does_not_blame_the_token(gateway: ScriptedGateway, path: str, reported: str) -> None:
    """By a policy engine or a web ACL: a token cannot be the reason."""
    answer = _refused(gateway.base + path, McpError)
    assert all(part in answer for part in reported.split(" .* "))


def test_a_refused_signature_names_the_permission(gateway: ScriptedGateway) -> None:
    reported = _refused(gateway.base + "/inside/mcp", TokenRefused, sign=lambda request: request)
    assert (
        "HTTP 403: Missing Authentication Token. Allow the signing identity bedrock-agentcore:InvokeGateway" in reported
    )


def test_a_signature_where_tokens_are_wanted_is_named(gateway: ScriptedGateway) -> None:
    assert "it accepts tokens, not signatures" in _refused(gateway.url, TokenRefused, sign=lambda request: request)


def test_every_request_is_signed(gateway: ScriptedGateway, token: str) -> None:
    def sign(request: Any) -> Any:
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    assert list_tools(gateway.url, sign=sign)


def test_credentials_that_end_on_the_way_are_named(gateway: ScriptedGateway) -> None:
    def sign(_: Any) -> Any:
        raise AwsUnreachable("Signing in got no answer from AWS", operation="Signing in", code="")

    with pytest.raises(AwsUnreachable, match="Signing in"):
        list_tools(gateway.base + "/open/mcp", sign=sign, timeout=5)
