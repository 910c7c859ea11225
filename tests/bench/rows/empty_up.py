"""Where the time of an empty `pulumi up` goes, which every deployment takes: the floor under the others."""

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

# As the engine asks for it before every operation.
_PACKAGES = ("-m", "pip", "list", "-v", "--format", "json")
_PARTS = {
    "python -m pip list": _PACKAGES,
    "import pulumi": ("-c", "import pulumi"),
    "import agentcore_provider and its resources": (
        "-c",
        "from agentcore_provider import EzAuth, Gateway, GatewayRole, GatewayTarget, targets",
    ),
    "import boto3": ("-c", "import boto3"),
    "python -c pass": ("-c", "pass"),
}


@contextmanager
def _open(workplace: Workplace) -> Iterator[Run]:
    with local_aws(workplace.folder / "local.log") as aws:
        empty = Project(workplace.new_folder("empty"), programs.EMPTY, aws)
        empty.up()

        def run() -> list[Measured]:
            parts = {
                name: run_command([python_of("agentcore"), *command], environment=empty.environment)
                for name, command in _PARTS.items()
            }
            return compared("up of an empty stack", empty.up(), parts)

        yield run


ROW = Row("empty-up", "What an empty `pulumi up` consists of", _open, runs=5)
