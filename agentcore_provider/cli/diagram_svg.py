"""The picture of a gateway as SVG: drawn here, without browser or network, and the same on light and dark pages.

Every text stands in a box of its own colour, so it can be read whatever lies behind the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from agentcore_provider.cli.shown_gateway import ShownGateway, ShownTarget

_WIDTH = 960
_EDGE = 16
_LINE = 18
_GAP = 18
_MOST_TOOLS = 8
_SANS = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif"
_MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace"
_STROKE = "#8294ab"
_INK, _SOFT = "#1b2733", "#52606f"
_BOX, _AGENT, _SIGN_IN, _GATEWAY, _CREDENTIAL = "#f6f8fb", "#e8eef6", "#fdf1dc", "#dcebfd", "#fff8e6"
_GREEN, _AMBER, _RED = "#1f883d", "#9a6700", "#cf222e"
# Average advance of a character, as a part of the font's size: fonts differ, so a little is left at the end.
_SANS_ADVANCE, _MONO_ADVANCE = 0.54, 0.605


@dataclass(frozen=True)
class _Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def right(self) -> float:
        return self.x + self.width


def svg(gateway: ShownGateway) -> str:
    """The picture. No secret is in it."""
    heights = [_height_of(target) for target in gateway.targets] or [64.0]
    total = max(sum(heights) + _GAP * (len(heights) - 1), 236.0)
    height = total + 2 * _EDGE
    middle = height / 2
    agent = _Box(_EDGE, middle - 104, 168, 64)
    sign_in = _Box(_EDGE, middle + 34, 168, 84)
    gate = _Box(280, middle - 58, 176, 116)
    drawn = [
        *_arrow(agent.x + 84, agent.y + agent.height, agent.x + 84, sign_in.y, "1 gets a token", vertical=True),
        *_arrow(agent.right, agent.middle, gate.x, gate.middle - 26, "2 MCP"),
        *_arrow(gate.x, gate.middle + 26, sign_in.right, sign_in.middle, "checks it", dashed=True),
        *_agent(agent),
        *_sign_in(sign_in, gateway.sign_in),
        *_gateway(gate, gateway),
    ]
    y = (height - sum(heights) - _GAP * (len(heights) - 1)) / 2
    for target, tall in zip(gateway.targets, heights, strict=False):
        drawn += _row(gate, target, y, tall)
        y += tall + _GAP
    if not gateway.targets:
        empty = _Box(680, middle - 32, 264, 64)
        drawn += [*_rect(empty, _BOX, dashed=True), _text(696, middle + 5, "no targets yet", 14, ink=_SOFT)]
    said = f"Gateway {gateway.name}: sign-in, credentials, targets and tools"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:g}" width="{_WIDTH}" '
            f'height="{height:g}" role="img" aria-label={quoteattr(said)} font-family="{_SANS}">',
            f"<title>{escape(said)}</title>",
            '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
            f'orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="{_STROKE}"/></marker></defs>',
            *drawn,
            "</svg>",
        ]
    )


def _height_of(target: ShownTarget) -> float:
    described = 54.0 if target.kind or target.place else 34.0
    shown = min(len(target.tools), _MOST_TOOLS) + (len(target.tools) > _MOST_TOOLS)
    return max(described + (shown * _LINE + 14 if shown else 8), 60.0)


def _agent(box: _Box) -> list[str]:
    return [
        *_rect(box, _AGENT, radius=32),
        _text(box.x + box.width / 2, box.middle - 3, "agent", 15, bold=True, anchor="middle"),
        _text(box.x + box.width / 2, box.middle + 15, "any MCP client", 12, ink=_SOFT, anchor="middle"),
    ]


def _sign_in(box: _Box, said: str) -> list[str]:
    how, _, who = said.partition(", ")
    lines = [_text(box.x + 14, box.y + 26, "sign-in", 15, bold=True)]
    lines += [
        _text(box.x + 14, box.y + 48 + 18 * index, part, 12, ink=_SOFT, room=box.width - 28)
        for index, part in enumerate(part for part in (how, who) if part)
    ]
    return [*_rect(box, _SIGN_IN), *lines]


def _gateway(box: _Box, gateway: ShownGateway) -> list[str]:
    return [
        *_rect(box, _GATEWAY),
        _text(box.x + 14, box.y + 24, "gateway", 12, ink=_SOFT),
        _text(box.x + 14, box.y + 46, gateway.name, 16, bold=True, room=box.width - 28),
        *_status(box.x + 14, box.y + 70, gateway.status),
        _text(box.x + 14, box.y + 94, "search by meaning" if gateway.searches else "no search", 12, ink=_SOFT),
    ]


def _row(gate: _Box, target: ShownTarget, y: float, tall: float) -> list[str]:
    box = _Box(680, y, 264, tall)
    said = list(target.credentials)
    drawn = []
    if said:
        pill = _Box(502, box.middle - 11 * len(said) - 4, 136, 22 * len(said) + 8)
        drawn += [
            *_curve(gate, pill),
            *_arrow(pill.right, pill.middle, box.x, box.middle),
            *_rect(pill, _CREDENTIAL, 12),
        ]
        drawn += [
            _text(pill.x + 68, pill.y + 19 + 22 * index, line, 12, anchor="middle", room=pill.width - 16)
            for index, line in enumerate(said)
        ]
    else:
        drawn += _curve(gate, box)
    drawn += [*_rect(box, _BOX), _text(box.x + 14, y + 23, target.name, 15, bold=True, room=120)]
    drawn += _status(box.right - 14, y + 23, target.status, at_end=True)
    what = " · ".join(part for part in (target.kind, target.place) if part)
    under = y + 34.0
    if what:
        drawn.append(_text(box.x + 14, y + 42, what, 12, ink=_SOFT, room=box.width - 28))
        under = y + 54
    if target.tools:
        drawn.append(f'<path d="M{box.x:g} {under:g}H{box.right:g}" stroke="{_STROKE}" stroke-opacity=".5"/>')
    shown = [tool.name for tool in target.tools[:_MOST_TOOLS]]
    for index, name in enumerate(shown):
        drawn.append(_text(box.x + 14, under + 20 + index * _LINE, name, 12, mono=True, room=box.width - 28))
    if (more := len(target.tools) - len(shown)) > 0:
        drawn.append(_text(box.x + 14, under + 20 + len(shown) * _LINE, f"and {more} more", 12, ink=_SOFT))
    return drawn


def _status(x: float, y: float, status: str, *, at_end: bool = False) -> list[str]:
    if not status:
        return []
    words = status.replace("_", " ").lower()
    colour = _GREEN if status == "READY" else _RED if status.endswith(("FAILED", "UNSUCCESSFUL")) else _AMBER
    width = len(words) * 12 * _SANS_ADVANCE
    dot, start = (x - width - 10, x) if at_end else (x + 4, x + 14)
    return [
        f'<circle cx="{dot:g}" cy="{y - 4:g}" r="4" fill="{colour}"/>',
        _text(start, y, words, 12, ink=colour, anchor="end" if at_end else "start"),
    ]


def _rect(box: _Box, fill: str, radius: float = 10, *, dashed: bool = False) -> list[str]:
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return [
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="{radius:g}" '
        f'fill="{fill}" stroke="{_STROKE}"{dash}/>'
    ]


def _curve(gate: _Box, to: _Box) -> list[str]:
    x, y = to.x - 2, to.middle
    bend = (x - gate.right) / 2
    path = f"M{gate.right:g} {gate.middle:g}C{gate.right + bend:g} {gate.middle:g} {x - bend:g} {y:g} {x:g} {y:g}"
    return [f'<path d="{path}" fill="none" stroke="{_STROKE}" stroke-width="1.5" marker-end="url(#arrow)"/>']


def _arrow(
    x1: float, y1: float, x2: float, y2: float, said: str = "", *, dashed: bool = False, vertical: bool = False
) -> list[str]:
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    drawn = [
        f'<path d="M{x1:g} {y1:g}L{x2:g} {y2:g}" stroke="{_STROKE}" stroke-width="1.5"{dash} marker-end="url(#arrow)"/>'
    ]
    if said:
        wide = len(said) * 11 * _SANS_ADVANCE + 12
        label = _Box((x1 + x2 - wide) / 2, (y1 + y2) / 2 - (13 if vertical else 9), wide, 18)
        drawn += [
            f'<rect x="{label.x:g}" y="{label.y:g}" width="{wide:g}" height="18" rx="9" fill="{_BOX}"/>',
            _text((x1 + x2) / 2, label.y + 13, said, 11, ink=_SOFT, anchor="middle"),
        ]
    return drawn


def _text(
    x: float,
    y: float,
    said: str,
    size: int,
    *,
    bold: bool = False,
    mono: bool = False,
    ink: str = _INK,
    anchor: str = "start",
    room: float = 0,
) -> str:
    """One line. room: the width it may take; what does not fit ends in an ellipsis, and is whole in a tool tip."""
    fits = int(room / (size * (_MONO_ADVANCE if mono else _SANS_ADVANCE))) if room else len(said)
    shown = said if len(said) <= fits else said[: fits - 1].rstrip() + "…"
    tip = f"<title>{escape(said)}</title>" if shown != said else ""
    style = (' font-weight="600"' if bold else "") + (f' font-family="{_MONO}"' if mono else "")
    style += f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{ink}"{style}>{tip}{escape(shown)}</text>'
