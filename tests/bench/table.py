"""Results as a table: in the terminal, and in docs/performance.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.bench.figure import Figure, spread
from tests.bench.results import Result

HEAD = ("", "measured", "compared with", "ratio", "goal", "counts")


def lines(result: Result) -> list[tuple[str, ...]]:
    """The row's lines: one for each figure and each thing that it is compared with; repeated cells are empty."""
    table: list[tuple[str, ...]] = []
    for figure in result.figures:
        ours = quantity(figure.values, figure.unit)
        counts = ", ".join(f"{_range(values)} {name}" for name, values in figure.counts.items())
        compared = [
            (f"{name}: {quantity(values, figure.unit)}", _ratio(figure, name), _goal(figure, name))
            for name, values in figure.against.items()
        ]
        for number, cells in enumerate(compared or [("", "", "")]):
            table.append((figure.name, ours, *cells, counts) if number == 0 else ("", "", *cells, ""))
    return table


def notes(result: Result) -> list[str]:
    """What was not measured, and why."""
    return [
        *(f"{peer} was not measured: {why}" for peer, why in result.not_measured.items()),
        *(f"failed: {why}" for why in result.failed),
    ]


def quantity(values: Sequence[float], unit: str) -> str:
    """The median, and in brackets the lowest and the highest: `1.87 s (1.80 to 2.01)`."""
    middle, lowest, highest = spread(values)
    text = f"{number(middle)} {unit}"
    return text if number(lowest) == number(highest) else f"{text} ({number(lowest)} to {number(highest)})"


def number(value: float) -> str:
    """Three digits that count, as in 0.0123, 1.87, 61.7, 12,300."""
    if value == 0 or value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.4f}"


def plain(results: Iterable[Result]) -> str:
    """All rows as text in columns."""
    texts = []
    for result in results:
        table = [HEAD, *lines(result)]
        widths = [max(len(line[column]) for line in table) for column in range(len(HEAD))]
        texts.append(f"{result.title}\n  {_about(result)}")
        texts += [
            ("  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))).rstrip()
            for line in table
        ]
        texts += [*(f"  {note}" for note in notes(result)), ""]
    return "\n".join(texts)


def markdown(results: Iterable[Result]) -> str:
    """All rows as sections with a table each."""
    texts = []
    for result in results:
        texts += [f"### {result.title}", "", f"`make bench ROWS={result.row}`: {_about(result)}.", ""]
        texts += [_markdown_line(HEAD), "|" + "---|" * len(HEAD)]
        texts += [_markdown_line(line) for line in lines(result)]
        texts += ["", *(f"- {note}" for note in notes(result)), *([""] if notes(result) else [])]
    return "\n".join(texts)


def _about(result: Result) -> str:
    runs = f"{result.runs} run" + ("s" if result.runs > 1 else "")
    versions = "".join(f", {name} {version}" for name, version in result.versions.items())
    return f"{result.date}, {runs}, load {result.loads[0]:.1f} before and {result.loads[1]:.1f} after{versions}"


def _markdown_line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("<", "&lt;") for cell in cells) + " |"


def _ratio(figure: Figure, name: str) -> str:
    middle, lowest, highest = spread(figure.ratios(name))
    text = f"{number(middle)} x"
    return text if len(figure.values) == 1 else f"{text} ({number(lowest)} to {number(highest)})"


def _goal(figure: Figure, name: str) -> str:
    if figure.goal is None or figure.goal[0] != name:
        return ""
    sign = "≥" if figure.higher_is_better else "≤"
    return f"{sign} {figure.goal[1]:g} x: {'met' if figure.meets_goal() else 'not met'}"


def _range(values: Sequence[float]) -> str:
    lowest, highest = number_of(min(values)), number_of(max(values))
    return lowest if lowest == highest else f"{lowest} to {highest}"


def number_of(value: float) -> str:
    """A count, whole if it is."""
    return f"{value:,.0f}" if float(value).is_integer() else number(value)
