"""Many targets, where AWS's limits and its own slowness decide: create, refresh, update of every target, destroy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.bench import bounds, programs
from tests.bench.bounds import Shape
from tests.bench.command import Ended
from tests.bench.figure import Measured
from tests.bench.local_aws import BenchAws, local_aws
from tests.bench.peer import run_script
from tests.bench.project import Project
from tests.bench.row import Row, Run, Workplace

_LIMITS = "limits"
_FLOOR = "floor: limits and an empty stack"
# No floor: a refresh that finds targets unchanged in a list need not read each.
_READS = "10 reads a second, each target once, and an empty stack"


@dataclass(frozen=True)
class ManyTargets:
    """Gateways and targets on a local AWS that keeps the limits.

    parallel: PULUMI_PARALLEL; None for the engine's own default, which then limits what is possible too.
    up_goal: how many times the floor a first `up` may take.
    plain: whether boto3 creates the same too.
    """

    shape: Shape
    parallel: int | None
    up_goal: float = 1.05
    plain: bool = True

    @contextmanager
    def open(self, workplace: Workplace) -> Iterator[Run]:
        """Prepare everything but the stack itself."""
        shape = self.shape
        delays = (f"--ready-after=gateway={shape.gateway_seconds}", f"--ready-after=target={shape.target_seconds}")
        with local_aws(workplace.folder / "local.log", "--enforce-limits", *delays) as aws:
            empty = Project(workplace.new_folder("empty"), programs.EMPTY, aws, parallel=self.parallel)
            allowed = _default_parallel(empty) if self.parallel is None else None
            function, role = aws.function(), aws.execution_role()
            workplace.version("boto3", "boto3")

            def run() -> list[Measured]:
                nothing, nothing_read, nothing_deleted = (
                    it().seconds for it in (empty.up, empty.refresh, empty.destroy)
                )
                program = programs.many_targets(function, role, shape.gateways, shape.targets)
                project = Project(workplace.new_folder("shop"), program, aws, parallel=self.parallel)
                with project.watched_plugin() as memory:
                    created = bounds.create_seconds(shape, allowed)
                    up = _measured(aws, "up", project.up, (created, nothing), self.up_goal)
                refresh = _measured(aws, "refresh", project.refresh, (bounds.read_seconds(shape), nothing_read), 1.1)
                project.write(programs.many_targets(function, role, shape.gateways, shape.targets, "Find one order"))
                updated = bounds.update_seconds(shape, allowed)
                update = _measured(aws, "update of every target", project.up, (updated, nothing), 1.05)
                deleted = bounds.delete_seconds(shape, allowed)
                destroy = _measured(aws, "destroy", project.destroy, (deleted, nothing_deleted), 1.05)
                figures = [up, refresh, update, destroy, Measured("memory of the plugin", memory["MB"], "MB")]
                return [*figures, *self._plain(workplace, aws, function, up.value)]

            yield run

    def _plain(self, workplace: Workplace, aws: BenchAws, function: str, up: float) -> list[Measured]:
        if not self.plain:
            return []
        threads = bounds.TARGET_OPERATIONS_OF_A_GATEWAY * self.shape.gateways
        size = (f"gateways={self.shape.gateways}", f"targets={self.shape.targets}", f"threads={threads}")
        name = f"plain boto3, {threads} threads"
        measured = workplace.peer(name, lambda: run_script("boto3", "boto3_gateways.py", aws, function, *size))
        return [Measured("up, beside a script", up, against={it: ended.seconds for it, ended in measured.items()})]


def _measured(
    aws: BenchAws, name: str, operation: Callable[[], Ended], floor: tuple[float, float], goal: float
) -> Measured:
    """floor: what the limits allow, and what the engine takes for an empty stack."""
    together = _READS if name == "refresh" else _FLOOR
    aws.forget_requests()
    seconds = operation().seconds
    against = {_LIMITS: floor[0]} if together == _FLOOR else {}
    return Measured(
        name, seconds, against={**against, together: sum(floor)}, counts=aws.counts(), goal=(together, goal)
    )


def _default_parallel(project: Project) -> int:
    """How many operations the engine has in progress at a time unless it is set, as its help states."""
    found = re.search(r"--parallel .*\(default (\d+)\)", project.pulumi("up", "--help").text)
    assert found, "pulumi up --help names no default of --parallel"
    return int(found[1])


_HUNDRED = Shape(gateways=1, targets=100, target_seconds=3)
_TEN_BY_TEN = Shape(gateways=10, targets=10, gateway_seconds=5, target_seconds=3)

ROWS = (
    Row("hundred", "100 targets on one gateway, 3 s until READY, limits kept", ManyTargets(_HUNDRED, 64).open, runs=1),
    Row(
        "ten-by-ten",
        "10 gateways with 10 targets each, 5 s and 3 s until READY, limits kept, PULUMI_PARALLEL=128",
        ManyTargets(_TEN_BY_TEN, 128, up_goal=1.08).open,
    ),
    Row(
        "ten-by-ten-plain",
        "10 gateways with 10 targets each, 5 s and 3 s until READY, limits kept, the engine's own --parallel",
        ManyTargets(_TEN_BY_TEN, None, up_goal=1.10, plain=False).open,
        runs=2,
    ),
    Row(
        "thousand",
        "10 gateways with 100 targets each, READY at once, limits kept",
        ManyTargets(Shape(gateways=10, targets=100), 128, plain=False).open,
        runs=1,
        long=True,
    ),
)
