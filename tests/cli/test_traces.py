"""`agentcore traces` draws the spans of each request, whatever wrote them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import Result

from agentcore_provider.cli.inspect import traces

# As public spans of AWS have them: a call with a policy engine, as part of an agent's trace.
TRACE = "6a6a005492b3acc3e318e0f22ae9909e"
CALL = {
    "name": "AgentCore.Gateway.InvokeTool",
    "kind": "SERVER",
    "traceId": TRACE,
    "spanId": "08b21d1592a9b9aa",
    "parentSpanId": "b2c1f80f6719f359",
    "startTimeUnixNano": 1785331800758000000,
    "durationNano": 312000000,
    "status": {"code": "OK"},
    "attributes": {
        "execute_tool_latency_ms": 289,
        "overhead_latency_ms": 23,
        "tool.name": "hr___list_departments",
        "aws.agentcore.policy.authorization_decision": "ALLOW",
    },
}
TARGET = {
    "name": "AgentCore.Gateway.InvokeTool.hr___list_departments",
    "traceId": TRACE,
    "spanId": "1111111111111111",
    "parentSpanId": CALL["spanId"],
    "startTimeUnixNano": 1785331800778000000,
    "endTimeUnixNano": 1785331801067000000,
    "status": {"code": "OK"},
    "attributes": {"targetId": "ABCDEFGHIJ", "target.type": "LAMBDA"},
}
POLICY = {
    "name": "AgentCore.Policy.AuthorizeAction",
    "traceId": TRACE,
    "spanId": "e94f9481b9a43495",
    "parentSpanId": CALL["spanId"],
    "startTimeUnixNano": 1785331800758500000,
    "durationNano": 55000000,
    "attributes": {"aws.agentcore.policy.authorization_decision": "ALLOW"},
}


def _drawn(*spans: Any) -> list[str]:
    messages = [it if isinstance(it, str) else json.dumps(it) for it in spans]
    return [line.plain for trace in traces.by_trace(messages) for line in traces.tree(trace)]


def test_a_span_is_drawn_below_the_one_that_it_is_part_of() -> None:
    """In the order of time, whatever the order of arrival, with its tool, target, decision and time."""
    first, second, third = _drawn(TARGET, POLICY, CALL)
    assert first[10:] == "6a6a0054  Gateway.InvokeTool hr___list_departments  312 ms, gateway 23 ms, ALLOW"
    assert second.strip() == "└ Policy.AuthorizeAction  55 ms, ALLOW"
    assert third.strip() == "└ Gateway.InvokeTool.hr___list_departments  289 ms, target ABCDEFGHIJ (LAMBDA)"


def test_traces_are_chosen_by_target_and_error() -> None:
    """A call of the target's tools, and one with a span that failed."""
    failed: list[Any] = [CALL, {**TARGET, "status": {"code": "ERROR"}}]
    unknown: list[Any] = [TARGET, {"attributes": 7}]
    found = [
        traces.is_wanted(spans, errors=errors, target=target)
        for spans, errors, target in (
            ([CALL, TARGET], False, "hr"),
            ([CALL, TARGET], False, "h"),
            ([CALL, TARGET], True, "hr"),
            (failed, True, "hr"),
            (unknown, False, "hr"),
        )
    ]
    assert found == [True, False, False, True, False]


def test_an_error_is_drawn_with_what_is_known_of_it() -> None:
    """Its type, its code and its message, in one line, without what a terminal would obey."""
    attributes = {"error_type": "ValidationException", "jsonrpc.error.code": -32602}
    failed = {**CALL, "status": {"code": "ERROR", "message": "Unknown\n\x1b[2J tool"}, "attributes": attributes}
    [line] = _drawn(failed)
    assert line.endswith(
        "312 ms  ValidationException: JSON-RPC error -32602: Unknown \N{REPLACEMENT CHARACTER}[2J tool"
    )


@pytest.mark.parametrize(
    "span",
    [
        *("", "text", "7", "[1]", "{}", '{"traceId": 1, "spanId": 2}'),
        {"traceId": TRACE, "spanId": "a", "attributes": [], "status": "x", "startTimeUnixNano": "soon"},
        {"traceId": TRACE, "spanId": "a", "parentSpanId": "a", "startTimeUnixNano": 1e30, "durationNano": -5},
        {"traceId": TRACE, "spanId": "a", "attributes": {"tool.name": ["x"], "targetId": {}}, "name": None},
    ],
)
def test_another_form_ends_nothing(span: Any) -> None:
    """Spans of a trace come from many programs: what is not one is left out, the rest is drawn with what it has."""
    drawn = _drawn(span, CALL)
    assert sum("Gateway.InvokeTool hr___list_departments" in it for it in drawn) == 1


def test_spans_that_are_parts_of_each_other_end() -> None:
    """They have no beginning, so they are left out."""
    one = {**CALL, "spanId": "a", "parentSpanId": "b"}
    other = {**CALL, "spanId": "b", "parentSpanId": "a"}
    assert len(_drawn(one, other, {**CALL, "parentSpanId": None})) == 1


def test_a_deep_trace_is_drawn() -> None:
    """Deeper than Python's own stack."""
    chain = [{**CALL, "spanId": str(it), "parentSpanId": str(it - 1)} for it in range(3000)]
    assert len(_drawn(*chain)) == 3000


def test_a_wrong_duration_is_reported(agentcore: Callable[..., Result]) -> None:
    result = agentcore("traces", "--since=1.5h")
    assert result.exit_code == 2
    assert "Give a number and s, m, h or d, such as 30m" in result.stderr
