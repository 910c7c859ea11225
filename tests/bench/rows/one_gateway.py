"""Sign-in, gateway and one Lambda target, from nothing: the deployment that everybody begins with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench import peer, programs
from tests.bench.figure import Measured
from tests.bench.local_aws import local_aws
from tests.bench.project import Project
from tests.bench.row import Row, Run, Workplace

_FLOOR = "floor: plain boto3 and an empty stack"


@contextmanager
def _open(workplace: Workplace) -> Iterator[Run]:
    with local_aws(workplace.folder / "local.log") as aws:
        empty = Project(workplace.new_folder("empty"), programs.EMPTY, aws)
        function = aws.function()
        for package, name in (("boto3", "boto3"), ("starter_toolkit", "bedrock-agentcore-starter-toolkit")):
            workplace.version(package, name)

        def run() -> list[Measured]:
            project = Project(workplace.new_folder("shop"), programs.one_gateway(function), aws)
            boto3 = "boto3_gateways.py"
            aws.forget_requests()
            up = project.up()
            counts = {"requests": aws.counts()["requests"]}
            nothing = empty.up()
            one_by_one = workplace.peer("plain boto3", lambda: peer.seconds("boto3", boto3, aws, function, "sign_in=1"))
            together = workplace.peer(
                "plain boto3, in parallel",
                lambda: peer.seconds("boto3", boto3, aws, function, "sign_in=1", "threads=4"),
            )
            toolkit = workplace.peer(
                "starter toolkit",
                lambda: peer.seconds("starter_toolkit", "starter_toolkit_gateway.py", aws, function),
            )
            against = {**toolkit, **one_by_one, **together, "empty stack": nothing}
            if one_by_one:
                against[_FLOOR] = one_by_one["plain boto3"] + nothing
            goal = (_FLOOR, 1.15)
            down = Measured("destroy", project.destroy(), against={"empty stack": empty.destroy()})
            return [Measured("up", up, against=against, counts=counts, goal=goal), down]

        yield run


ROW = Row("one-gateway", "EzAuth, a gateway and one Lambda target", _open)
