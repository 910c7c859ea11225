"""Writes docs/fidelity.md from the rows of tests/fidelity: .venv/bin/python docs/fidelity.py"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[1]
_ROWS = _ROOT / "tests" / "fidelity" / "rows.py"
PAGE = _ROOT / "docs" / "fidelity.md"

_HEAD = """# True to AWS

What the real service was observed to do, and whether local AWS and the preview do the same. This page is written by
`docs/fidelity.py` from `tests/fidelity/rows`; `make test` checks each row that a machine can check, in both directions: a
row marked "same" must be as observed, and one marked "differs" must still differ.

Observations come from public notebooks, issues, evidence files and AWS's own samples. *Measured*: its author did it on a
live account; *retold*: somebody wrote it down; *documented*: AWS says so. Nobody ran any of it for this project against an
AWS account.
"""

_KINDS = {
    "message": "MCP request",
    "http": "HTTP request",
    "operation": "API call",
    "judge": "`agentcore validate`",
    "program": "program",
}


def page() -> str:
    """The page's text."""
    areas = _areas()
    lines = [_HEAD, "| | same | differs | not checked |", "|---|---|---|---|"]
    for area in areas:
        counts = " | ".join(str(_count(area, it)) for it in ("same", "differs", "unchecked"))
        lines.append(f"| [{area.title}](#{_anchor(area.title)}) | {counts} |")
    for area in areas:
        lines += ["", f"## {area.title}", "", "| | observed | here | source |", "|---|---|---|---|"]
        lines += [_line(row) for row in area.rows]
    return "\n".join(lines) + "\n"


def _areas() -> list[Any]:
    spec = importlib.util.spec_from_file_location("fidelity_rows", _ROWS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Its dataclasses look themselves up.
    sys.modules["fidelity_rows"] = module
    spec.loader.exec_module(module)
    found: list[Any] = module.areas()
    return found


def _count(area: Any, verdict: str) -> int:
    return sum(row.verdict == verdict for row in area.rows)


def _anchor(title: str) -> str:
    return "".join(it for it in title.lower().replace(" ", "-") if it.isalnum() or it == "-")


def _line(row: Any) -> str:
    verdict = {"same": "**same**", "differs": "**differs**", "unchecked": "**not checked**"}[row.verdict]
    text = f"{verdict}: {row.why}" if row.why else verdict
    kinds = list(dict.fromkeys(_KINDS[it] for check in row.checks for it in _KINDS if it in check.when))
    how = f" ({', '.join(kinds)})" if kinds else ""
    source = f"{row.source}; {row.date}, {row.weight}"
    return f"| {row.id} | {_cell(row.observed)} | {_cell(text)}{how} | {_cell(source)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
