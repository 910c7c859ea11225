"""Where the log and the traces of a gateway go."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agentcore_provider import Gateway, GatewayObservability, McpGateway, targets
from agentcore_provider.errors import InvalidInput

GROUP = "/aws/vendedlogs/bedrock-agentcore/gateway/APPLICATION_LOGS/shop-id"


def _gateway() -> Gateway:
    return Gateway("shop", role_arn="arn:aws:iam::123456789012:role/own", authorizer="NONE")


def test_log_and_traces_are_delivered(declare: Any) -> None:
    """Of the gateway, to the log group that the service's console would make, and to X-Ray."""
    declared = declare(lambda: GatewayObservability("watch", gateway=_gateway(), tags={"team": "a"}).log_group_name)
    assert declared.result == GROUP
    [group] = declared.of(":LogGroup").values()
    assert (group["name"], group["retentionInDays"], group["tags"]) == (GROUP, 30, {"team": "a"})
    sources = declared.of(":LogDeliverySource")
    assert {name: it["logType"] for name, it in sources.items()} == {
        "watch-logs": "APPLICATION_LOGS",
        "watch-traces": "TRACES",
    }
    assert {it["resourceArn"].rpartition("/")[2] for it in sources.values()} == {"shop-1234567-0123456789"}
    assert declared.of(":LogDeliveryDestination")["watch-traces"]["deliveryDestinationType"] == "XRAY"
    assert len(declared.of(":LogDelivery")) == 2


@pytest.mark.parametrize(("kind", "other"), [("logs", "traces"), ("traces", "logs")])
def test_one_of_both_is_enough(declare: Any, kind: str, other: str) -> None:
    """Without a log there is no group that costs something; with neither the component would do nothing."""
    chosen: dict[str, Any] = {kind: True, other: False}
    declared = declare(lambda: GatewayObservability("watch", gateway=_gateway(), **chosen))
    assert declared.of(":LogDelivery").keys() == {f"watch-{kind}"}
    assert len(declared.of(":LogGroup")) == (kind == "logs")
    with pytest.raises(InvalidInput, match="has neither logs, traces, a dashboard nor alarms"):
        declare(lambda: GatewayObservability("watch", gateway=_gateway(), logs=False, traces=False))


@pytest.mark.parametrize(
    ("observe", "days"), [(True, 30), ({"retention_in_days": 90, "traces": False}, 90), (False, None)]
)
def test_one_word_observes_a_whole_gateway(declare: Any, observe: Any, days: int | None) -> None:
    """With the gateway's tags, and the component's own arguments where a program sets them."""
    declared = declare(
        lambda: McpGateway("shop", targets={"web": targets.WebSearch()}, observe=observe, tags={"team": "a"}).gateway_id
    )
    groups = [*declared.of(":LogGroup").values()]
    assert [(it["retentionInDays"], it["tags"]) for it in groups] == ([(days, {"team": "a"})] if days else [])


def test_what_is_not_a_gateway_is_refused(declare: Any) -> None:
    with pytest.raises(InvalidInput, match=r"gateway: is a str\. Pass a Gateway or an McpGateway"):
        declare(lambda: GatewayObservability("watch", gateway="shop"))  # type: ignore[arg-type]


@pytest.mark.parametrize(("observe", "groups"), [(None, 0), ({}, 1)])
def test_no_answer_observes_nothing(declare: Any, observe: Any, groups: int) -> None:
    """A key that the configuration does not have does not store requests."""
    declared = declare(lambda: McpGateway("shop", targets={"web": targets.WebSearch()}, observe=observe).gateway_id)
    assert len(declared.of(":LogGroup")) == groups


@pytest.mark.parametrize("observe", ["false", 0, 1])
def test_observe_is_true_false_or_arguments(declare: Any, observe: Any) -> None:
    with pytest.raises(InvalidInput, match="observe: is a"):
        declare(lambda: McpGateway("shop", targets={"web": targets.WebSearch()}, observe=observe))
    with pytest.raises(InvalidInput, match="logs: is a"):
        declare(lambda: GatewayObservability("watch", gateway=_gateway(), logs=observe))


