"""`make bench`: how fast things are, as ratios within one run, so that any machine can compare them."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path

from tests.bench import machine, results, table
from tests.bench.command import CommandFailed
from tests.bench.environment import NotMeasured, python_of, version_of
from tests.bench.figure import Measured, together
from tests.bench.mcp_load import RequestFailed
from tests.bench.results import Result
from tests.bench.row import Row, Workplace
from tests.bench.rows import ROWS


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the rows, keep the results and print them as a table. Exit code 1 if a run failed."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    names = [row.name for row in ROWS]
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"default: all but the long ones; {', '.join(names)}")
    parser.add_argument("--runs", type=int, help="how many runs of each row (default: the row's own number)")
    parser.add_argument("--list", action="store_true", help="print the rows and end")
    parser.add_argument("--show", action="store_true", help="print what was measured before and end")
    options = parser.parse_args(arguments)
    if unknown := set(options.rows) - set(names):
        parser.error(f"unknown row {', '.join(sorted(unknown))}; the rows are {', '.join(names)}")
    if options.runs is not None and options.runs < 1:
        parser.error("--runs is 1 or more")
    chosen = [row for row in ROWS if row.name in options.rows or (not options.rows and not row.long)]
    if options.list:
        for row in ROWS:
            print(f"{row.name:16} {row.title}{' (only if named)' if row.long else ''}")
        return 0
    # Package managers compile what they install. Where Python does not keep bytecode, as in many containers, it would
    # compile this checkout in each process, but not the peers.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if options.show:
        kept = results.read()
        print(table.plain(kept[row.name] for row in chosen if row.name in kept))
        return 0
    # So that what was started ends with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        python_of("agentcore")
    except NotMeasured as error:
        print(error, file=sys.stderr)
        return 1
    versions = {"pulumi": version_of("agentcore", "pulumi")}
    measured = [measure(row, options.runs or row.runs, versions) for row in chosen]
    print(f"\n{machine.describe()}\n")
    print(table.plain(measured))
    print(f"Kept in {results.FILE.relative_to(results.ROOT)}; docs/performance.py writes docs/performance.md from it.")
    return 1 if any(result.failed for result in measured) else 0


def measure(row: Row, runs: int, versions: Mapping[str, str], file: Path = results.FILE) -> Result:
    """Measure one row and keep the result; a run that fails does not end the others. versions: to be kept with it."""
    before, measured, failed = machine.load(), list[Sequence[Measured]](), list[str]()
    with tempfile.TemporaryDirectory(prefix="agentcore-bench-") as folder:
        workplace = Workplace(Path(folder).resolve(), versions=dict(versions))
        try:
            with row.open(workplace) as run:
                for number in range(1, runs + 1):
                    print(f"{row.name}: run {number} of {runs} ...", file=sys.stderr, flush=True)
                    try:
                        measured.append(run())
                    except (CommandFailed, RequestFailed) as error:
                        failed.append(f"run {number}: {error}")
        except CommandFailed as error:
            failed.append(f"preparing: {error}")
    result = Result(
        row=row.name,
        title=row.title,
        date=datetime.now(timezone.utc).date().isoformat(),
        machine=machine.describe(),
        loads=(before, machine.load()),
        runs=runs,
        figures=together(measured),
        not_measured=workplace.not_measured,
        failed=failed,
        versions=workplace.versions,
    )
    results.save(result, file)
    return result


if __name__ == "__main__":
    sys.exit(main())
