"""A hundred thousand calls of one tool: whether local AWS becomes slower or larger."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench import programs
from tests.bench.figure import Measured
from tests.bench.local_aws import local_aws
from tests.bench.mcp_load import Address, Load, RequestFailed, load, percentiles
from tests.bench.project import Project
from tests.bench.row import Row, Run, Workplace

_CALLS = int(os.environ.get("CALLS", "100000"))
"""Fewer to try the row: `make bench ROWS=soak CALLS=2000`."""
_CLIENTS = 8
_FIRST = "first tenth"


@contextmanager
def _open(workplace: Workplace) -> Iterator[Run]:
    with local_aws(workplace.folder / "local.log") as aws:
        function = aws.function()
        project = Project(workplace.new_folder("shop"), programs.data_plane(function, function, ""), aws)
        project.up()
        url = json.loads(project.pulumi("stack", "output", "--json", "--stack", "local").text)["url"]
        # A token lasts an hour.
        gateway = Address(url, project.agentcore("token").text.strip())

        def calls(tenths: int) -> Load:
            return load(
                gateway, _CLIENTS, _CALLS * tenths // 10, "tools/call", name="orders___find_order", arguments={}
            )

        def run() -> list[Measured]:
            first = calls(1)
            before = _megabytes(aws.process)
            others, last = calls(8), calls(1)
            after = _megabytes(aws.process)
            failed = [*first.failed, *others.failed, *last.failed]
            if not first.seconds or not last.seconds:
                raise RequestFailed(f"no call was answered: {failed[0]}")
            for reason, count in Counter(failed).most_common(3):
                print(f"soak: {count} calls failed: {reason}", file=sys.stderr)
            every = [*first.seconds, *others.seconds, *last.seconds]
            counts = {"calls": len(every) + len(failed), "failed": len(failed)}
            (p50, p99), (first_p50, first_p99) = percentiles(last.seconds), percentiles(first.seconds)
            return [
                Measured(
                    "last tenth of the calls",
                    last.a_second,
                    "a second",
                    {_FIRST: first.a_second},
                    counts,
                    higher_is_better=True,
                ),
                Measured("p50 of the last tenth", p50 * 1000, "ms", {_FIRST: first_p50 * 1000}),
                Measured("p99 of the last tenth", p99 * 1000, "ms", {_FIRST: first_p99 * 1000}),
                Measured("slowest of all calls", max(every) * 1000, "ms"),
                Measured("memory after them", after, "MB", {f"after the {_FIRST}": before}),
            ]

        yield run


def _megabytes(process: int) -> float:
    answer = subprocess.run(["ps", "-o", "rss=", "-p", str(process)], capture_output=True, text=True, check=True)
    return int(answer.stdout) / 1024


ROW = Row("soak", f"{_CALLS:,} calls of a tool on local AWS, {_CLIENTS} clients", _open, runs=1, long=True)
