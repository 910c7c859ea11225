"""The process that the engine starts for dynamic resources: memory, and the time until a provider is loaded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench import programs
from tests.bench.command import run as run_command
from tests.bench.environment import python_of
from tests.bench.figure import Measured
from tests.bench.local_aws import local_aws
from tests.bench.project import Project
from tests.bench.row import Row, Run, Workplace

# What the plugin itself has imported comes first.
_LOAD = """
import json, time
import grpc, pulumi.dynamic, pulumi.runtime.proto.provider_pb2_grpc
started = time.perf_counter()
from agentcore_provider.providers.loader import load
load("gateway"), load("gateway_target"), load("ez_auth")
print(json.dumps({"seconds": time.perf_counter() - started}))
"""


@contextmanager
def _open(workplace: Workplace) -> Iterator[Run]:
    with local_aws(workplace.folder / "local.log") as aws:
        function = aws.function()

        def run() -> list[Measured]:
            load = json.loads(run_command([python_of("agentcore"), "-c", _LOAD]).text)["seconds"]
            ours = Project(workplace.new_folder("shop"), programs.one_gateway(function), aws)
            trivial = Project(workplace.new_folder("trivial"), programs.trivial(3), aws)
            with ours.watched_plugin() as memory:
                ours.up()
            with trivial.watched_plugin() as trivial_memory:
                trivial.up()
            ours.destroy()
            against = {"goal": 80.0, "plugin of a trivial dynamic resource": trivial_memory.get("MB", float("nan"))}
            return [
                Measured("loading the providers", load),
                Measured("memory during an up", memory["MB"], "MB", against=against, goal=("goal", 1.0)),
            ]

        yield run


ROW = Row("plugin", "The plugin process of a sign-in, a gateway and a target", _open)
