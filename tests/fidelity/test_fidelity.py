"""Local AWS and the rules of the preview do what the real service was observed to do, or a row says why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import rows

from tests.support.control_plane import ControlPlane

CHECKED = [row for area in rows.areas() for row in area.rows if row.checks]
WRITE = ".venv/bin/python docs/fidelity.py"


@pytest.fixture(scope="module")
def local_aws() -> Iterator[ControlPlane]:
    """Everything is ready at once."""
    found = ControlPlane()
    yield found
    found.close()


@pytest.fixture
def make_ground(local_aws: Any, load: Callable[[str], ModuleType], tmp_path: Path) -> Iterator[Callable[[], Any]]:
    """A new ground for each check."""
    made: list[Any] = []

    def make() -> Any:
        counterpart = load("local/targets/conftest.py").Counterpart
        programs = load("fidelity/programs.py")
        made.append(load("fidelity/ground.py").Ground(local_aws, tmp_path, counterpart, programs))
        return made[-1]

    yield make
    for ground in made:
        ground.close()


@pytest.mark.parametrize("row", CHECKED, ids=lambda row: row.id)
def test_a_row_says_the_truth(row: Any, make_ground: Callable[[], Any], load: Callable[[str], ModuleType]) -> None:
    """A row marked `same` gives what was observed; one marked `differs` does not, or its verdict is out of date."""
    form = load("fidelity/form.py")
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


def test_the_page_is_the_one_that_its_script_writes(load: Callable[[str], ModuleType]) -> None:
    """`.venv/bin/python docs/fidelity.py` writes docs/fidelity.md from the rows."""
    script = load("../docs/fidelity.py")
    assert script.PAGE.read_text(encoding="utf-8") == script.page(), f"the rows have changed: run {WRITE}"
