"""Local AWS and the rules of the preview do what the real service was observed to do, or a row says why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import rows

from docs import fidelity
from tests.fidelity import form, programs
from tests.fidelity.ground import Ground
from tests.support.control_plane import ControlPlane
from tests.support.targets import Counterpart

CHECKED = [row for area in rows.areas() for row in area.rows if row.checks]
WRITE = ".venv/bin/python docs/fidelity.py"


@pytest.fixture(scope="module")
def local_aws() -> Iterator[ControlPlane]:
    """Everything is ready at once."""
    found = ControlPlane()
    yield found
    found.close()


@pytest.fixture
def make_ground(local_aws: ControlPlane, tmp_path: Path) -> Iterator[Callable[[], Ground]]:
    """A new ground for each check."""
    made: list[Ground] = []

    def make() -> Ground:
        made.append(Ground(local_aws, tmp_path, Counterpart, programs))
        return made[-1]

    yield make
    for ground in made:
        ground.close()


@pytest.mark.parametrize("row", CHECKED, ids=lambda row: row.id)
def test_a_row_says_the_truth(row: rows.Row, make_ground: Callable[[], Ground]) -> None:
    """A row marked `same` gives what was observed; one marked `differs` does not, or its verdict is out of date."""
    found = []
    for number, check in enumerate(row.checks, 1):
        ground = make_ground()
        answer = ground.answer(check.given, check.when)
        found += [f"check {number}: {it}" for it in form.differences(ground.expected(check.then), answer)]
    print("; ".join(found))
    if row.verdict == "same":
        assert not found, f"{row.id} differs from what was observed ({row.source}): " + "; ".join(found)
    else:
        assert found, f"{row.id} is as observed now. Set its verdict to `same`, take its `why` away, and run {WRITE}"


def test_the_page_is_the_one_that_its_script_writes() -> None:
    """`.venv/bin/python docs/fidelity.py` writes docs/fidelity.md from the rows."""
    script = fidelity
    assert script.PAGE.read_text(encoding="utf-8") == script.page(), f"the rows have changed: run {WRITE}"
