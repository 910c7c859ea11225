"""Rate limits of a gateway in a program, under the real engine."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.errors import AgentCoreError
from agentcore_provider.mcp import session
from agentcore_provider.mcp.token import fetch_token
from tests.programs.test_identity import run_instead

Stack = Any


def desk() -> None:
    """A gateway with a limit of its callers and one of its tools; PREFIX, KEYS and RATE are what a test chooses."""
    import pulumi

    from agentcore_provider import GatewayRateLimit, McpGateway, rate_limits

    caller = rate_limits.claim("client_id")
    desk = McpGateway(
        "desk",
        targets={},
        rate_limits={
            "callers": {
                "rate_limit_id": "callers",
                "dimension_keys": [caller],
                "entries": [rate_limits.Entry({caller: desk_client}, requests_per_minute=1) for desk_client in CLIENTS]  # type: ignore[name-defined]  # noqa: F821
                + [rate_limits.Entry(requests_per_minute=RATE)],  # type: ignore[name-defined]  # noqa: F821
            }
        },
    )
    limit = GatewayRateLimit(
        PREFIX + "tools",  # type: ignore[name-defined]  # noqa: F821
        gateway=desk.gateway,
        dimension_keys=KEYS,  # type: ignore[name-defined]  # noqa: F821
        entries=[rate_limits.Entry(connections=3)],
        description="All tools",
    )
    pulumi.export("gateways", {"desk": desk.client_settings})
    if READ:  # type: ignore[name-defined]  # noqa: F821
        pulumi.export("read", GatewayRateLimit.get("read", limit.id).description)


def declare(
    stack: Stack,
    *keys: str,
    rate: float = 100,
    clients: tuple[str, ...] = (),
    prefix: str = "",
    read: bool = False,
) -> None:
    run_instead(stack, desk, KEYS=list(keys), RATE=rate, CLIENTS=clients, PREFIX=prefix, READ=read)


def limits(stack: Stack) -> dict[tuple[str, ...], dict[str, Any]]:
    control = stack.local_aws.client("bedrock-agentcore-control")
    (gateway,) = control.list_gateways()["items"]
    listed = control.list_gateway_rate_limits(gatewayIdentifier=gateway["gatewayId"])["rateLimits"]
    return {tuple(it["dimensionKeys"]): it for it in listed}


def test_rate_limits_live_as_other_resources_do(stack: Stack) -> None:
    """Created, changed in place, renamed, replaced in another order, put back after drift, deleted before the gateway."""
    declare(stack, "targetName", "toolName")
    stack.up()
    before = limits(stack)
    assert sorted(before) == [("$.context.jwt.client_id",), ("targetName", "toolName")]
    assert before["$.context.jwt.client_id",]["rateLimitId"] == "callers"
    assert set(stack.up().changes) == {"same"}

    declare(stack, "targetName", "toolName", rate=0.5, prefix="all-", read=True)
    changed = stack.up()
    assert (changed.changes["update"], changed.changes.get("replace", 0)) == (1, 0)
    assert "is kept" in changed.text
    now = limits(stack)
    assert now["targetName", "toolName"]["rateLimitId"] == before["targetName", "toolName"]["rateLimitId"]
    assert now["$.context.jwt.client_id",]["entries"][0]["requests"] == [{"rate": 0.5, "period": "minute"}]
    assert stack.outputs()["read"] == "All tools"

    declare(stack, "toolName", "targetName", rate=0.5, prefix="all-")
    assert stack.up().changes["replace"] == 1
    assert sorted(limits(stack)) == [("$.context.jwt.client_id",), ("toolName", "targetName")]

    control = stack.local_aws.client("bedrock-agentcore-control")
    theirs = limits(stack)["$.context.jwt.client_id",]
    entries = [{"dimensions": {"$.context.jwt.client_id": "*"}, "connections": [{"rate": 1, "period": "second"}]}]
    control.update_gateway_rate_limit(
        gatewayIdentifier=theirs["gatewayIdentifier"], rateLimitId="callers", entries=entries
    )
    assert stack.refresh().changes["update"] >= 1
    assert stack.up().changes["update"] == 1
    assert limits(stack)["$.context.jwt.client_id",]["entries"] == theirs["entries"]

    stack.destroy()
    assert control.list_gateways()["items"] == []


def test_a_caller_has_to_wait(stack: Stack) -> None:
    """By a claim of the token that the stack's sign-in issues; other callers do not."""
    declare(stack, "toolName", rate=1)
    stack.up()
    gateway = stack.outputs()["gateways"]["desk"]
    members = ("token_endpoint", "client_id", "client_secret", "scope")
    token = fetch_token(*(gateway[it] for it in members)).access_token

    def list_tools() -> None:
        for _ in range(2):
            session.list_tools(gateway["mcp_url"], token)

    with pytest.raises(AgentCoreError) as refused:
        list_tools()
    assert "429" in str(refused.value)
    declare(stack, "toolName", rate=1000)
    stack.up()
    list_tools()
    stack.destroy()


def test_problems_of_rate_limits_are_reported_at_preview(stack: Stack) -> None:
    """All at once, and nothing is made."""
    declare(stack, "$.context.jwt.client_id", "$.context.jwt.client_id", rate=-1, clients=("a", "a"))
    answer = stack.preview(succeeds=False)
    assert answer.code != 0
    for report in (
        "gateway rate limit 'tools': dimension_keys: GatewayRateLimit",
        "dimension_keys[1]: is a second $.context.jwt.client_id",
        "entries[2].requests[0].rate: is -1",
    ):
        assert report in answer.text
    assert stack.local_aws.client("bedrock-agentcore-control").list_gateways()["items"] == []
