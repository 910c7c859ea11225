"""Draws the pictures of the README and of docs/local-aws.md.

    docs/gateway.svg    what a gateway stands between
    docs/make-up.svg    a recording of a real `make up`
    docs/page-*.png     the page of local AWS after that `make up`, in a real Chromium

.venv/bin/python docs/picture.py                 all
.venv/bin/python docs/picture.py gateway         the one
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Collection
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from agentcore_provider.cli.inspect.diagram import svg
from agentcore_provider.cli.inspect.shown_gateway import ShownGateway, ShownTarget, ShownTool

_DOCS = Path(__file__).resolve().parent
_PROJECT = _DOCS.parent
# Run as a file, Python looks for modules in docs alone.
sys.path.insert(0, str(_PROJECT))

from tests.browser import Browser, Page  # noqa: E402
from tests.browser import program as chromium  # noqa: E402

_COLUMNS = 112
_FIRST = "=> Starting local AWS"
_PAGE = (960, 860)

_SHOP = ShownGateway(
    name="shop",
    status="READY",
    sign_in="EzAuth (Cognito), in one line",
    searches=True,
    targets=[
        ShownTarget(
            "orders",
            "Lambda function",
            "order_desk",
            "READY",
            credentials=["gateway role"],
            tools=[ShownTool("find_orders"), ShownTool("order_status"), ShownTool("quote_shipping")],
        ),
        ShownTarget(
            "stock",
            "OpenAPI",
            "stock.example.com",
            "READY",
            credentials=["API key stock"],
            tools=[ShownTool("list_items"), ShownTool("reserve_item")],
        ),
        ShownTarget(
            "tickets",
            "MCP server",
            "tickets.example.com",
            "READY",
            credentials=["OAuth tickets"],
            tools=[ShownTool("open_ticket"), ShownTool("search_tickets")],
        ),
        ShownTarget(
            "tables",
            "Smithy model",
            "DynamoDB",
            "READY",
            credentials=["gateway role"],
            tools=[ShownTool("GetItem"), ShownTool("Query")],
        ),
    ],
)

# Neutral on light and dark pages: a dark window of its own.
_THEME = TerminalTheme(
    (22, 27, 34),
    (208, 215, 222),
    [
        *((72, 79, 88), (255, 123, 114), (63, 185, 80), (210, 153, 34)),
        *((88, 166, 255), (188, 140, 255), (57, 197, 207), (208, 215, 222)),
    ],
    [
        *((110, 118, 129), (255, 161, 152), (86, 211, 100), (227, 179, 65)),
        *((121, 192, 255), (210, 168, 255), (86, 212, 221), (240, 246, 252)),
    ],
)


def draw_gateway() -> None:
    """docs/gateway.svg: what a gateway stands between."""
    (_DOCS / "gateway.svg").write_text(svg(_SHOP) + "\n", encoding="utf-8")


def record_make_up(wanted: Collection[str]) -> None:
    """docs/make-up.svg and docs/page-*.png: runs `make up`, then `make down`.

    Of the output the lines from the start of local AWS on are kept. wanted: `make-up`, `page`, or both.
    """
    environment = dict(os.environ) | {"COLUMNS": str(_COLUMNS)}
    done = subprocess.run(
        ["make", "up"],  # noqa: S607 (the make that the reader would use)
        cwd=_PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    try:
        if done.returncode:
            sys.exit(f"`make up` failed:\n{done.stdout}")
        if "page" in wanted:
            page = re.search(r"http://\S+/_local/page/", done.stdout)
            assert page is not None
            photograph_page(page[0])
    finally:
        subprocess.run(["make", "down"], cwd=_PROJECT, check=True, stdout=subprocess.DEVNULL)  # noqa: S607
    if "make-up" in wanted:
        write_recording(done.stdout, _DOCS / "make-up.svg")


def photograph_page(address: str) -> None:
    """docs/page-gateway.png, the demo's gateway, and docs/page-call.png, a call of its tool."""
    program = chromium()
    if program is None:
        sys.exit("The page needs Chromium; on Debian: apt-get install chromium")
    with TemporaryDirectory() as folder:
        browser = Browser(program, Path(folder))
        try:
            page = browser.page(address)
            page.look(*_PAGE)
            page.click("tbody a")
            page.until("document.querySelector('.tools') !== null")
            _photograph(page, "page-gateway.png")
            page.click(".tools a[href$=order_status]")
            page.until("document.querySelector('#field-1') !== null")
            page.click("#field-1")
            page.type("A-1002")
            page.click("form.call button")
            page.until("location.pathname.includes('/calls/')")
            page.until("document.querySelector('h2') !== null")
            _photograph(page, "page-call.png")
        finally:
            browser.close()


def _photograph(page: Page, name: str) -> None:
    page.until("document.readyState === 'complete'")
    page.value("document.documentElement.style.scrollbarWidth = 'none'")
    page.picture(_DOCS / name)


def write_recording(output: str, path: Path) -> None:
    """The output of `make up` as a picture of a terminal."""
    console = Console(record=True, width=_COLUMNS, file=StringIO(), highlight=False)
    console.print(Text("$ make up", style="bold bright_white"))
    for line in trimmed(output):
        console.print(_styled(line), soft_wrap=False, overflow="ellipsis", no_wrap=True)
    drawn = console.export_svg(title="make up", theme=_THEME, unique_id="make-up")
    # A picture in a README may load nothing: the reader's own monospace font is as good.
    drawn = re.sub(r"@font-face\s*\{.*?\}\s*|<!--.*?-->\s*", "", drawn, flags=re.DOTALL)
    path.write_text(drawn, encoding="utf-8")


def trimmed(output: str) -> list[str]:
    """The lines worth showing: from the start of local AWS on, each resource once, without the stack's outputs.

    What differs from machine to machine is left out: paths, process ids, the hashes in names, the port.
    """
    text = output[output.index(_FIRST) :] if _FIRST in output else output
    text = text.replace(f"{_PROJECT}/", "").replace(str(_PROJECT), ".").replace(str(Path.home()), "~")
    text = re.sub(r"\(process \d+, ", "(", text)
    # With PORT in the environment; what it moves is moved back.
    text = re.sub(r"(?<=\b127\.0\.0\.1:)\d+|(?<=\bon port )\d+", "4599", text)
    text = re.sub(r"^=> Moved stack .*\n\n?", "", text, flags=re.MULTILINE)
    text = re.sub(r"^Outputs:\n.*?^(?=Resources:)", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"^( \+ .* created) .*$", r"\1", text, flags=re.MULTILINE)
    text = re.sub(r"^@ .*\n|^ \+ .* creating .*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"\bshop-[0-9a-f]{7}-[0-9a-z]{10}\b", "shop-1a2b3c4-0123456789", text)
    kept: list[str] = []
    for line in text.splitlines():
        if line.strip() or (kept and kept[-1]):
            kept.append(line[:_COLUMNS].rstrip())
    return kept


def _styled(line: str) -> Text:
    if line.startswith("=> "):
        return Text(line, style="bold bright_blue")
    if re.match(r"\s*\+\s", line):
        return Text(line, style="green")
    return Text(line)


if __name__ == "__main__":
    wanted = sys.argv[1:] or ["gateway", "make-up", "page"]
    if "gateway" in wanted:
        draw_gateway()
    if {"make-up", "page"} & set(wanted):
        record_make_up(wanted)
