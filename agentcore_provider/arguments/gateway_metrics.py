"""The metrics that a gateway publishes, and documents about them: a dashboard, and the queries of alarms.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/observability-gateway-metrics.html
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from agentcore_provider.errors import InvalidInput

NAMESPACE = "AWS/Bedrock-AgentCore"
PERIOD = 300
"""Seconds that a value of a graph or an alarm is about; the service publishes every minute."""


@dataclass(frozen=True)
class Metric:
    """A metric of a gateway. All have the dimensions Operation, Protocol, Method, Resource and Name."""

    name: str
    """AWS's name."""
    function: Literal["SUM", "AVG"]
    """What makes one value of those of all dimensions."""
    meaning: str
    """What a value counts, or the milliseconds that it is."""


METRICS: Mapping[str, Metric] = {
    "invocations": Metric("Invocations", "SUM", "requests"),
    "throttles": Metric("Throttles", "SUM", "throttled requests, answered with 429"),
    "system_errors": Metric("SystemErrors", "SUM", "requests that failed with 5xx"),
    "user_errors": Metric("UserErrors", "SUM", "requests that failed with 4xx, 429 excepted"),
    "latency": Metric("Latency", "AVG", "milliseconds to the first token of a response"),
    "duration": Metric("Duration", "AVG", "milliseconds to the last token of a response"),
    "target_execution_time": Metric("TargetExecutionTime", "AVG", "milliseconds that targets took"),
}
"""By the name that an alarm has in a program."""

