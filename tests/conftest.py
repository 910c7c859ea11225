"""What holds for every test."""

from __future__ import annotations

import os
import socket
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import HealthCheck, settings

from tests.browser import Browser
from tests.browser import program as chromium

# The machine may be busy with other tests: how long an example takes says nothing about the code.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50)
settings.load_profile("busy")


def _only_loopback(event: str, arguments: tuple[Any, ...]) -> None:
    """A test of this process that reaches for anything but this machine, such as the real service, fails at once."""
    if event != "socket.connect":
        return
    connecting, address = arguments
    if connecting.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(
        ("127.", "::1", "localhost")
    ):
        raise ConnectionRefusedError(f"a test tried to reach {address[0]}")


sys.addaudithook(_only_loopback)

# Tests start hundreds of Python processes; where bytecode is not kept, as in many containers, each would compile the
# package again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# A process that only answers where this is set would hang on other machines.
os.environ.pop("PYTHONUNBUFFERED", None)

# moto reads it once, when the first test of the process makes an IAM account; a local AWS sets it too late for the others.
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"

_HERE = Path(__file__).parent
_LONG = {_HERE / room for room in ("docs", "package", "programs")}
"""Rooms whose tests run the real engine for seconds each."""


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are processors: tests often wait for processes that they started."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deal the long tests out, file by file, and to the front of what each worker gets: the short ones fill the end.

    With --dist worksteal each worker begins with an equal stretch of the list and later takes from others' ends.
    """
    workers: int = getattr(config, "workerinput", {}).get("workercount", 1)
    if workers == 1:
        return
    long = [list(tests) for path, tests in groupby(items, lambda it: it.path) if _is_long(path)]
    short = iter([it for it in items if not _is_long(it.path)])
    stretches = [[it for tests in long[worker::workers] for it in tests] for worker in range(workers)]
    count = len(items)
    for worker, stretch in enumerate(stretches):
        room = (count - sum(map(len, stretches[:worker]))) // (workers - worker) - len(stretch)
        stretch.extend(islice(short, max(room, 0)))
    items[:] = [*(it for stretch in stretches for it in stretch), *short]


def _is_long(path: Path) -> bool:
    return not _LONG.isdisjoint(path.parents)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that tests recorded as properties named `figure: ...`, summed over all of them."""
    figures: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "teardown":
                for name, value in report.user_properties:
                    if name.startswith("figure: "):
                        figures[name.removeprefix("figure: ")] += value
    if figures:
        terminalreporter.section("figures")
    for name, value in sorted(figures.items()):
        terminalreporter.line(f"{value:7,} {name}")


@pytest.fixture(scope="session")
def declare() -> Any:
    """Runs a program against memory and returns what it declared; see mocked_engine.declare."""
    from tests.resources import mocked_engine

    return mocked_engine.declare


@pytest.fixture(scope="session")
def not_run() -> Callable[[str], NoReturn]:
    """Says that a test does not run for want of a program, and why; where CI is set, that is a failure."""

    def end(why: str) -> NoReturn:
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)

    return end


@pytest.fixture
def browser(not_run: Callable[[str], NoReturn], tmp_path: Path) -> Iterator[Browser]:
    """Opens an address in a headless browser of its own."""
    program = chromium()
    if program is None:
        not_run("No browser was run: install Chromium (on Debian: apt-get install chromium) and run this test again.")
    browser = Browser(program, tmp_path)
    yield browser
    browser.close()
