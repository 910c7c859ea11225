"""Medians, ratios, the kept file and the table."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import pytest

from tests.bench import command, mcp_load, results, table
from tests.bench.command import CommandFailed, Ended
from tests.bench.comparison import Floor, compared
from tests.bench.environment import NotMeasured
from tests.bench.figure import Figure, Measured, together
from tests.bench.results import Result
from tests.bench.row import Workplace

RUNS = [
    [Measured("up", 2.0, against={"peer": 60.0, "floor": 1.0}, counts={"requests": 22}, goal=("floor", 1.5))],
    [Measured("up", 3.0, against={"peer": 60.0, "floor": 3.0}, counts={"requests": 22}, goal=("floor", 1.5))],
    [Measured("up", 4.0, against={"floor": 2.0}, counts={"requests": 25}, goal=("floor", 1.5))],
]
UP = together(RUNS)[0]


def _result(**changes: object) -> Result:
    result = Result("row", "A row", "2026-01-02", "a machine", (0.5, 1.5), 3, [UP], {}, [], {"pulumi": "3"})
    return dataclasses.replace(result, **changes)  # type: ignore[arg-type]


def test_ratios_are_of_one_run_each() -> None:
    """Not of the medians: both sides of a ratio were under the same load."""
    assert UP.ratios("floor") == [2.0, 1.0, 2.0]
    assert UP.meets_goal() is False
    assert dataclasses.replace(UP, goal=("floor", 2.0)).meets_goal() is True


def test_more_is_better_where_it_is() -> None:
    """Then a goal is the least ratio."""
    rate = Figure("calls", "a second", [900.0], {"goal": [1000.0]}, {}, ("goal", 1.0), higher_is_better=True)
    assert rate.meets_goal() is False
    assert dataclasses.replace(rate, values=[1100.0]).meets_goal() is True


def test_a_peer_that_some_runs_lack_is_left_out() -> None:
    """Its ratios would be of other runs; a goal without its other side is neither met nor missed."""
    assert list(UP.against) == ["floor"]
    assert dataclasses.replace(UP, goal=("peer", 1.0)).meets_goal() is None


def test_the_table_shows_median_spread_counts_and_goal() -> None:
    """In the terminal and in Markdown."""
    assert table.lines(_result()) == [
        (
            "up",
            "3.00 s (2.00 to 4.00)",
            "floor: 2.00 s (1.00 to 3.00)",
            "2.00 x (1.00 to 2.00)",
            "≤ 1.5 x: not met",
            "22 to 25 requests",
        )
    ]
    plain, markdown = table.plain([_result()]), table.markdown([_result()])
    assert "2.00 x (1.00 to 2.00)" in plain
    assert "load 0.5 before and 1.5 after" in plain
    assert "| up | 3.00 s (2.00 to 4.00) | floor: 2.00 s" in markdown


def test_what_was_not_measured_is_reported() -> None:
    """Peers that cannot be installed and runs that failed are in the table, with the reason."""
    workplace = Workplace(Path())

    def cannot() -> Ended:
        raise NotMeasured("no network")

    assert workplace.peer("toolkit", cannot) == {}
    result = _result(not_measured=workplace.not_measured, failed=["run 2: throttled"], figures=[])
    for text in (table.plain([result]), table.markdown([result])):
        assert "toolkit was not measured: no network" in text
        assert "failed: run 2: throttled" in text


def test_rows_are_kept_one_by_one(tmp_path: Path) -> None:
    """A row that is measured again replaces its result and no other."""
    file = tmp_path / "results.json"
    results.save(_result(), file)
    results.save(_result(row="other"), file)
    results.save(_result(runs=5), file)
    assert results.read(file) == {"row": _result(runs=5), "other": _result(row="other")}


@pytest.mark.parametrize(
    ("value", "text"), [(0.01234, "0.0123"), (1.874, "1.87"), (61.66, "61.7"), (12345.6, "12,346"), (0.0, "0")]
)
def test_numbers_have_the_digits_that_count(value: float, text: str) -> None:
    """Three of them, more only for large ones."""
    assert table.number(value) == text


def test_percentiles() -> None:
    """Of 1 to 100 ms."""
    assert mcp_load.percentiles([float(it) for it in range(1, 102)]) == (51.0, 100.0)


def test_a_floor_is_the_sum_of_its_parts() -> None:
    """By the clock, with the goal, and in processor time; without it if one part could not be run."""
    ours, script, empty = (Ended(seconds, seconds / 2, 1.0, "") for seconds in (3.0, 1.0, 2.0))
    floor = Floor("floor", ("script", "empty"), 1.15)
    wall, cpu = compared("up", ours, {"script": script, "empty": empty}, floor=floor)
    assert (wall.value, wall.against["floor"], wall.goal) == (3.0, 3.0, ("floor", 1.15))
    assert (cpu.value, cpu.against["floor"], cpu.goal) == (1.5, 1.5, None)
    wall, _ = compared("up", ours, {"empty": empty}, floor=floor)
    assert (set(wall.against), wall.goal) == ({"empty"}, None)


def test_a_command_is_measured() -> None:
    """Its own memory, not that of the process that starts it; and what it printed when it fails."""
    large = b"x" * 150_000_000
    ended = command.run([sys.executable, "-c", "print('done')"])
    assert ended.text == "done\n"
    assert 0 < ended.megabytes < len(large) / 2**20
    with pytest.raises(CommandFailed, match=r"ended with 3: no luck"):
        command.run([sys.executable, "-c", "print('no luck'); exit(3)"])
