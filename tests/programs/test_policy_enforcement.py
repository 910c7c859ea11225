"""Policies that a program declares decide on local AWS, from the official MCP client's and the command's point of view."""

from __future__ import annotations

import json
from typing import Any

from tests.programs.test_identity import run_instead

Stack = Any


def guarded() -> None:
    """A gateway with policies; RULES are the arguments of each."""
    import pulumi

    from agentcore_provider import EzAuth, Gateway, GatewayRole, GatewayTarget, Policy, PolicyEngine, targets

    auth, engine = EzAuth("desk"), PolicyEngine("desk")
    gateway = Gateway(
        "desk",
        role_arn=GatewayRole("desk"),
        authorizer=auth,
        policy_engine=engine,
    )
    GatewayTarget("orders", gateway=gateway, target=targets.LambdaCode("demo/order_desk"))
    for name, rule in RULES.items():  # type: ignore[name-defined]  # noqa: F821
        Policy(name, engine=engine, **rule)
    pulumi.export("mcp_url", gateway.gateway_url)
    for name in ("client_id", "client_secret", "token_endpoint", "scope"):
        pulumi.export(name, getattr(auth, name))


def names(stack: Stack) -> list[str]:
    """The tools that the command lists, without the target's name."""
    listed = json.loads(stack.agentcore("tools", "list", "--json"))
    return [it["name"].removeprefix("orders___") for it in listed]


def test_a_program_decides_who_calls_what(stack: Stack) -> None:
    """Listed and called is what a policy permits; a change of the program takes effect with its `up`."""
    rules: dict[str, dict[str, Any]] = {
        "lookups": {"permit": ["orders___order_status"]},
        "german": {"permit": "orders___quote_shipping", "when": 'context.input.country == "DE"'},
    }
    run_instead(stack, guarded, RULES=rules)
    stack.up()
    assert names(stack) == ["x_amz_bedrock_agentcore_search", "order_status", "quote_shipping"]
    assert stack.agentcore("tools", "call", "order_status", '{"order_id": "A-1002"}')
    assert stack.agentcore("tools", "call", "quote_shipping", '{"country": "DE", "weight_kg": 1}')
    denied = stack.agentcore("tools", "call", "quote_shipping", '{"country": "FR", "weight_kg": 1}', succeeds=False)
    assert "Tool Execution Denied: Tool call not allowed due to policy enforcement" in denied

    run_instead(stack, guarded, RULES={"nobody": {"forbid": ["orders___order_status"]}, **rules})
    stack.up()
    assert names(stack) == ["x_amz_bedrock_agentcore_search", "quote_shipping"]
    denied = stack.agentcore("tools", "call", "order_status", '{"order_id": "A-1002"}', succeeds=False)
    assert "The gateway has no tool 'order_status'" in denied
    stack.destroy()
