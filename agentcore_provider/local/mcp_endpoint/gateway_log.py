"""The log of a gateway: lines in each log group that a delivery of APPLICATION_LOGS leads to.

Their texts and form are those of the developer guide (observability-gateway-metrics), AWS's samples and public logs of 2026.
Lines of rejected callers, of prompts and of resources are not known and not written.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from moto.logs.models import LogGroup, logs_backends

from agentcore_provider.local import call_trace, log_lines
from agentcore_provider.local.call_trace import Line
from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint import log_stream
from agentcore_provider.local.mcp_endpoint.gateway_trace import RequestTrace

if TYPE_CHECKING:
    from agentcore_provider.local.store import Gateway, Target

STREAM = "BedrockAgentCoreGateway_ApplicationLogs"
_LONGEST_BODY = 100_000
_DEEPEST = 50


class RequestLog:
    """The lines and spans about one message. No line is written for a gateway whose log is not delivered."""

    def __init__(self, gateway: Gateway, document: object, headers: Mapping[str, str]) -> None:
        self._groups = [*_groups(gateway)]
        self._gateway = gateway
        self._document = document if isinstance(document, dict) else {}
        self._running = ""
        self._trace = trace = RequestTrace(gateway, self._document, headers)
        self._ids = {"request_id": trace.request_id, "trace_id": trace.trace_id, "span_id": trace.span_id}

    def start(self, method: str) -> None:
        """That a request came, and what it asks for."""
        if self._groups:
            self._write(f"Started processing request with requestId: {self._id}", requestBody=_text(self._document))
            self._write(f"Received request for {method} method")

    def execute(self, tool: str, target: Target) -> None:
        """Which tool of which target a call runs."""
        call_trace.run(tool)
        self._trace.execute(target)
        self._running = f"{tool} from target {target.target_id}"
        self._write(f"Executing tool {self._running}")

    def decide(self, operation: str, began: int, attributes: Mapping[str, object]) -> None:
        """That the policy engine answered, for the traces. began: nanoseconds since the epoch."""
        self._trace.decide(operation, began, attributes)

    def policy(self, text: str, *, is_error: bool = False) -> None:
        """What the policy engine decided. The service's words for it are not known: it has them in its traces."""
        self._write(text, is_error=is_error)

    def end(self, answer: JsonObject, reason: str = "") -> None:
        """How it ended. reason: why a tool failed, which the client may not learn."""
        failure = reason or _error_of(answer)
        call_trace.fail(failure)
        self._trace.end(answer, failure)
        if not self._groups:
            return
        if reason:
            self._write(f"An error occurred while executing tool: {self._running}", is_error=True)
            self._write(reason, is_error=True)
        if "error" in answer:
            self._write(str(answer["error"]["message"]), is_error=True, responseBody=_text(answer))
        else:
            text = f"Successfully processed request with requestId: {self._id}"
            self._write(text, responseBody=_text(answer))

    @property
    def _id(self) -> str:
        return str(self._document.get("id"))

    def _write(self, log: str, *, is_error: bool = False, **bodies: str) -> None:
        if not self._groups:
            return
        now = int(time.time() * 1000)
        line = {
            "resource_arn": self._gateway.gateway_arn,
            "event_timestamp": now,
            "body": {"isError": is_error, "log": log, **bodies, "id": self._id},
            "account_id": self._gateway.account_id,
            **self._ids,
        }
        message = json.dumps(line, ensure_ascii=False)
        for group in self._groups:
            log_stream.write(group, STREAM, now, message)
        written = Line("gateway", log, self._ids["request_id"], is_error)
        log_lines.write((written,), gateway_id=self._gateway.gateway_id)


def is_delivered(gateway: Gateway) -> bool:
    """Whether the gateway writes a log."""
    return next(_groups(gateway), None) is not None


def _error_of(answer: JsonObject) -> str:
    """The text of an answer that is an error, or of a result that has isError; empty for any other."""
    if "error" in answer:
        return str(answer["error"]["message"])
    result = answer.get("result")
    if not isinstance(result, dict) or not result.get("isError"):
        return ""
    blocks = result.get("content")
    texts = [str(it["text"]) for it in blocks or () if isinstance(it, dict) and "text" in it]
    return "\n".join(texts) or "The tool reports an error"


def _groups(gateway: Gateway) -> Iterator[LogGroup]:
    backend = logs_backends[gateway.account_id][gateway.region]
    for delivery in [*backend.deliveries.values()]:
        source = backend.delivery_sources.get(delivery.delivery_source_name)
        if source is None or source.log_type != "APPLICATION_LOGS" or gateway.gateway_arn not in source.resource_arns:
            continue
        for destination in [*backend.delivery_destinations.values()]:
            arn = destination.delivery_destination_configuration.get("destinationResourceArn", "")
            group = backend.groups.get(arn.partition(":log-group:")[2].removesuffix(":*"))
            if destination.arn == delivery.delivery_destination_arn and group is not None:
                yield group


def _text(value: object) -> str:
    """A document as the service's log has it: {id=1, method=tools/call, params={name=find}}."""
    return _plain(value)[:_LONGEST_BODY]


def _plain(value: object, depth: int = 0) -> str:
    if depth > _DEEPEST:
        return "..."
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}={_plain(it, depth + 1)}" for name, it in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_plain(it, depth + 1) for it in value) + "]"
    return value if isinstance(value, str) else json.dumps(value)
