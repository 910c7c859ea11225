"""An `up` that changes nothing, next to one of as many dynamic resources that do nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench import programs
from tests.bench.comparison import Floor, compared
from tests.bench.figure import Measured
from tests.bench.local_aws import local_aws
from tests.bench.project import Project
from tests.bench.row import Row, Run, Workplace

_TRIVIAL = "as many trivial dynamic resources"
_FLOOR = Floor(_TRIVIAL, (_TRIVIAL,), 1.05)


@contextmanager
def _open(workplace: Workplace) -> Iterator[Run]:
    with local_aws(workplace.folder / "local.log") as aws:
        program = programs.many_targets(aws.function(), aws.execution_role(), gateways=10, targets=10)
        ours = Project(workplace.new_folder("shop"), program, aws)
        ours.up()
        # The stack itself is one more.
        trivial = Project(workplace.new_folder("trivial"), programs.trivial(ours.resources() - 1), aws)
        trivial.up()
        assert trivial.resources() == ours.resources()
        empty = Project(workplace.new_folder("empty"), programs.EMPTY, aws)
        empty.up()

        def run() -> list[Measured]:
            aws.forget_requests()
            with ours.watched_plugin() as plugin:
                up = ours.up()
            counts = {"requests": aws.counts()["requests"]}
            with trivial.watched_plugin() as trivial_plugin:
                others = {_TRIVIAL: trivial.up(), "empty stack": empty.up()}
            figures = compared("up", up, others, floor=_FLOOR, counts=counts)
            for name, unit in (("MB", "MB"), ("CPU", "s")):
                if name in plugin and name in trivial_plugin:
                    title = "memory of the plugin" if name == "MB" else "processor time of the plugin"
                    figures.append(Measured(title, plugin[name], unit, against={_TRIVIAL: trivial_plugin[name]}))
            return figures

        yield run


ROW = Row("unchanged", "10 gateways with 10 targets each, nothing changed", _open, runs=7)
