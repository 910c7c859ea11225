"""The page of logs: what handlers print and gateways write, by the calls that it belongs to."""

from __future__ import annotations

import html
import json
import re
import threading
import urllib.request
from typing import Any

import pytest

from agentcore_provider.local.call_trace import Line
from agentcore_provider.local.log_lines import LINES, LogLines
from tests.local.test_page import PAGE, SECRET, TOOLS, Site
from tests.support.control_plane import ControlPlane
from tests.support.local_aws import lambda_configuration

CODE = """
import logging

def handler(event, context):
    logging.getLogger().warning("a look")
    print(f"<{event}>", context.client_context.custom.get("bedrockAgentCorePropagatedHeaders"))
    if event.get("id") == "bad":
        raise ValueError("no such order")
    return event
"""


@pytest.fixture(scope="module")
def site(local_aws: ControlPlane) -> Site:
    """A gateway whose own log is not delivered, with two targets."""
    site = Site(local_aws)
    configuration = lambda_configuration(local_aws.function(CODE), TOOLS)
    members = {"name": "parcels", "targetConfiguration": configuration}
    members["metadataConfiguration"] = {"allowedRequestHeaders": ["X-Api-Key"]}
    local_aws.control.create_gateway_target(**{**local_aws.lambda_target(site.gateway_id), **members})
    return site


def call(site: Site, tool: str, order: str, **headers: str) -> None:
    """Call a tool as an agent does."""
    arguments = {"name": tool, "arguments": {"id": order}}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": arguments}
    site.aws.http("POST", f"/gateways/{site.gateway_id}/mcp", message, headers)


