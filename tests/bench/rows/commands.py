"""The commands that people wait for, on a deployed gateway."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench import programs
from tests.bench.command import run as run_command
from tests.bench.comparison import compared
from tests.bench.environment import python_of
from tests.bench.figure import Measured
from tests.bench.local_aws import local_aws
from tests.bench.project import Project
from tests.bench.row import Row, Run, Workplace

# With the seconds that each may take.
_COMMANDS = {
    ("--help",): 0.2,
    ("list",): 0.4,
    ("tools", "list"): 0.7,
    ("tools", "call", "find_order", "{}"): 0.7,
    ("show",): 0.8,
    ("doctor",): 0.9,
}
_PYTHON = "python -c pass"


@contextmanager
def _open(workplace: Workplace) -> Iterator[Run]:
    with local_aws(workplace.folder / "local.log") as aws:
        project = Project(workplace.new_folder("shop"), programs.one_gateway(aws.function()), aws)
        project.up()

        def run() -> list[Measured]:
            nothing = run_command([python_of("agentcore"), "-c", "pass"])
            figures: list[Measured] = []
            for command, wanted in _COMMANDS.items():
                name = f"agentcore {' '.join(command[:2])}"
                figures += compared(name, project.agentcore(*command), {_PYTHON: nothing}, goal=wanted)
            return figures

        yield run


ROW = Row("commands", "Commands on a deployed gateway", _open, runs=5)
