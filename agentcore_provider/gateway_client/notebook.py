"""How things look in a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape


def card(title: str, shown: Mapping[str, str]) -> str:
    """A small table as HTML; everything is escaped, what is empty left out."""
    rows = "".join(
        f'<tr><th style="text-align:left">{escape(name)}</th><td style="text-align:left">{escape(str(value))}</td></tr>'
        for name, value in shown.items()
        if value
    )
    return f"<table><caption>{escape(title)}</caption><tbody>{rows}</tbody></table>"