RETENTION_DAYS = (
    *(0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""How long CloudWatch Logs keeps a log, in days; 0 is for ever. From the documentation of PutRetentionPolicy."""
_MOST_ACTIONS = 5

USUAL_ALARMS: Mapping[str, float] = {"system_errors": 1, "throttles": 1}
"""Thresholds of the alarms that need no knowledge of a gateway's traffic."""


def query(metric: Metric, gateway_arn: str, by: str | None = None) -> str:
    """A query of CloudWatch's Metrics Insights: a metric over whatever dimensions it is published with.

    by: a dimension that gets one line for each of its values.
    """
    group = f' GROUP BY "{by}"' if by else ""
    what = f'{metric.function}({metric.name}) FROM "{NAMESPACE}"'
    return f"SELECT {what} WHERE \"Resource\" = '{gateway_arn}'{group}"


def dashboard(gateway_arn: str, log_group: str | None) -> dict[str, Any]:
    """The body of a dashboard: requests, errors and times of a gateway, and the errors of its log, if there is one."""
    region = gateway_arn.split(":")[3]
    counted = {it.name: query(it, gateway_arn) for it in map(METRICS.__getitem__, _ERRORS)}
    times = {
        f"{metric.name} {percentile}": _search(metric, gateway_arn, percentile)
        for metric in (METRICS["latency"], METRICS["target_execution_time"])
        for percentile in ("p50", "p99")
    }
    requests = METRICS["invocations"]
    graphs = [
        _graph("Requests by method", {"": query(requests, gateway_arn, "Method")}, region),
        _graph("Requests by tool", {"": query(requests, gateway_arn, "Name")}, region),
        _graph("Errors", counted, region),
        _graph("Times in milliseconds", times, region),
    ]
    placed = [
        {**graph, "x": 12 * (number % 2), "y": 6 * (number // 2), "width": 12, "height": 6}
        for number, graph in enumerate(graphs)
    ]
    return {"widgets": placed + ([_errors_of_log(log_group, region)] if log_group else [])}


_ERRORS = ("system_errors", "user_errors", "throttles")


def _search(metric: Metric, gateway_arn: str, statistic: str) -> str:
    # Metrics Insights knows no percentiles.
    terms = f'Namespace="{NAMESPACE}" MetricName="{metric.name}" Resource="{gateway_arn}"'
    return f"SEARCH('{terms}', '{statistic}', {PERIOD})"


def _graph(title: str, expressions: Mapping[str, str], region: str) -> dict[str, Any]:
    metrics = [
        [{"expression": expression, "id": f"q{number}", "period": PERIOD, **({"label": label} if label else {})}]
        for number, (label, expression) in enumerate(expressions.items())
    ]
    return {
        "type": "metric",
        "properties": {"title": title, "region": region, "view": "timeSeries", "metrics": metrics},
    }


def _errors_of_log(log_group: str, region: str) -> dict[str, Any]:
    lines = "fields @timestamp, body.log, request_id | filter body.isError = 1 | sort @timestamp desc | limit 20"
    properties = {"title": "Errors in the log", "region": region, "view": "table"}
    return {
        "type": "log",
        **{"x": 0, "y": 12, "width": 24, "height": 6},
        "properties": {**properties, "query": f"SOURCE '{log_group}' | {lines}"},
    }


def thresholds(
    *,
    logs: object = True,
    traces: object = True,
    dashboard: object = False,
    alarms: object = False,
    alarm_actions: object = None,
    retention_in_days: object = None,
    **_: object,
) -> Mapping[str, float]:
    """The value of each metric at which there is an alarm, from the arguments of GatewayObservability.

    Raises InvalidInput: of a wrong type, beyond what CloudWatch accepts, or nothing is to be observed.
    """
    for name, value in (("logs", logs), ("traces", traces), ("dashboard", dashboard)):
        if not isinstance(value, bool):
            raise InvalidInput(f"is a {type(value).__name__}", "Write True or False", path=name)
    if isinstance(alarms, bool):
        found: Mapping[str, float] = USUAL_ALARMS if alarms else {}
    elif isinstance(alarms, Mapping):
        for name, threshold in alarms.items():
            _check_alarm(name, threshold)
        found = alarms
    else:
        cure = 'Write True, or metric to threshold, such as {"system_errors": 1}'
        raise InvalidInput(f"is a {type(alarms).__name__}", cure, path="alarms")
    if not (logs or traces or dashboard or found):
        raise InvalidInput("has neither logs, traces, a dashboard nor alarms", "Leave it out, or turn one on")
    if alarm_actions is not None and not found:
        raise InvalidInput("goes only with alarms", "Turn on alarms", path="alarm_actions")
    _check_actions(alarm_actions)
    _check_retention(retention_in_days)
    return found


def _check_actions(actions: object) -> None:
    if actions is None:
        return
    if isinstance(actions, str) or not isinstance(actions, Sequence):
        raise InvalidInput(f"is a {type(actions).__name__}", "Pass a list of ARNs", path="alarm_actions")
    if len(actions) > _MOST_ACTIONS:
        raise InvalidInput(f"has {len(actions)} items", f"Pass at most {_MOST_ACTIONS}", path="alarm_actions")


def _check_retention(days: object) -> None:
    if isinstance(days, (bool, str)):
        raise InvalidInput(f"is a {type(days).__name__}", "Pass a whole number of days", path="retention_in_days")
    # Numbers of programs in other languages are floats.
    if isinstance(days, (int, float)) and days not in RETENTION_DAYS:
        nearest = min(RETENTION_DAYS[1:], key=lambda it: abs(it - days))
        raise InvalidInput(
            f"CloudWatch does not keep logs for {days:g} days",
            f"Choose {nearest}, or another period of {', '.join(map(str, RETENTION_DAYS))}; 0 is for ever",
            path="retention_in_days",
        )


def _check_alarm(name: object, threshold: object) -> None:
    if name not in METRICS:
        meant = difflib.get_close_matches(str(name), METRICS, n=1)
        cure = f"Did you mean {meant[0]}?" if meant else f"Choose from {', '.join(METRICS)}"
        raise InvalidInput(f"gateways have no metric {name}", cure, path="alarms")
    is_number = isinstance(threshold, (int, float)) and not isinstance(threshold, bool)
    if not is_number or not 0 < threshold < math.inf:  # type: ignore[operator]
        raise InvalidInput("is not a number above 0", "Write one", path=f"alarms.{name}")
