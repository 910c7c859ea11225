"""The log of a gateway has what public logs of AWS show: what came, which tool ran, how it ended."""

from __future__ import annotations

import json
from typing import Any

import pytest
from moto.logs.models import DeliverySource, logs_backends

from tests.local.mcp_endpoint.conftest import ACCOUNT, REGION, DataPlane, tool

FAILS = "def handler(event, context): raise ValueError('out of stock')"


def _deliver(plane: DataPlane, gateway_id: str, kind: str = "APPLICATION_LOGS") -> str:
    """A log group that the gateway's log goes to."""
    backend, name = logs_backends[ACCOUNT][REGION], f"log-of-{gateway_id}"
    backend.create_log_group(name, {})
    arn = plane.gateways[gateway_id].gateway_arn
    backend.delivery_sources[name] = DeliverySource(ACCOUNT, REGION, name, arn, kind, {})
    where = {"destinationResourceArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}:*"}
    destination = backend.put_delivery_destination(name, None, where, {})
    backend.create_delivery(name, destination.arn, None, None, None, None)
    return name


def _lines(group: str) -> list[dict[str, Any]]:
    streams = logs_backends[ACCOUNT][REGION].groups[group].streams
    assert streams.keys() <= {"BedrockAgentCoreGateway_ApplicationLogs"}
    return [json.loads(event.message) for stream in streams.values() for event in stream.events]


def _texts(group: str) -> list[tuple[str, bool]]:
    return [(it["body"]["log"], it["body"]["isError"]) for it in _lines(group)]


def test_each_step_of_a_call_is_a_line(plane: DataPlane) -> None:
    """With the bodies of request and answer in the service's notation, and one request id for all."""
    gateway_id = plane.gateway()
    target = plane.target(gateway_id, "shop", [tool("find", {"text": {"type": "string"}})])
    group = _deliver(plane, gateway_id)
    plane.call(gateway_id, "shop___find", {"text": "books"})
    assert _texts(group) == [
        ("Started processing request with requestId: 1", False),
        ("Received request for tools/call method", False),
        (f"Executing tool shop___find from target {target.target_id}", False),
        ("Successfully processed request with requestId: 1", False),
    ]
    first, *_, last = _lines(group)
    assert first["body"]["requestBody"] == (
        "{jsonrpc=2.0, id=1, method=tools/call, params={name=shop___find, arguments={text=books}}}"
    )
    assert last["body"]["responseBody"].startswith("{jsonrpc=2.0, id=1, result={content=[{type=text, text=")
    assert first["request_id"] == last["request_id"]
    assert (first["resource_arn"], first["account_id"]) == (plane.gateways[gateway_id].gateway_arn, ACCOUNT)


def test_a_failed_call_states_what_the_client_does_not_learn(plane: DataPlane) -> None:
    """The reason is a line of its own."""
    gateway_id = plane.gateway()
    target = plane.target(gateway_id, "shop", [tool("find")], FAILS)
    group = _deliver(plane, gateway_id)
    assert "out of stock" not in json.dumps(plane.call(gateway_id, "shop___find"))
    failed, reason = [text for text, is_error in _texts(group) if is_error]
    assert failed == f"An error occurred while executing tool: shop___find from target {target.target_id}"
    assert "out of stock" in reason


def test_an_error_of_the_protocol_is_an_error_in_the_log(plane: DataPlane) -> None:
    gateway_id = plane.gateway()
    group = _deliver(plane, gateway_id)
    plane.post(gateway_id, {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "missing"}})
    assert _texts(group)[-1] == ("Unknown tool: missing", True)


@pytest.mark.parametrize("kind", ["TRACES", None])
def test_nothing_is_written_where_no_log_is_delivered(plane: DataPlane, kind: str | None) -> None:
    """Traces are no log, and another gateway's delivery is another's."""
    gateway_id, other = plane.gateway(), plane.gateway()
    group = _deliver(plane, gateway_id, kind) if kind else _deliver(plane, other)
    plane.ask(gateway_id, "tools/list")
    assert _lines(group) == []


def test_the_log_survives_a_group_that_was_deleted(plane: DataPlane) -> None:
    """A call is not held up by its log."""
    gateway_id = plane.gateway()
    group = _deliver(plane, gateway_id)
    del logs_backends[ACCOUNT][REGION].groups[group]
    assert plane.ask(gateway_id, "tools/list") == {"tools": []}
