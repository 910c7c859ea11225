"""The spans of a gateway have the names and form of public spans of AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest
from moto.logs.models import DeliveryDestination, DeliverySource, logs_backends

from tests.local.mcp_endpoint.conftest import ACCOUNT, REGION, DataPlane, tool

FAILS = "def handler(event, context): raise ValueError('out of stock')"


def _deliver(plane: DataPlane, gateway_id: str, kind: str = "TRACES") -> None:
    """To X-Ray, as local AWS stores it."""
    backend, name = logs_backends[ACCOUNT][REGION], f"traces-of-{gateway_id}"
    arn = plane.gateways[gateway_id].gateway_arn
    backend.delivery_sources[name] = DeliverySource(ACCOUNT, REGION, name, arn, kind, {})
    destination = DeliveryDestination(ACCOUNT, REGION, name, None, {"destinationResourceArn": "arn:aws:xray:::"}, {})
    destination.delivery_destination_type = "XRAY"
    backend.delivery_destinations[name] = destination
    backend.create_delivery(name, destination.arn, None, None, None, None)


def _spans(gateway_id: str) -> list[dict[str, Any]]:
    group = logs_backends[ACCOUNT][REGION].groups.get("aws/spans")
    streams = group.streams.values() if group else ()
    found = [json.loads(event.message) for stream in streams for event in stream.events]
    return [it for it in found if it["attributes"]["gateway.id"] == gateway_id]


def test_a_call_is_two_spans(plane: DataPlane) -> None:
    """Of the gateway, and of the target below it, with one request id and the time of each."""
    gateway_id = plane.gateway()
    target = plane.target(gateway_id, "shop", [tool("find", {"text": {"type": "string"}})])
    _deliver(plane, gateway_id)
    plane.call(gateway_id, "shop___find", {"text": "books"})
    server, client = _spans(gateway_id)
    assert (server["name"], server["kind"]) == ("AgentCore.Gateway.InvokeTool", "SERVER")
    assert (client["name"], client["kind"]) == ("AgentCore.Gateway.InvokeTool.shop___find", "CLIENT")
    assert client["parentSpanId"] == server["spanId"]
    assert "parentSpanId" not in server
    assert client["traceId"] == server["traceId"]
    assert server["status"] == client["status"] == {"code": "OK"}
    beside, below = server["attributes"], client["attributes"]
    assert beside["aws.request.id"] == below["aws.request.id"]
    assert beside["aws.resource.arn"] == plane.gateways[gateway_id].gateway_arn
    assert beside["latency_ms"] == beside["overhead_latency_ms"] + beside["execute_tool_latency_ms"]
    assert (below["target.type"], below["targetId"]) == ("LAMBDA", target.target_id)
    for span in (server, client):
        assert span["durationNano"] == span["endTimeUnixNano"] - span["startTimeUnixNano"]
    assert server["startTimeUnixNano"] <= client["startTimeUnixNano"] <= client["endTimeUnixNano"]


def test_a_failed_call_has_its_reason(plane: DataPlane) -> None:
    """Also the one that the client does not learn."""
    gateway_id = plane.gateway()
    plane.target(gateway_id, "shop", [tool("find")], FAILS)
    _deliver(plane, gateway_id)
    plane.call(gateway_id, "shop___find")
    for span in _spans(gateway_id):
        assert span["status"]["code"] == "ERROR"
        assert "out of stock" in span["status"]["message"]


def test_an_error_of_the_protocol_has_its_code(plane: DataPlane) -> None:
    gateway_id = plane.gateway()
    _deliver(plane, gateway_id)
    plane.post(gateway_id, {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "missing"}})
    [span] = _spans(gateway_id)
    assert span["attributes"]["jsonrpc.error.code"] == -32602
    assert span["status"] == {"code": "ERROR", "message": "Unknown tool: missing"}


def test_a_client_has_the_gateway_in_its_own_trace(plane: DataPlane) -> None:
    """By the header of the W3C; what is not in its form begins a trace."""
    gateway_id = plane.gateway()
    _deliver(plane, gateway_id)
    trace, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    for header in (f"00-{trace}-{parent}-01", "none"):
        plane.post(gateway_id, {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, traceparent=header)
    within, own = _spans(gateway_id)
    assert within["name"] == "AgentCore.Gateway.ListTools"
    assert (within["traceId"], within["parentSpanId"]) == (trace, parent)
    assert own["traceId"] != trace
    assert "parentSpanId" not in own


@pytest.mark.parametrize(("kind", "method"), [("APPLICATION_LOGS", "tools/list"), ("TRACES", "ping")])
def test_nothing_is_written_otherwise(plane: DataPlane, kind: str, method: str) -> None:
    """Where no traces are delivered, and for methods of which no span is known."""
    gateway_id = plane.gateway()
    _deliver(plane, gateway_id, kind)
    plane.post(gateway_id, {"jsonrpc": "2.0", "id": 1, "method": method})
    assert _spans(gateway_id) == []
