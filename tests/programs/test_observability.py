"""A gateway that is observed: deployed, called, and its log read by the command."""

from __future__ import annotations

import json

from tests.programs.test_identity import run_instead
from tests.support.stack import Stack

HANDLER = '''
def find(text: str) -> str:
    """Find orders.

    Args:
        text: What to find.
    """
    if text == "nothing":
        raise LookupError("the shelf is empty")
    return text


def handler(event: dict, context: object) -> str:
    return find(**event)


TOOLS = [find]
'''


def shop() -> None:
    import pulumi

    from agentcore_provider import McpGateway, targets

    orders = targets.LambdaCode("orders")
    gateway = McpGateway("shop", targets={"orders": orders}, authorizer="NONE", observe=OBSERVE)  # type: ignore[name-defined]  # noqa: F821
    pulumi.export("gateways", {"shop": gateway.client_settings})


def test_the_log_of_a_gateway_states_why_a_tool_failed(stack: Stack) -> None:
    """From one word of the program to a line that agents are not shown; without the word the log is gone."""
    (stack.folder / "orders").mkdir()
    (stack.folder / "orders" / "handler.py").write_text(HANDLER)
    run_instead(stack, shop, OBSERVE=True)
    stack.up()
    assert "books" in stack.agentcore("tools", "call", "find", '{"text": "books"}')
    stack.agentcore("tools", "call", "find", '{"text": "nothing"}', succeeds=False)
    printed = [json.loads(it) for it in stack.agentcore("logs", "--json").splitlines()]
    assert {it["target"] for it in printed if "function" in it} == {"orders"}
    lines = [it for it in printed if "body" in it]
    assert any(it["body"]["log"].startswith("Executing tool orders___find from target ") for it in lines)
    failed = stack.agentcore("logs", "--errors", "--since", "1h")
    assert "An error occurred while executing tool: orders___find from target" in failed
    assert "the shelf is empty" in failed
    assert "[ERROR] LookupError: the shelf is empty" in failed
    assert "Started processing" not in failed
    shown = stack.agentcore("traces").splitlines()
    calls = [it for it in shown if "Gateway.InvokeTool orders___find" in it]
    assert len(calls) == 2
    assert all(" ms, gateway " in it for it in calls)
    assert any(it.strip().startswith("└ Gateway.InvokeTool.orders___find") and "(LAMBDA)" in it for it in shown)
    [call, below] = stack.agentcore("traces", "--errors").splitlines()
    assert "the shelf is empty" in call
    assert "the shelf is empty" in below
    spans = [json.loads(it) for it in stack.agentcore("traces", "--json", "--since", "1h").splitlines()]
    request_ids = {it["attributes"]["aws.request.id"] for it in spans if "tool.name" in it["attributes"]}
    assert request_ids <= {it["request_id"] for it in lines}
    assert set(stack.up("--refresh").changes) == {"same"}

    run_instead(stack, shop, OBSERVE=False)
    assert stack.up().changes["delete"] == 8
    assert "are not delivered to X-Ray. Set observe=True" in stack.agentcore("traces", succeeds=False)
    assert "is not delivered to CloudWatch. Set observe=True" in stack.agentcore("logs")
    assert stack.local_aws.client("logs").describe_delivery_sources()["deliverySources"] == []


def test_a_dashboard_and_alarms_follow_the_program(stack: Stack) -> None:
    """Created once, changed in place, and gone with their word."""
    (stack.folder / "orders").mkdir()
    (stack.folder / "orders" / "handler.py").write_text(HANDLER)
    cloudwatch = stack.local_aws.client("cloudwatch")
    run_instead(stack, shop, OBSERVE={"logs": False, "traces": False, "dashboard": True, "alarms": True})
    stack.up()
    [dashboard] = cloudwatch.list_dashboards()["DashboardEntries"]
    body = cloudwatch.get_dashboard(DashboardName=dashboard["DashboardName"])["DashboardBody"]
    assert len(json.loads(body)["widgets"]) == 4
    assert {it["Threshold"] for it in cloudwatch.describe_alarms()["MetricAlarms"]} == {1}
    assert set(stack.up("--refresh").changes) == {"same"}

    run_instead(stack, shop, OBSERVE={"dashboard": True, "alarms": {"throttles": 5}})
    assert {name: it for name, it in stack.up().changes.items() if name != "same"} == {
        "create": 7,
        "delete": 1,
        "update": 2,
    }
    assert [it["Threshold"] for it in cloudwatch.describe_alarms()["MetricAlarms"]] == [5]

    run_instead(stack, shop, OBSERVE=False)
    stack.up()
    assert cloudwatch.list_dashboards()["DashboardEntries"] == []
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []
