"""Writes what `make bench` measured into docs/performance.md: .venv/bin/python docs/performance.py"""

from __future__ import annotations

import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(_ROOT))

from tests.bench import results, table  # noqa: E402 (found from the root of the repository)
from tests.bench.results import Result  # noqa: E402
from tests.bench.rows import ROWS  # noqa: E402

PAGE = _ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures: written by docs/performance.py -->\n", "<!-- end of figures -->\n"


def page(text: str, measured: dict[str, Result]) -> str:
    """The page with the results in place of its figures; rows that were not measured are named."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    kept = [measured[row.name] for row in ROWS if row.name in measured]
    missing = [f"`{row.name}`" for row in ROWS if row.name not in measured]
    machines = sorted({result.machine for result in kept})
    loads = [load for result in kept for load in result.loads]
    figures = f"\nOn {'; '.join(machines)}."
    if loads:
        figures += f" Load of the machine: {min(loads):.1f} to {max(loads):.1f}; more than one for each processor means that work waited."
    figures += f"\n\n{table.markdown(kept)}\n"
    if missing:
        figures += f"Not measured: {', '.join(missing)}.\n\n"
    return before + BEGIN + figures + END + after


if __name__ == "__main__":
    if not results.FILE.exists():
        sys.exit(f"{results.FILE.relative_to(_ROOT)} does not exist: run `make bench` first")
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), results.read()), encoding="utf-8")
