"""A hundred thousand calls of one tool: whether local AWS becomes slower or larger."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench import programs
from tests.bench.figure import Measured
from tests.bench.local_aws import local_aws
from tests.bench.mcp_load import Address, a_second
from tests.bench.project import Project
from tests.bench.row import Row, Run, Workplace

_CALLS = 100_000
_CLIENTS = 8


@contextmanager
def _open(workplace: Workplace) -> Iterator[Run]:
    with local_aws(workplace.folder / "local.log") as aws:
        function = aws.function()
        project = Project(workplace.new_folder("shop"), programs.data_plane(function, function, ""), aws)
        project.up()
        url = json.loads(project.pulumi("stack", "output", "--json", "--stack", "local").text)["url"]

        def calls(count: int) -> float:
            # A token lasts an hour.
            gateway = Address(url, project.agentcore("token").text.strip())
            per_client = count // _CLIENTS
            return a_second(gateway, _CLIENTS, per_client, "tools/call", name="orders___find_order", arguments={})

        def run() -> list[Measured]:
            first = calls(_CALLS // 10)
            before = _megabytes(aws.process)
            calls(_CALLS * 8 // 10)
            last = calls(_CALLS // 10)
            after = _megabytes(aws.process)
            return [
                Measured("last tenth of the calls", last, "a second", {"first tenth": first}, higher_is_better=True),
                Measured("memory after them", after, "MB", {"after the first tenth": before}),
            ]

        yield run


def _megabytes(process: int) -> float:
    answer = subprocess.run(["ps", "-o", "rss=", "-p", str(process)], capture_output=True, text=True, check=True)
    return int(answer.stdout) / 1024


ROW = Row("soak", f"{_CALLS:,} calls of a tool on local AWS", _open, runs=1, long=True)
