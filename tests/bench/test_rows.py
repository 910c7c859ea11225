"""Rows are chosen by name, and what fails in one is reported."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.bench import results
from tests.bench.__main__ import main, measure
from tests.bench.command import CommandFailed
from tests.bench.figure import Measured
from tests.bench.row import Row, Run, Workplace
from tests.bench.rows import ROWS


@contextmanager
def _second_run_fails(workplace: Workplace) -> Iterator[Run]:
    answers = iter([1.0, None, 3.0])

    def run() -> list[Measured]:
        value = next(answers)
        if value is None:
            raise CommandFailed("pulumi up ended with 1: throttled")
        return [Measured("up", value)]

    yield run


@contextmanager
def _cannot_prepare(workplace: Workplace) -> Iterator[Run]:
    if not any(workplace.folder.iterdir()):
        raise CommandFailed("pulumi up ended with 1: no function")
    yield list


def test_a_failed_run_does_not_end_the_others(tmp_path: Path) -> None:
    """It is reported, and its figures are in none of the lists."""
    file = tmp_path / "results.json"
    result = measure(Row("row", "A row", _second_run_fails), 3, {"pulumi": "3"}, file)
    assert result.figures[0].values == [1.0, 3.0]
    assert result.failed == ["run 2: pulumi up ended with 1: throttled"]
    assert results.read(file) == {"row": result}


def test_a_row_that_cannot_be_prepared_is_reported(tmp_path: Path) -> None:
    """With the reason; the rows after it are measured."""
    result = measure(Row("row", "A row", _cannot_prepare), 3, {}, tmp_path / "results.json")
    assert (result.figures, result.failed) == ([], ["preparing: pulumi up ended with 1: no function"])


def test_rows_are_listed_and_chosen_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown name is an error that names all rows."""
    assert main(["--list"]) == 0
    listed = capsys.readouterr().out
    assert all(row.name in listed for row in ROWS)
    with pytest.raises(SystemExit):
        main(["one-gatway"])
    assert "unknown row one-gatway; the rows are empty-up, one-gateway" in capsys.readouterr().err
