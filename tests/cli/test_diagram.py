from __future__ import annotations

import dataclasses
import re
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from agentcore_provider.cli.inspect.diagram import mermaid, svg
from agentcore_provider.cli.inspect.shown_gateway import ShownGateway, ShownTarget, ShownTool
from agentcore_provider.cli.inspect.shown_rate_limit import ShownRateLimit, described_rate_limit
from agentcore_provider.cli.inspect.shown_rule import ShownRule, described_rule

_SVG = "{http://www.w3.org/2000/svg}"


def _gateway(tools: int = 2, targets: int = 2, name: str = "shop", rules: int = 0) -> ShownGateway:
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
    rules = [ShownRule(100 * it, "path /a/*", "to target-0", ["target-0"], "ACTIVE") for it in range(1, rules + 1)]
    return ShownGateway(name, status="READY", sign_in="EzAuth, client abc", searches=True, targets=made, rules=rules)


def _texts(drawn: str) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(drawn).iter(f"{_SVG}text")]


def test_both_pictures_have_sign_in_gateway_credentials_targets_and_tools() -> None:
    for drawn in (mermaid(_gateway()), svg(_gateway())):
        for reported in ("agent", "EzAuth", "client abc", "shop", "OAuth provider-1", "target-1", "tool_1_1"):
            assert reported in drawn


def test_rules_are_drawn_with_what_they_do() -> None:
    """In Mermaid each points to the targets that it names."""
    gateway = _gateway(rules=2)
    assert "100: path /a/* to target-0" in _texts(svg(gateway))
    drawn = mermaid(gateway)
    assert 'rule2{{"rule 200<br/>path /a/*<br/>to target-0"}}' in drawn
    assert "rule2 -.-> target1" in drawn


def test_rate_limits_are_drawn_with_their_rates() -> None:
    """Below the rules; of many entries the first ones."""
    limit = ShownRateLimit("rl-1", "tool", [f"a___{it} 1 requests a second" for it in range(6)], "ACTIVE")
    gateway = dataclasses.replace(_gateway(rules=1), rate_limits=[limit])
    rates = "; ".join([*limit.rates[:4], "2 more"])
    assert f"rl-1 by tool: {rates}" in _texts(svg(gateway))
    drawn = mermaid(gateway)
    assert f'limit1{{{{"rate limit rl-1<br/>by tool: {rates}"}}}}' in drawn
    assert "gateway -.-> limit1" in drawn


def test_a_rate_limit_in_words() -> None:
    """Keys, values and rates, without AWS's notation."""
    keys = ["targetName", "$.context.jwt.sub", "$.context.request.header.X-Tier"]
    values = dict(zip(keys, ("orders", "*", "*"), strict=True))
    limit = {
        "rate_limit_id": "rl-1",
        "dimension_keys": keys,
        "entries": [
            {"dimensions": values, "requests": [{"rate": 0.5, "period": "second"}]},
            {
                "dimensions": dict.fromkeys(keys, "*"),
                "tokens": [{"rate": 50000.0, "period": "minute"}],
                "connections": [{"rate": 5.0, "period": "second"}],
            },
        ],
    }
    found = described_rate_limit(limit)
    assert (found.counted_by, found.rates) == (
        "target, claim sub, header X-Tier",
        ["orders each each 0.5 requests a second", "each 50,000 tokens a minute, 5 connections"],
    )


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ({"routeToTarget": {"staticRoute": {"targetName": "a", "model": "m"}}}, "to a (m)"),
        (
            {
                "routeToTarget": {
                    "staticRoute": {
                        "targetName": "a",
                        "fallback": {"targetFallback": [{"targetName": "b"}, {"targetName": "c", "model": "m"}]},
                    }
                }
            },
            "to a, else b, else c (m)",
        ),
        (
            {
                "routeToTarget": {
                    "weightedRoute": {
                        "trafficSplit": [
                            {"name": "x", "targetName": "a", "weight": 90},
                            {"name": "y", "targetName": "b", "weight": 10},
                        ]
                    }
                }
            },
            "to 90% a, 10% b",
        ),
        (
            {"configurationBundle": {"staticOverride": {"bundleArn": "arn:b/prompts-1", "bundleVersion": "v"}}},
            "with prompts-1 v",
        ),
    ],
)
def test_an_action_in_words(action: dict[str, Any], words: str) -> None:
    """Where requests go, and what is tried after that."""
    rule = {"priority": 1, "actions": [action], "conditions": [{"matchModels": {"anyOf": [{"value": "m-*"}]}}]}
    assert (described_rule(rule).action, described_rule(rule).matches) == (words, "model m-*")


@pytest.mark.parametrize(("targets", "tools"), [(0, 0), (1, 0), (1, 40), (12, 3)])
def test_nothing_is_drawn_outside_the_svg(targets: int, tools: int) -> None:
    limits = [ShownRateLimit(f"rl-{it}", "tool", ["each 1 connections"], "ACTIVE") for it in range(3)]
    root = ElementTree.fromstring(svg(dataclasses.replace(_gateway(tools, targets, rules=5), rate_limits=limits)))
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
