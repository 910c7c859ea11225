"""The `pulumi` command on this machine: where it is, and what it answers about a stack."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agentcore_provider import installation
from agentcore_provider.cli.local_aws.environment import backend_environment, own_programs_first
from agentcore_provider.cli.project import Project
from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.errors import AgentCoreError

_TIMEOUT_SECONDS = 120


def program(environment: Mapping[str, str]) -> Path:
    """The `pulumi` beside this Python, or on PATH. Raises AgentCoreError if it is not installed."""
    return _found(own_programs_first(environment.get("PATH", os.defpath)))


@dataclass(frozen=True)
class PulumiCommand:
    """Runs `pulumi` in a project."""

    project: Project
    environment: Mapping[str, str] = field(repr=False)
    """The whole environment it runs in."""
    stack: str | None = None
    """The stack to ask about; None is the selected one."""

    def is_in(self, folder: Path) -> bool:
        """Whether the state of the stack is in this folder."""
        return self.environment.get("PULUMI_BACKEND_URL") == f"file://{folder}"

    def command(self, *arguments: str) -> list[str]:
        """The command line. Raises AgentCoreError if pulumi is not installed."""
        chosen = ["--stack", self.stack] if self.stack else []
        return [str(_found(self.environment["PATH"])), *arguments, "--non-interactive", *chosen]

    def run(self, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        """Run it to its end. text: its stdin. Raises AgentCoreError if it is not installed or does not end in time."""
        try:
            return subprocess.run(  # noqa: S603 (the stack's name is one argument, no shell)
                self.command(*arguments),
                cwd=self.project.folder,
                env=dict(self.environment),
                input=text,
                capture_output=True,
                text=True,
                timeout=_TIMEOUT_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            asked = " ".join(it for it in arguments if not it.startswith("-"))
            raise AgentCoreError(f"`pulumi {asked}` did not end within {_TIMEOUT_SECONDS} s") from None

    def output(self, *arguments: str) -> str | None:
        """What it prints; None if it fails, or there is no project yet."""
        if not self.project.is_pulumi:
            return None
        done = self.run(*arguments)
        return done.stdout if done.returncode == 0 else None

    def stored_deployment(self) -> JsonDict | None:
        """The stack's state as local AWS's own backend stores it, secrets encrypted; None if the engine has to read it.

        Starting the engine takes several times as long as reading the file.
        """
        if self.stack is None or not self.is_in(self.project.backend_folder):
            return None
        return self.project.stored_deployment(self.stack)

    def deployment(self) -> JsonDict:
        """The stack's state, secrets encrypted; empty if there is no such stack."""
        stored = self.stored_deployment()
        if stored is not None:
            return stored
        exported = self.output("stack", "export")
        return (json.loads(exported).get("deployment") if exported else None) or {}

    def selected_stack(self) -> str | None:
        """The stack that is selected in the project."""
        return (self.output("stack", "--show-name") or "").strip() or None


def command_of(project: Project, stack: str | None, inherited: Mapping[str, str] = os.environ) -> PulumiCommand:
    """`pulumi` for a stack of a project: on local AWS's own backend, unless another backend or stack is chosen."""
    path = inherited.get("PATH", os.defpath)
    local_stacks = project.local_stacks()
    chosen = "PULUMI_BACKEND_URL" in inherited
    if not chosen and local_stacks and (stack is None or stack in local_stacks):
        stack = stack or (local_stacks[0] if len(local_stacks) == 1 else None)
        if stack is None or not project.passphrase_file.exists() or project.is_on_local_aws(stack):
            return PulumiCommand(project, {**inherited, **backend_environment(project, path)}, stack)
    if stack is None and inherited.get("PULUMI_BACKEND_URL") == f"file://{project.backend_folder}":
        stack = local_stacks[0] if len(local_stacks) == 1 else None
    environment = {
        **inherited,
        "PATH": os.pathsep.join([path, str(Path(sys.executable).parent)]),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    unlocked = any(name.startswith("PULUMI_CONFIG_PASSPHRASE") for name in inherited)
    if project.passphrase_file.exists() and not (unlocked or chosen):
        environment["PULUMI_CONFIG_PASSPHRASE_FILE"] = str(project.passphrase_file)
    return PulumiCommand(project, environment, stack)


def shell_command(project: Project, environment: Mapping[str, str], arguments: str) -> str:
    """A `pulumi` command for this project that works in the user's shell."""
    steps = [f"cd {shlex.quote(str(project.folder))}"]
    pulumi = "pulumi"
    if environment.get("PULUMI_BACKEND_URL") != os.environ.get("PULUMI_BACKEND_URL"):
        steps.append('eval "$(agentcore local env)"')
    elif not shutil.which(pulumi):
        pulumi = str(program(environment))
    return " && ".join([*steps, f"{pulumi} {arguments}"])


def _found(path: str) -> Path:
    found = shutil.which("pulumi", path=path)
    if found is None:
        raise AgentCoreError("`pulumi` is not installed", installation.of_engine())
    return Path(found)


def error_line(output: str) -> str:
    """What an output of `pulumi`, or an error of the Automation API about it, states as its error."""
    lines = [line for it in output.splitlines() if (line := it.strip().removeprefix("stderr:").strip())]
    full = next((line for line in lines if "no space left on device" in line or "file too large" in line), None)
    if full is not None:
        return f"the disk is full: free some space, then run this again ({full})"
    stated = next((line for line in lines if line.startswith("error:")), lines[-1] if lines else "no reason given")
    return stated.removeprefix("error:").strip()
