from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from agentcore_provider.cli.inspect.diagram import mermaid, svg
from agentcore_provider.cli.inspect.shown_gateway import ShownGateway, ShownTarget, ShownTool

_SVG = "{http://www.w3.org/2000/svg}"


def _gateway(tools: int = 2, targets: int = 2, name: str = "shop") -> ShownGateway:
    made = [
        ShownTarget(
            f"target-{number}",
            "MCP server",
            "mcp.example.com",
            "READY" if number else "CREATE_PENDING_AUTH",
            credentials=[f"OAuth provider-{number}"],
            tools=[ShownTool(f"tool_{number}_{index}") for index in range(tools)],
        )
        for number in range(targets)
    ]
    return ShownGateway(name, status="READY", sign_in="EzAuth, client abc", searches=True, targets=made)


def _texts(drawn: str) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(drawn).iter(f"{_SVG}text")]


def test_both_pictures_have_sign_in_gateway_credentials_targets_and_tools() -> None:
    for drawn in (mermaid(_gateway()), svg(_gateway())):
        for reported in ("agent", "EzAuth", "client abc", "shop", "OAuth provider-1", "target-1", "tool_1_1"):
            assert reported in drawn


@pytest.mark.parametrize(("targets", "tools"), [(0, 0), (1, 0), (1, 40), (12, 3)])
def test_nothing_is_drawn_outside_the_svg(targets: int, tools: int) -> None:
    root = ElementTree.fromstring(svg(_gateway(tools, targets)))
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    boxes = [{key: float(box.attrib[key]) for key in ("x", "y", "width", "height")} for box in root.iter(f"{_SVG}rect")]
    assert boxes
    for box in boxes:
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height


def test_targets_do_not_overlap() -> None:
    root = ElementTree.fromstring(svg(_gateway(tools=20, targets=6)))
    boxes = sorted(
        (float(box.attrib["y"]), float(box.attrib["height"]))
        for box in root.iter(f"{_SVG}rect")
        if box.attrib["x"] == "680"
    )
    assert len(boxes) == 6
    assert all(y + height < following for (y, height), (following, _) in pairwise(boxes))


def test_many_tools_are_counted() -> None:
    assert "and 32 more" in _texts(svg(_gateway(tools=40)))
    assert "and 28 more" in mermaid(_gateway(tools=40))


def test_a_long_name_is_cut_and_whole_in_its_tool_tip() -> None:
    name = "a-very-long-name-of-a-gateway-for-orders-and-more"
    drawn = svg(_gateway(name=name))
    assert f"<title>{name}</title>" in drawn
    assert re.search(r">a-very-long-[a-z-]*…<", drawn)


def test_names_cannot_break_out_of_the_pictures() -> None:
    hostile = _gateway(name='"]; click x "javascript:alert(1)" <script>&')
    assert "<script>" not in svg(hostile)
    ElementTree.fromstring(svg(hostile))
    line = next(line for line in mermaid(hostile).splitlines() if "gateway[" in line)
    assert line.count('"') == 2
    assert "<script>" not in line


def test_the_svg_loads_nothing() -> None:
    drawn = svg(_gateway())
    assert "href" not in drawn
    assert re.findall(r"https?://[^\"'<]+", drawn) == ["http://www.w3.org/2000/svg"]
