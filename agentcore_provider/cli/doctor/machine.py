"""The layers below AWS: the project, the engine, local AWS, the stack."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from agentcore_provider import installation
from agentcore_provider.cli.doctor.layer import Failure, NotChecked
from agentcore_provider.cli.gateway import Gateway
from agentcore_provider.cli.local_aws import describe_state
from agentcore_provider.cli.local_aws.process import LocalProcess
from agentcore_provider.cli.project import Project
from agentcore_provider.cli.stack_state import read_gateways


def check_project(project: Project) -> str:
    """There is a Pulumi program."""
    if project.is_pulumi:
        return str(project.folder)
    raise Failure(
        f"There is no Pulumi.yaml here or above, nor in {project.folder}",
        "go to the project, or name a gateway: --gateway ID, ARN or URL",
    )


def check_engine(programs: Path = Path(sys.executable).parent) -> str:
    """There is a `pulumi`: in the folder of this Python's programs, or on PATH."""
    program = shutil.which("pulumi", path=os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)]))
    if program:
        return program
    raise Failure("`pulumi` is not installed", installation.of_engine())


def check_local_aws(project: Project) -> str:
    """Local AWS answers, if it runs."""
    process = LocalProcess(project)
    local_aws = process.find()
    if local_aws is None:
        raise NotChecked("does not run (stacks on real AWS need none)")
    if process.answers(local_aws):
        state = describe_state(process.state_of(local_aws)).replace("\n", "; ")
        return f"{local_aws.endpoint} (process {local_aws.pid}). {state}"
    raise Failure(
        f"{local_aws.endpoint} does not answer (log: {process.log})",
        "`agentcore local stop`, then `agentcore local start`",
        unreachable=True,
    )


def check_stack(project: Project, stack: str | None, found: list[Gateway]) -> str:
    """The stack has gateways. found: takes them."""
    found.extend(read_gateways(project, stack).values())
    return f"deploys {', '.join(gateway.name for gateway in found)}"
