"""The picture of a gateway as SVG: drawn here, without browser or network, of the shapes in svg.py."""

from __future__ import annotations

from collections.abc import Sequence

from agentcore_provider.cli.inspect.shown_gateway import ShownGateway, ShownTarget
from agentcore_provider.cli.inspect.svg import (
    BLUE,
    CREAM,
    PALE,
    PLAIN,
    SAND,
    SANS_ADVANCE,
    SOFT,
    STROKE,
    Box,
    arrow,
    curve,
    picture,
    rect,
    text,
)

_WIDTH = 960
_EDGE = 16
_LINE = 18
_GAP = 18
_MOST_TOOLS = 8
_GREEN, _AMBER, _RED = "#1f883d", "#9a6700", "#cf222e"


def svg(gateway: ShownGateway) -> str:
    """The picture. No secret is in it."""
    heights = [_height_of(target) for target in gateway.targets] or [64.0]
    total = max(sum(heights) + _GAP * (len(heights) - 1), 236.0)
    height = total + 2 * _EDGE
    middle = height / 2
    agent = Box(_EDGE, middle - 104, 168, 64)
    sign_in = Box(_EDGE, middle + 34, 168, 84)
    gate = Box(280, middle - 58, 176, 116)
    drawn = [
        *arrow(agent.x + 84, agent.y + agent.height, agent.x + 84, sign_in.y, "1 gets a token", vertical=True),
        *arrow(agent.right, agent.middle, gate.x, gate.middle - 26, "2 MCP"),
        *arrow(gate.x, gate.middle + 26, sign_in.right, sign_in.middle, "checks it", dashed=True),
        *_agent(agent),
        *_sign_in(sign_in, gateway.sign_in),
        *_gateway(gate, gateway),
    ]
    y = (height - sum(heights) - _GAP * (len(heights) - 1)) / 2
    for target, tall in zip(gateway.targets, heights, strict=False):
        drawn += _row(gate, target, y, tall)
        y += tall + _GAP
    if not gateway.targets:
        empty = Box(680, middle - 32, 264, 64)
        drawn += [*rect(empty, PLAIN, dashed=True), text(696, middle + 5, "no targets yet", 14, ink=SOFT)]
    rules = [f"{it.priority}: {it.matches or 'every request'} {it.action}" for it in gateway.rules]
    limits = [f"{it.rate_limit_id} {it.line}" for it in gateway.rate_limits]
    portals = [f"{it.name} {it.portal_url}" for it in (gateway.consent_portal,) if it is not None]
    for title, lines in (("rules", rules), ("limits", limits), ("consent", portals)):
        if lines:
            box = Box(_EDGE, height, _WIDTH - 2 * _EDGE, 34.0 + _LINE * len(lines))
            drawn += _listed(box, title, lines)
            height += box.height + _EDGE
    description = f"Gateway {gateway.name}: sign-in, credentials, targets and tools"
    return picture(description, _WIDTH, height, drawn)


def _listed(box: Box, title: str, lines: Sequence[str]) -> list[str]:
    return [
        *rect(box, PLAIN),
        text(box.x + 14, box.y + 22, title, 12, ink=SOFT),
        *(
            text(box.x + 64, box.y + 22 + index * _LINE, line, 12, room=box.width - 78)
            for index, line in enumerate(lines)
        ),
    ]


def _height_of(target: ShownTarget) -> float:
    described = 54.0 if target.kind or target.place else 34.0
    listed = min(len(target.tools), _MOST_TOOLS) + (len(target.tools) > _MOST_TOOLS)
    return max(described + (listed * _LINE + 14 if listed else 8), 60.0)


def _agent(box: Box) -> list[str]:
    return [
        *rect(box, PALE, radius=32),
        text(box.x + box.width / 2, box.middle - 3, "agent", 15, bold=True, anchor="middle"),
        text(box.x + box.width / 2, box.middle + 15, "any MCP client", 12, ink=SOFT, anchor="middle"),
    ]


def _sign_in(box: Box, sign_in: str) -> list[str]:
    how, _, who = sign_in.partition(", ")
    lines = [text(box.x + 14, box.y + 26, "sign-in", 15, bold=True)]
    lines += [
        text(box.x + 14, box.y + 48 + 18 * index, part, 12, ink=SOFT, room=box.width - 28)
        for index, part in enumerate(part for part in (how, who) if part)
    ]
    return [*rect(box, SAND), *lines]


def _gateway(box: Box, gateway: ShownGateway) -> list[str]:
    return [
        *rect(box, BLUE),
        text(box.x + 14, box.y + 24, "gateway", 12, ink=SOFT),
        text(box.x + 14, box.y + 46, gateway.name, 16, bold=True, room=box.width - 28),
        *_status(box.x + 14, box.y + 70, gateway.status),
        text(box.x + 14, box.y + 94, "search by meaning" if gateway.searches else "no search", 12, ink=SOFT),
    ]


def _row(gate: Box, target: ShownTarget, y: float, tall: float) -> list[str]:
    box = Box(680, y, 264, tall)
    credentials = list(target.credentials)
    drawn = []
    if credentials:
        pill = Box(502, box.middle - 11 * len(credentials) - 4, 136, 22 * len(credentials) + 8)
        drawn += [
            *curve(gate, pill),
            *arrow(pill.right, pill.middle, box.x, box.middle),
            *rect(pill, CREAM, 12),
        ]
        drawn += [
            text(pill.x + 68, pill.y + 19 + 22 * index, line, 12, anchor="middle", room=pill.width - 16)
            for index, line in enumerate(credentials)
        ]
    else:
        drawn += curve(gate, box)
    drawn += [*rect(box, PLAIN), text(box.x + 14, y + 23, target.name, 15, bold=True, room=120)]
    drawn += _status(box.right - 14, y + 23, target.status, at_end=True)
    what = " · ".join(part for part in (target.kind, target.place, "tools locked" if target.locked else "") if part)
    under = y + 34.0
    if what:
        drawn.append(text(box.x + 14, y + 42, what, 12, ink=SOFT, room=box.width - 28))
        under = y + 54
    if target.tools:
        drawn.append(f'<path d="M{box.x:g} {under:g}H{box.right:g}" stroke="{STROKE}" stroke-opacity=".5"/>')
    listed = [tool.name for tool in target.tools[:_MOST_TOOLS]]
    for index, name in enumerate(listed):
        drawn.append(text(box.x + 14, under + 20 + index * _LINE, name, 12, mono=True, room=box.width - 28))
    if (more := len(target.tools) - len(listed)) > 0:
        drawn.append(text(box.x + 14, under + 20 + len(listed) * _LINE, f"and {more} more", 12, ink=SOFT))
    return drawn


def _status(x: float, y: float, status: str, *, at_end: bool = False) -> list[str]:
    if not status:
        return []
    words = status.replace("_", " ").lower()
    colour = _GREEN if status == "READY" else _RED if status.endswith(("FAILED", "UNSUCCESSFUL")) else _AMBER
    width = len(words) * 12 * SANS_ADVANCE
    dot, start = (x - width - 10, x) if at_end else (x + 4, x + 14)
    return [
        f'<circle cx="{dot:g}" cy="{y - 4:g}" r="4" fill="{colour}"/>',
        text(start, y, words, 12, ink=colour, anchor="end" if at_end else "start"),
    ]