def rows(site: Site, of: str, only: str = "") -> list[str]:
    """The rows of the page, each with the text of its lines."""
    shown = site.get(f"logs?of={site.gateway_id}{of}&only={only}")
    found = re.findall(r'<tr><td class="call">.*?</tr>', shown, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>", "", it)) for it in found]


def deliver(site: Site, gateway: dict[str, Any]) -> None:
    """Deliver the log of a gateway."""
    logs, name = site.aws.client("logs"), gateway["gatewayId"]
    logs.create_log_group(logGroupName=name)
    arn = f"arn:aws:logs:us-west-2:123456789012:log-group:{name}"
    logs.put_delivery_source(name=name, logType="APPLICATION_LOGS", resourceArn=gateway["gatewayArn"])
    destination = logs.put_delivery_destination(
        name=name, deliveryDestinationConfiguration={"destinationResourceArn": arn}
    )["deliveryDestination"]
    logs.create_delivery(deliverySourceName=name, deliveryDestinationArn=destination["arn"])


def test_a_call_has_the_lines_of_its_handler(site: Site) -> None:
    """In their order, with function and request, and a link to the call; what Lambda writes around them is left out."""
    call(site, "parcels___find_order", "A-1")
    row = rows(site, "/parcels")[0]
    assert "parcels___find_order" in row
    assert row.index("[WARNING] a look") < row.index("<{'id': 'A-1'}>") < row.index("Duration: ")
    assert "RequestId" not in row
    shown = site.get(f"logs?of={site.gateway_id}")
    found = re.search(r'href="/_local/page/(calls/\d+)">parcels___find_order', shown)
    assert found is not None
    assert "A-1" in site.get(found[1])


def test_an_error_is_marked(site: Site) -> None:
    """For readers who do not see its colour too; calls with errors can be displayed alone."""
    call(site, "parcels___find_order", "A-2")
    call(site, "parcels___find_order", "bad")
    [row, *others] = rows(site, "/parcels", "errors")
    assert "Error: [ERROR] ValueError: no such order" in row
    assert "Error: Traceback (most recent call last):" in row
    assert "Error: Duration" not in row
    assert not any("A-2" in it for it in others)


def test_a_target_has_its_own_lines(site: Site) -> None:
    """The page of a gateway has those of all its targets, and of no other gateway."""
    call(site, "parcels___find_order", "A-3")
    call(site, "orders___find_order", "A-4")
    assert ["A-3" in rows(site, it)[0] for it in ("/parcels", "/orders")] == [True, False]
    assert "A-4" in rows(site, "")[0]
    assert "A-3" in rows(site, "")[1]
    assert rows(site, "-of-another") == []


def test_credentials_are_not_on_the_page(site: Site) -> None:
    """Also where a handler prints the headers that it gets."""
    call(site, "parcels___find_order", "A-5", **{"X-Api-Key": SECRET})
    row = rows(site, "/parcels")[0]
    assert SECRET not in row
    assert "(hidden)" in row


def test_a_gateway_whose_log_is_delivered_has_its_lines(site: Site) -> None:
    """Around those of the handler; for others the page names the cure."""
    assert "set <code>observe=True</code>" in site.get(f"logs?of={site.gateway_id}")
    watched = Site(site.aws)
    deliver(site, watched.gateway)
    assert "observe=True" not in watched.get(f"logs?of={watched.gateway_id}")
    call(watched, "orders___find_order", "bad")
    [row] = rows(watched, "")
    steps = ("Received request for tools/call method", "looking for", "Error: An error occurred while executing tool")
    assert [*steps] == sorted(steps, key=row.index)
    site.aws.http("POST", f"/gateways/{watched.gateway_id}/mcp", {"jsonrpc": "2.0", "id": 2, "method": "tools/list"})
    assert "Received request for tools/list method" in rows(watched, "")[0]


def test_lines_of_a_direct_call_are_there(site: Site) -> None:
    """Without a call of a gateway, they are of no gateway."""
    word = site.aws.unique("word")
    function = site.aws.function("def handler(event, context): print(event)")
    site.aws.client("lambda").invoke(FunctionName=function, Payload=json.dumps(word))
    assert word in site.get("logs")
    assert word not in site.get(f"logs?of={site.gateway_id}")


def test_new_lines_come_as_events(site: Site) -> None:
    """Those that the page is limited to, each call a row."""
    address = f"{site.aws.endpoint}{PAGE}logs/events?of={site.gateway_id}/parcels"
    with urllib.request.urlopen(address, timeout=30) as events:
        assert events.readline() == b": open\n"
        call(site, "orders___find_order", "A-6")
        call(site, "parcels___find_order", "A-7")
        lines = iter(events.readline, b"")
        data = next(it for it in lines if it.startswith(b"data: "))
    assert b"A-7" in data
    assert data.startswith(b"data: <tr>")


def test_another_site_does_not_read_logs(site: Site) -> None:
    """The guards of the page hold for them."""
    for path in ("logs", "logs/events"):
        assert site.ask(path, None, {"Origin": "https://example.com"})[0].status == 403
        assert site.ask(path, None, {"Host": "example.com"})[0].status == 403


def test_programs_wait_for_lines(site: Site) -> None:
    """GET /_local/logs?after= answers once there are some; a number of another run is answered at once."""
    [number, again] = [site.aws.ask("GET", f"/_local/logs{it}")["number"] for it in ("", "?after=123456")]
    assert number == again
    answers: list[int] = []
    waiting = threading.Thread(
        target=lambda: answers.append(site.aws.ask("GET", f"/_local/logs?after={number}")["number"])
    )
    waiting.start()
    call(site, "orders___find_order", "A-8")
    waiting.join(timeout=30)
    assert answers[0] > number


def test_a_direct_call_that_prints_a_lot_is_cut(site: Site) -> None:
    """The page has as many lines of it, and as much of each, as of a gateway's call."""
    code = """
def handler(event, context):
    print("y" * 50_000)
    for number in range(3000):
        print("line", number)
"""
    site.aws.client("lambda").invoke(FunctionName=site.aws.function(code))
    cut = next(it for it in reversed(LINES.latest()) if it.lines[0].text.startswith("yyy"))
    assert len(cut.lines[0].text) <= 4000
    assert cut.lines[999].text == "line 998"
    assert cut.lines[1000].text == "… 2002 more lines"
    assert len(cut.lines) == 1001


def test_the_latest_lines_are_kept_up_to_a_size() -> None:
    """Many calls that print a lot do not fill the memory; the latest is there, however long it is."""
    lines = LogLines()
    for number in range(2000):
        lines.add(tuple(Line("f", "x" * 4000) for _ in range(50)), call=number)
    kept = lines.latest()
    assert sum(len(line.text) for it in kept for line in it.lines) < 10_000_000
    assert [it.call for it in kept] == list(range(2000 - len(kept), 2000))
    assert len(kept) > 10


def test_waits_end_with_local_aws() -> None:
    """Nobody waits for a server that is gone."""
    lines = LogLines()
    waiting = [
        threading.Thread(target=lines.await_later, args=(0, 600.0)),
        threading.Thread(target=lines.await_write, args=(0, 600.0)),
    ]
    for thread in waiting:
        thread.start()
    while any(it.is_alive() for it in waiting):
        lines.wake()
        waiting[0].join(0.01)
