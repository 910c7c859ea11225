"""Shapes of a picture in SVG: boxes, arrows and lines of text, the same on light and dark pages.

Every text is in a coloured box, so it can be read on any background.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

_SANS = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif"
_MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace"
STROKE = "#8294ab"
INK, SOFT = "#1b2733", "#52606f"
PLAIN, PALE, BLUE, SAND, CREAM = "#f6f8fb", "#e8eef6", "#dcebfd", "#fdf1dc", "#fff8e6"
# Average advance of a character, as a fraction of the font's size, rounded up because fonts differ.
SANS_ADVANCE, _MONO_ADVANCE = 0.54, 0.605


@dataclass(frozen=True)
class Box:
    """Position and size in pixels, from the picture's upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def center(self) -> float:
        return self.x + self.width / 2

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


def picture(description: str, width: float, height: float, drawn: Iterable[str]) -> str:
    """The whole picture. description: of what it shows, for screen readers."""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
            f'height="{height:g}" role="img" aria-label={quoteattr(description)} font-family="{_SANS}">',
            f"<title>{escape(description)}</title>",
            '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
            f'orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="{STROKE}"/></marker></defs>',
            *drawn,
            "</svg>",
        ]
    )


def rect(box: Box, fill: str, radius: float = 10, *, dashed: bool = False) -> list[str]:
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return [
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="{radius:g}" '
        f'fill="{fill}" stroke="{STROKE}"{dash}/>'
    ]


def curve(gate: Box, to: Box) -> list[str]:
    x, y = to.x - 2, to.middle
    bend = (x - gate.right) / 2
    path = f"M{gate.right:g} {gate.middle:g}C{gate.right + bend:g} {gate.middle:g} {x - bend:g} {y:g} {x:g} {y:g}"
    return [f'<path d="{path}" fill="none" stroke="{STROKE}" stroke-width="1.5" marker-end="url(#arrow)"/>']


def arrow(
    x1: float, y1: float, x2: float, y2: float, label: str = "", *, dashed: bool = False, vertical: bool = False
) -> list[str]:
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    drawn = [
        f'<path d="M{x1:g} {y1:g}L{x2:g} {y2:g}" stroke="{STROKE}" stroke-width="1.5"{dash} marker-end="url(#arrow)"/>'
    ]
    if label:
        wide = len(label) * 11 * SANS_ADVANCE + 12
        pill = Box((x1 + x2 - wide) / 2, (y1 + y2) / 2 - (13 if vertical else 9), wide, 18)
        drawn += [
            f'<rect x="{pill.x:g}" y="{pill.y:g}" width="{wide:g}" height="18" rx="9" fill="{PLAIN}"/>',
            text((x1 + x2) / 2, pill.y + 13, label, 11, ink=SOFT, anchor="middle"),
        ]
    return drawn


def text(
    x: float,
    y: float,
    content: str,
    size: int,
    *,
    bold: bool = False,
    mono: bool = False,
    ink: str = INK,
    anchor: str = "start",
    room: float = 0,
) -> str:
    """One line. room: its maximum width; longer text ends in an ellipsis, with the whole in a tool tip."""
    fits = int(room / (size * (_MONO_ADVANCE if mono else SANS_ADVANCE))) if room else len(content)
    visible = content if len(content) <= fits else content[: fits - 1].rstrip() + "…"
    tip = f"<title>{escape(content)}</title>" if visible != content else ""
    style = (' font-weight="600"' if bold else "") + (f' font-family="{_MONO}"' if mono else "")
    style += f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{ink}"{style}>{tip}{escape(visible)}</text>'
