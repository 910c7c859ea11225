"""The spans of a gateway in the log group of CloudWatch's Transaction Search, where its traces are delivered.

Names, attributes and form are those of the developer guide (observability-gateway-metrics) and of public spans of 2026. Of a
failure public spans have its code; the message in the status is this file's own. Spans of identity are not written.
"""

from __future__ import annotations

import json
import re
import secrets
import time
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from moto.logs.models import LogGroup, logs_backends

from agentcore_provider.local import log_lines
from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint import log_stream

if TYPE_CHECKING:
    from agentcore_provider.local.store import Gateway, Target

GROUP = "aws/spans"
STREAM = "default"
DECISION = "aws.agentcore.policy.authorization_decision"
MODE = "aws.agentcore.gateway.policy.mode"
_OPERATIONS = {"initialize": "Initialize", "tools/list": "ListTools", "tools/call": "InvokeTool"}
_TARGET_TYPES = {"mcpServer": "MCP", "openApiSchema": "OPENAPI", "lambda": "LAMBDA", "connector": "CONNECTOR"}
# https://www.w3.org/TR/trace-context/#traceparent-header
_PARENT = re.compile(r"[0-9a-f]{2}-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-[0-9a-f]{2}")


class RequestTrace:
    """The spans of one message. Nothing is written for a gateway whose traces are not delivered, or a method without spans."""

    def __init__(self, gateway: Gateway, document: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        """headers: the client's, with names in lower case; traceparent makes the spans part of its trace."""
        parent = _PARENT.fullmatch(headers.get("traceparent", ""))
        self._gateway = gateway
        self._method = str(document.get("method"))
        params = document.get("params")
        tool = params.get("name") if isinstance(params, Mapping) and self._method == "tools/call" else None
        self._tool = tool if isinstance(tool, str) else None
        self._began = time.time_ns()
        self._executed: tuple[int, Target] | None = None
        self._decisions: list[tuple[str, tuple[int, int], dict[str, object]]] = []
        self.request_id = str(uuid.uuid4())
        self.trace_id = parent["trace"] if parent else secrets.token_hex(16)
        self.span_id = secrets.token_hex(8)
        self._parent_id = parent["span"] if parent else None

    def execute(self, target: Target) -> None:
        """That a target begins to run the tool."""
        self._executed = (time.time_ns(), target)

    def decide(self, operation: str, began: int, attributes: Mapping[str, object]) -> None:
        """That the policy engine answered. began: nanoseconds since the epoch."""
        named = {"aws.remote.operation": operation, "rpc.method": operation}
        self._decisions.append((operation, (began, time.time_ns()), {**attributes, **named}))

    def end(self, answer: JsonObject, failure: str) -> None:
        """Write the spans. failure: what went wrong; empty for what did not."""
        if self._method not in _OPERATIONS or not _is_delivered(self._gateway):
            return
        ended = time.time_ns()
        operation = f"AgentCore.Gateway.{_OPERATIONS[self._method]}"
        error = answer.get("error")
        within: dict[str, object] = {"latency_ms": _milliseconds(self._began, ended)}
        if self._executed is not None:
            executing = _milliseconds(self._executed[0], ended)
            within |= {
                "execute_tool_latency_ms": executing,
                "overhead_latency_ms": _milliseconds(self._began, ended) - executing,
            }
        attributes = {**self._attributes("SERVER"), **within, "aws.operation.name": _OPERATIONS[self._method]}
        for _, _, beside in self._decisions:
            attributes |= {name: it for name, it in beside.items() if name in (DECISION, MODE)}
        if error:
            attributes["jsonrpc.error.code"] = error["code"]
        span = self._span(operation, (self._began, ended), attributes, failure)
        self._write(span | {"spanId": self.span_id, **({"parentSpanId": self._parent_id} if self._parent_id else {})})
        for decided, times, beside in self._decisions:
            below = self._attributes("CLIENT") | beside
            child = self._span(f"AgentCore.Policy.{decided}", times, below, "")
            self._write(child | {"spanId": secrets.token_hex(8), "parentSpanId": self.span_id})
        if self._executed is not None:
            began, target = self._executed
            kind = target.kind.rpartition(".")[2]
            beside = {"target.type": _TARGET_TYPES.get(kind, kind.upper()), "targetId": target.target_id}
            attributes = self._attributes("CLIENT") | beside
            child = self._span(f"{operation}.{self._tool}", (began, ended), attributes, failure)
            self._write(child | {"spanId": secrets.token_hex(8), "parentSpanId": self.span_id})

    def _attributes(self, kind: str) -> dict[str, object]:
        gateway = self._gateway
        return {
            "PlatformType": "AWS::BedrockAgentCore",
            "aws.account.id": gateway.account_id,
            "aws.region": gateway.region,
            "aws.request.id": self.request_id,
            "aws.resource.arn": gateway.gateway_arn,
            "aws.resource.type": "AWS::BedrockAgentCore::Gateway",
            "aws.span.kind": kind,
            "gateway.id": gateway.gateway_id,
            "gateway.name": gateway.name,
            "http.response.status_code": 200,
            "url.path": self._method,
            **({"tool.name": self._tool} if self._tool else {}),
        }

    def _span(
        self, name: str, times: tuple[int, int], attributes: dict[str, object], failure: str
    ) -> dict[str, object]:
        began, ended = times
        return {
            "name": name,
            "kind": attributes["aws.span.kind"],
            "traceId": self.trace_id,
            "startTimeUnixNano": began,
            "endTimeUnixNano": ended,
            "durationNano": ended - began,
            "status": {"code": "ERROR", "message": failure} if failure else {"code": "OK"},
            "attributes": attributes,
            "resource": {
                "attributes": {
                    "cloud.platform": "aws_bedrock_agentcore",
                    "cloud.provider": "aws",
                    "cloud.resource_id": self._gateway.gateway_arn,
                    "service.name": self._gateway.gateway_id,
                }
            },
        }

    def _write(self, span: dict[str, object]) -> None:
        group = spans(self._gateway.account_id, self._gateway.region)
        log_stream.write(group, STREAM, int(time.time() * 1000), json.dumps(span, ensure_ascii=False))
        log_lines.LINES.wrote()


def spans(account_id: str, region: str) -> LogGroup:
    """The log group of the account's spans, which is made if there is none."""
    backend = logs_backends[account_id][region]
    if GROUP not in backend.groups:
        backend.create_log_group(GROUP, {})
    return backend.groups[GROUP]


def _milliseconds(began: int, ended: int) -> int:
    return (ended - began) // 1_000_000


def _is_delivered(gateway: Gateway) -> bool:
    backend = logs_backends[gateway.account_id][gateway.region]
    sources = {
        source.name
        for source in [*backend.delivery_sources.values()]
        if source.log_type == "TRACES" and gateway.gateway_arn in source.resource_arns
    }
    x_ray = {it.arn for it in [*backend.delivery_destinations.values()] if it.delivery_destination_type == "XRAY"}
    return any(
        it.delivery_source_name in sources and it.delivery_destination_arn in x_ray
        for it in [*backend.deliveries.values()]
    )
