"""The page of local AWS in a real browser: clicks, keys, events, and axe's rules of accessibility."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from importlib.resources import files
from importlib.util import find_spec
from typing import Any, NoReturn

import pytest

from tests.browser import Browser, Page
from tests.local.test_page import PAGE, Site
from tests.support.control_plane import ControlPlane

WIDTHS = {"desktop": (1200, 900), "phone": (360, 740)}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """On a clock that runs: a browser waits for it."""
    aws = ControlPlane(monotonic=time.monotonic)
    yield Site(aws)
    aws.close()


@pytest.fixture
def page(site: Site, browser: Browser) -> Page:
    """Local AWS opened by its address."""
    opened = browser.page(f"{site.aws.endpoint}/")
    opened.until("document.querySelector('h1') !== null")
    return opened


def test_a_tool_is_found_called_and_called_again(site: Site, page: Page) -> None:
    """From the address of local AWS, with clicks alone; the second call is changed and fails, and shows why."""
    page.click(f"a[href$='{site.gateway_id}']")
    page.until("document.querySelector('#tools') !== null")
    page.click(".tools a")
    page.until("document.querySelector('#field-1') !== null")
    page.click("#field-1")
    page.type("A-1002")
    page.click("form.call button")
    page.until("location.pathname.includes('/calls/')")
    assert "A-1002" in page.text("pre[aria-label=Answer]")
    page.click("#field-1")
    page.value("document.querySelector('#field-1').select()")
    page.type("bad")
    page.click("form.call button")
    assert page.text("[role=alert]") == "ValueError: no such order"
    assert page.complaints == []


def test_calls_of_others_appear_while_the_page_is_open(site: Site, page: Page) -> None:
    """Without a reload, with caller and duration, also after a filter; a fault set on the page shows as an error."""
    page.open(f"{site.aws.endpoint}{PAGE}calls?only=tools&gateway={site.gateway_id}")
    arguments = {"name": "orders___find_order", "arguments": {"id": "A-1"}}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": arguments}
    site.aws.http("POST", f"/gateways/{site.gateway_id}/mcp", message, {"User-Agent": "some-agent/1.0"})
    first = "document.querySelector('tbody tr')?.textContent ?? ''"
    page.until(f"({first}).includes('some-agent/1.0')")
    site.send("faults", operation="tools/call", kind="status", status="503", times="1", reason="Out of order")
    site.aws.http("POST", f"/gateways/{site.gateway_id}/mcp", message)
    page.open(f"{site.aws.endpoint}{PAGE}calls?only=errors")
    assert "Out of order" in page.until(first)
    site.send("faults/clear")


def test_lines_of_logs_appear_while_the_page_is_open(site: Site, page: Page) -> None:
    """Without a reload, also after a target is chosen; a line leads to its call."""
    page.open(f"{site.aws.endpoint}{PAGE}logs")
    page.value(f"document.querySelector('#of').value = '{site.gateway_id}/orders'")
    page.click("form.line button")
    page.until("location.search.includes('of=') && document.readyState === 'complete'")
    assert page.until("document.querySelector('#of')?.value") == f"{site.gateway_id}/orders"
    site.call(**{"argument:id": "bad"})
    first = "document.querySelector('tbody tr')?.textContent ?? ''"
    page.until(f"({first}).includes('[ERROR] ValueError: no such order')")
    page.click("tbody tr a")
    page.until("location.pathname.includes('/calls/')")
    assert page.text("[role=alert]") == "ValueError: no such order"
    assert page.complaints == []


def test_new_calls_can_be_paused(site: Site, page: Page) -> None:
    """What comes meanwhile appears afterwards."""
    page.open(f"{site.aws.endpoint}{PAGE}calls")
    page.click("button.pause")
    site.call(**{"argument:id": "A-1"})
    rows = page.value("document.querySelectorAll('tbody tr').length")
    page.click("button.pause")
    page.until(f"document.querySelectorAll('tbody tr').length > {rows}")


def test_a_page_follows_what_is_being_created(site: Site, page: Page) -> None:
    """It shows READY without a reload by hand."""
    site.send("delays", gateway="2")
    gateway = site.aws.gateway()
    site.send("delays", gateway="0")
    page.open(f"{site.aws.endpoint}{PAGE}gateways/{gateway['gatewayId']}")
    page.until("document.querySelector('h1 .status')?.textContent === 'READY'")


def test_settings_are_copied_with_a_click(site: Site, page: Page) -> None:
    """The text beside the button, as it is."""
    page.open(f"{site.aws.endpoint}{PAGE}{site.path}")
    page.value("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    page.click("dd button.copy")
    assert page.until("window.copied") == site.gateway["gatewayUrl"]
    page.click("#clients ~ details summary")
    page.click("#clients ~ details[open] button.copy")
    page.until("window.copied.includes('mcpServers')")
    settings = json.loads(page.value("window.copied"))
    assert [it["url"] for it in settings["mcpServers"].values()] == [site.gateway["gatewayUrl"]]


def test_everything_can_be_reached_with_the_keyboard(site: Site, page: Page) -> None:
    """The first Tab offers to skip the menu; Tab and Enter then call a tool."""
    page.open(f"{site.aws.endpoint}{PAGE}{site.path}/tool?name=orders___find_order")
    page.press("Tab")
    assert page.value("document.activeElement.textContent") == "Skip to content"
    page.press("Enter")
    page.until("document.activeElement.id === 'main'")
    for _ in range(10):
        page.press("Tab")
        if page.value("document.activeElement.id") == "field-1":
            break
    page.type("A-5")
    page.press("Enter")
    page.until("location.pathname.includes('/calls/')")
    assert "A-5" in page.text("pre[aria-label=Answer]")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", WIDTHS)
def test_axe_finds_nothing(site: Site, page: Page, not_run: Callable[[str], NoReturn], size: str, scheme: str) -> None:
    """On every page, in both schemes, and on a phone, where nothing but tables and code scrolls sideways."""
    if find_spec("axe_core_python") is None:
        not_run("axe was not run: `make setup` installs axe-core-python.")
    script = files("axe_core_python").joinpath("axe.min.js").read_text()
    site.call(**{"argument:id": "bad"})
    number = site.aws.server.application.requests.latest(1)[-1].number
    site.send("faults", operation="never", kind="status")
    tool = f"{site.path}/tool?name=orders___find_order"
    page.look(*WIDTHS[size], scheme=scheme)
    for path in (
        "",
        site.path,
        f"{site.path}?query=order",
        tool,
        "calls",
        f"calls/{number}",
        "logs",
        f"logs?of={site.gateway_id}/orders&only=errors",
        "faults",
        "resources",
        "none",
    ):
        page.open(site.aws.endpoint + PAGE + path)
        page.value("for (const it of document.querySelectorAll('details')) it.open = true")
        assert violations(page, script) == [], path
        assert page.value("document.documentElement.scrollWidth <= window.innerWidth"), path
    site.send("faults/clear")


def test_a_reason_is_read_in_a_few_lines_on_a_phone(site: Site, page: Page) -> None:
    """It is scrolled to sideways, and does not stretch its row over more than the screen."""
    reason = "Failed to retrieve the gateway, because a gateway of this name does not exist in this Region."
    site.send("faults", operation="tools/call", kind="status", status="503", times="1", reason=reason)
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "orders___find_order"}}
    site.aws.http("POST", f"/gateways/{site.gateway_id}/mcp", message)
    page.look(*WIDTHS["phone"])
    page.open(f"{site.aws.endpoint}{PAGE}calls")
    row = "document.querySelector('tr.failed')"
    assert reason in page.until(f"{row}?.textContent")
    assert page.value(f"{row}.getBoundingClientRect().height") < 200
    site.send("faults/clear")


def violations(page: Page, script: str) -> list[Any]:
    """axe's rules that the page breaks, and where."""
    page.value(f"{script}; window.done = null")
    options = json.dumps({"runOnly": {"type": "tag", "values": TAGS}})
    page.value(f"axe.run(document, {options}).then((it) => {{ window.done = JSON.stringify(it); }}); 0")
    found = json.loads(page.until("window.done"))
    assert len(found["passes"]) > 15, "axe has looked at the page"
    return [(it["id"], [node["html"][:200] for node in it["nodes"]]) for it in found["violations"]]
