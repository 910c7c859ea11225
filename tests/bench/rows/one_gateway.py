"""Sign-in, gateway and one Lambda target, from nothing: the deployment that everybody begins with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench import programs
from tests.bench.comparison import Floor, compared
from tests.bench.figure import Measured
from tests.bench.local_aws import local_aws
from tests.bench.peer import run_script
from tests.bench.project import Project
from tests.bench.row import Row, Run, Workplace

_FLOOR = Floor("floor: plain boto3 and an empty stack", ("plain boto3", "empty stack"), 1.15)
_TOOLKIT, _BOTO3 = "starter_toolkit_gateway.py", "boto3_gateways.py"


@contextmanager
def _open(workplace: Workplace) -> Iterator[Run]:
    with local_aws(workplace.folder / "local.log") as aws:
        empty = Project(workplace.new_folder("empty"), programs.EMPTY, aws)
        function = aws.function()
        for package, name in (("boto3", "boto3"), ("starter_toolkit", "bedrock-agentcore-starter-toolkit")):
            workplace.version(package, name)

        def run() -> list[Measured]:
            project = Project(workplace.new_folder("shop"), programs.one_gateway(function), aws)
            aws.forget_requests()
            up = project.up()
            counts = {"requests": aws.counts()["requests"]}
            others = {
                **workplace.peer("starter toolkit", lambda: run_script("starter_toolkit", _TOOLKIT, aws, function)),
                **workplace.peer("plain boto3", lambda: run_script("boto3", _BOTO3, aws, function, "sign_in=1")),
                **workplace.peer(
                    "plain boto3, in parallel",
                    lambda: run_script("boto3", _BOTO3, aws, function, "sign_in=1", "threads=4"),
                ),
                "empty stack": empty.up(),
            }
            down = compared("destroy", project.destroy(), {"empty stack": empty.destroy()})
            return [*compared("up", up, others, floor=_FLOOR, counts=counts), *down]

        yield run


ROW = Row("one-gateway", "EzAuth, a gateway and one Lambda target", _open)