def test_a_dashboard_has_the_metrics_of_the_gateway(declare: Any) -> None:
    """Its body is what CloudWatch takes, about one gateway, in the gateway's Region."""
    declared = declare(lambda: GatewayObservability("watch", gateway=_gateway(), dashboard=True).dashboard_name)
    assert declared.result == "shop-id"
    [dashboard] = declared.of(":Dashboard").values()
    widgets = json.loads(dashboard["dashboardBody"])["widgets"]
    assert [it["properties"]["title"] for it in widgets] == [
        "Requests by method",
        "Requests by tool",
        "Errors",
        "Times in milliseconds",
        "Errors in the log",
    ]
    assert {it["properties"]["region"] for it in widgets} == {"eu-central-1"}
    expressions = [one["expression"] for it in widgets[:4] for [one] in it["properties"]["metrics"]]
    assert all("gateway/shop-1234567-0123456789" in it and "AWS/Bedrock-AgentCore" in it for it in expressions)
    assert f"SOURCE '{GROUP}'" in widgets[4]["properties"]["query"]
    boxes = {(it["x"], it["y"]) for it in widgets}
    assert len(boxes) == len(widgets)


def test_alarms_ask_for_the_gateways_metrics(declare: Any) -> None:
    """Over all dimensions that a metric is published with, since an alarm on a wrong set of them is silent."""
    topic = "arn:aws:sns:eu-central-1:123456789012:on-call"
    chosen: dict[str, Any] = {"logs": False, "traces": False, "alarm_actions": [topic]}
    declared = declare(
        lambda: GatewayObservability(
            "watch", gateway=_gateway(), alarms={"system_errors": 1, "latency": 2500.5}, **chosen
        ).alarm_arns["latency"]
    )
    alarms = declared.of(":MetricAlarm")
    assert alarms.keys() == {"watch-system-errors", "watch-latency"}
    latency = alarms["watch-latency"]
    assert (latency["threshold"], latency["alarmActions"], latency["okActions"]) == (2500.5, [topic], [topic])
    [query] = latency["metricQueries"]
    arn = "arn:aws:bedrock-agentcore:eu-central-1:123456789012:gateway/shop-1234567-0123456789"
    assert query["expression"] == f'SELECT AVG(Latency) FROM "AWS/Bedrock-AgentCore" WHERE "Resource" = \'{arn}\''
    assert query["returnData"] is True
    assert not declared.of(":LogDelivery")


@pytest.mark.parametrize(
    ("arguments", "report"),
    [
        (
            {"alarms": {"system_error": 1}},
            r"alarms: gateways have no metric system_error\. Did you mean system_errors\?",
        ),
        ({"alarms": {"cost": 1}}, r"alarms: gateways have no metric cost\. Choose from invocations, throttles"),
        ({"alarms": {"latency": "5s"}}, r"alarms\.latency: is not a number above 0\. Write one"),
        ({"alarms": {"throttles": True}}, r"alarms\.throttles: is not a number above 0"),
        ({"alarms": ["latency"]}, r"alarms: is a list\. Write True, or metric to threshold"),
        ({"alarms": {"latency": float("nan")}}, r"alarms\.latency: is not a number above 0"),
        ({"alarms": {"latency": float("inf")}}, r"alarms\.latency: is not a number above 0"),
        ({"alarms": True, "alarm_actions": "arn:x"}, r"alarm_actions: is a str\. Pass a list of ARNs"),
        ({"alarms": True, "alarm_actions": ["arn:x"] * 6}, r"alarm_actions: has 6 items\. Pass at most 5"),
        (
            {"retention_in_days": 8},
            r"retention_in_days: CloudWatch does not keep logs for 8 days\. Choose 7, or another",
        ),
        ({"retention_in_days": "30"}, r"retention_in_days: is a str\. Pass a whole number of days"),
        ({"alarm_actions": ["arn:x"]}, r"alarm_actions: goes only with alarms\. Turn on alarms"),
        ({"dashboard": "yes"}, r"dashboard: is a str\. Write True or False"),
    ],
)
def test_a_wrong_argument_is_reported(declare: Any, arguments: dict[str, Any], report: str) -> None:
    with pytest.raises(InvalidInput, match=f'GatewayObservability "watch": {report}'):
        declare(lambda: GatewayObservability("watch", gateway=_gateway(), **arguments))
