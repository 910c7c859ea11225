"""`agentcore traces`: how long the requests of a gateway took, and where."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agentcore_provider.cli.inspect import log_pause
from agentcore_provider.cli.inspect.logs import Since, Target, batches, begin_of, printable, stopped_by_ctrl_c
from agentcore_provider.cli.options import GatewayName, Stack
from agentcore_provider.cli.terminal import progress, stdout
from agentcore_provider.errors import AgentCoreError, AwsRefused

if TYPE_CHECKING:
    from rich.text import Text

    from agentcore_provider.aws.connection import Connection
    from agentcore_provider.aws.documents import Document

Span = Mapping[str, Any]
"""A span in the form of OpenTelemetry, as Transaction Search stores it."""


def traces(
    *,
    stack: Stack = None,
    gateway: GatewayName = None,
    target: Target = None,
    since: Since = "15m",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with new traces until Ctrl-C.")] = False,
    errors: Annotated[bool, typer.Option("--errors", help="Only traces with an error.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Each span as the service wrote it: one JSON document.")
    ] = False,
) -> None:
    """Show the traces of a gateway: each request with its time, and below it what the gateway did for it.

    The traces have to be delivered: `observe=True` of an McpGateway, `observe: true` in a stack file. AWS stores them once
    CloudWatch's Transaction Search is enabled in the account and Region.
    """
    begin = begin_of(since)
    from agentcore_provider.aws import gateway_target, observability
    from agentcore_provider.cli.gateway_choice import connect
    from agentcore_provider.cli.inspect.log_reader import DELIVER, named_target
    from agentcore_provider.cli.sign_in import deployed_gateway

    chosen = deployed_gateway(stack, gateway)
    connection = connect(chosen)
    with progress("Looking for the gateway's traces"):
        delivered = observability.delivers_traces(connection, chosen.gateway_id)
    if not delivered:
        raise AgentCoreError(
            f"The traces of gateway {chosen.name} are not delivered to X-Ray",
            DELIVER,
        )

    if target is not None:
        named_target(gateway_target.statuses(connection, chosen.gateway_id).values(), target, chosen)

    def read(since: int) -> Sequence[Document]:
        return _events(connection, chosen.gateway_id, since)

    with stopped_by_ctrl_c():
        for events in batches(read, begin, follow=follow, pause=log_pause.of(connection, lambda: 1)):
            for spans in by_trace([str(it.get("message", "")) for it in events]):
                if is_wanted(spans, errors=errors, target=target):
                    _print(spans, as_json=as_json)


def _print(spans: Sequence[Span], *, as_json: bool) -> None:
    for line in [json.dumps(it, ensure_ascii=False) for it in spans] if as_json else tree(spans):
        if isinstance(line, str):
            typer.echo(line)
        else:
            stdout().print(line, soft_wrap=True)


def _events(connection: Connection, gateway_id: str, since: int) -> Sequence[Document]:
    from agentcore_provider.aws import observability

    try:
        return observability.events(connection, observability.SPANS, since=since, phrase=f"gateway/{gateway_id}")
    except AwsRefused as error:
        if error.code != "ResourceNotFoundException":
            raise
        raise AgentCoreError(
            f"{connection.region} stores no traces: there is no log group {observability.SPANS}",
            "Enable Transaction Search in CloudWatch's settings (X-Ray traces), once for the account and Region",
        ) from None


def by_trace(messages: Sequence[str]) -> list[list[Span]]:
    """The spans of each trace, in the order in which they began; what is not a span is left out."""
    found: dict[str, list[Span]] = {}
    for message in messages:
        try:
            span = json.loads(message)
        except ValueError:
            continue
        if isinstance(span, dict) and isinstance(span.get("traceId"), str) and isinstance(span.get("spanId"), str):
            found.setdefault(span["traceId"], []).append(span)
    traces = [sorted(spans, key=_began) for spans in found.values()]
    return sorted(traces, key=lambda spans: _began(spans[0]))


def tree(spans: Sequence[Span]) -> Iterator[Text]:
    """The lines about the spans of a trace: each below the one that it is a part of."""
    known = {it["spanId"] for it in spans}
    below: dict[object, list[Span]] = {}
    for span in spans:
        parent = span.get("parentSpanId")
        below.setdefault(parent if parent in known and parent != span["spanId"] else None, []).append(span)
    waiting = [(span, 0) for span in reversed(below.pop(None, []))]
    while waiting:
        span, depth = waiting.pop()
        yield _line(span, depth)
        waiting += [(it, depth + 1) for it in reversed(below.pop(span["spanId"], []))]


def _line(span: Span, depth: int) -> Text:
    from rich.text import Text

    attributes = span.get("attributes")
    attributes = attributes if isinstance(attributes, Mapping) else {}
    name = str(span.get("name", "")).removeprefix("AgentCore.")
    tool = attributes.get("tool.name")
    beside = [f"{_milliseconds(span)} ms"]
    if (overhead := attributes.get("overhead_latency_ms")) is not None:
        beside.append(f"gateway {overhead} ms")
    if target := attributes.get("targetId"):
        beside.append(f"target {target} ({attributes.get('target.type', '')})")
    if decision := attributes.get("aws.agentcore.policy.authorization_decision"):
        beside.append(str(decision))
    text = Text()
    if depth == 0:
        clock = time.strftime("%H:%M:%S", time.localtime(_began(span) / 1e9))
        text.append(f"{clock}  {printable(str(span['traceId']))[:8]}  ", style="dim")
    else:
        text.append(" " * (18 + 2 * depth) + "\N{BOX DRAWINGS LIGHT UP AND RIGHT} ", style="dim")
    shown = f"{name} {tool}" if tool and not name.endswith(str(tool)) else name
    text.append(printable(shown), style="red" if _failed(span) else "bold" if depth == 0 else "")
    text.append("  " + printable(", ".join(beside)), style="dim")
    if _failed(span):
        text.append("  " + printable(_error(span, attributes)), style="red")
    return text


def is_wanted(spans: Sequence[Span], *, errors: bool, target: str | None) -> bool:
    """Whether a trace is to be displayed. errors: only with an error. target: only a call of its tools."""
    if errors and not any(map(_failed, spans)):
        return False
    return target is None or any(_calls(it, target) for it in spans)


def _calls(span: Span, target: str) -> bool:
    """Whether a span is about a tool of the target, whose full name begins with the target's."""
    attributes = span.get("attributes")
    return isinstance(attributes, Mapping) and str(attributes.get("tool.name", "")).startswith(f"{target}___")


def _failed(span: Span) -> bool:
    status, attributes = span.get("status"), span.get("attributes")
    code = status.get("code") if isinstance(status, Mapping) else None
    return code == "ERROR" or (
        isinstance(attributes, Mapping) and any(it in attributes for it in ("error_type", "jsonrpc.error.code"))
    )


def _error(span: Span, attributes: Mapping[str, Any]) -> str:
    """What a span has about its failure."""
    status = span.get("status")
    message = status.get("message") if isinstance(status, Mapping) else None
    code = attributes.get("jsonrpc.error.code")
    parts = (attributes.get("error_type"), f"JSON-RPC error {code}" if code is not None else None, message)
    return ": ".join(" ".join(str(it).split()) for it in parts if it) or "failed"


def _began(span: Span) -> float:
    return _number(span.get("startTimeUnixNano"))


def _milliseconds(span: Span) -> int:
    nanoseconds = _number(span.get("durationNano")) or _number(span.get("endTimeUnixNano")) - _began(span)
    return max(0, int(nanoseconds // 1_000_000))


def _number(value: object) -> float:
    try:
        return min(max(float(value), 0), 4e18)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return 0
