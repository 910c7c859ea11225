"""The Pulumi engine on this machine."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from agentcore_provider import installation
from agentcore_provider.cli.stack import ChosenStack
from agentcore_provider.errors import AgentCoreError


def program(environment: Mapping[str, str]) -> Path:
    """The engine. Raises AgentCoreError if it is not installed."""
    path = os.pathsep.join([str(Path(sys.executable).parent), environment.get("PATH", os.defpath)])
    found = shutil.which("pulumi", path=path)
    if found is None:
        raise AgentCoreError(f"`pulumi` is not installed: {installation.of_engine()}")
    return Path(found)


def command_for(stack: ChosenStack, arguments: str) -> str:
    """A command of the engine for this stack that works in the user's shell."""
    steps = [f"cd {shlex.quote(str(stack.project.folder))}"]
    pulumi = "pulumi"
    if stack.environment.get("PULUMI_BACKEND_URL") != os.environ.get("PULUMI_BACKEND_URL"):
        steps.append('eval "$(agentcore local env)"')
    elif not shutil.which(pulumi):
        pulumi = str(program(stack.environment))
    return " && ".join([*steps, f"{pulumi} {arguments}"])
