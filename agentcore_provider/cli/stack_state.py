"""What the engine answers about a stack: its gateways, its configuration."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from agentcore_provider import installation
from agentcore_provider.cli.deployed_gateway import DeployedGateway, gateways_of
from agentcore_provider.cli.local_aws.environment import backend_environment
from agentcore_provider.cli.project import Project
from agentcore_provider.errors import AgentCoreError, InvalidInput, NotSignedIn

_TIMEOUT_SECONDS = 120


def read_gateways(project: Project, stack: str | None) -> dict[str, DeployedGateway]:
    """Gateways of a stack by name, however its program exports them; stack None is the selected one.

    Secrets come in clear. Raises InvalidInput if the stack has none.
    """
    resources = _read_state(project, stack)
    gateways = gateways_of(resources)
    if not gateways:
        _, stack = engine_environment(project, stack, os.environ)
        deploy = how_to_deploy(project, stack)
        if not resources:
            raise InvalidInput(f"Nothing of the stack is deployed: deploy it with {deploy}")
        raise InvalidInput(
            "The stack has no gateway: declare a Gateway in its program, or describe one under agentcore:gateways, and "
            f"deploy it with {deploy}"
        )
    return gateways


def how_to_deploy(project: Project, stack: str | None) -> str:
    """The command that deploys a stack: for one on local AWS, from the start of local AWS on."""
    if stack is None or not project.is_on_local_aws(stack):
        return "`pulumi up`"
    if stack == "local" and project.has_demo:
        return "`make up`"
    if project.is_kept:
        return "`agentcore local start` and `agentcore create_mcp_gateway`"
    init = "" if stack in project.local_stacks() else f"pulumi stack init {stack} && "
    return f'`agentcore local start && eval "$(agentcore local env)" && {init}pulumi up -s {stack}`'


def read_config(project: Project, stack: str | None) -> dict[str, str]:
    """The configuration of a stack, as its program sees it, secrets in clear; what is no text as JSON."""
    done = _ask(project, stack, "config", "--json", "--show-secrets")
    if done.returncode:
        raise _explained(done.stderr, project, stack)
    try:
        return {key: str(entry["value"]) for key, entry in json.loads(done.stdout).items() if "value" in entry}
    except (ValueError, AttributeError, TypeError):
        raise AgentCoreError("`pulumi config` did not answer in JSON: see that its version is 3.x") from None


def _read_state(project: Project, stack: str | None) -> Sequence[Mapping[str, Any]]:
    """The resources of a stack, as the engine keeps them, the stack with its outputs among them; secrets in clear."""
    if not project.is_pulumi:
        raise InvalidInput(
            f"There is no Pulumi.yaml here or above, nor in {project.folder}: go to the project, make a gateway with "
            "`agentcore create_mcp_gateway`, or give --url"
        )
    done = _ask(project, stack, "stack", "export", "--show-secrets")
    if done.returncode:
        raise _explained(done.stderr, project, stack)
    try:
        resources = (json.loads(done.stdout).get("deployment") or {}).get("resources") or []
        return [it for it in resources if isinstance(it, Mapping)]
    except (ValueError, AttributeError):
        raise AgentCoreError("`pulumi stack export` did not answer in JSON: see that its version is 3.x") from None


def _ask(project: Project, stack: str | None, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment, stack = engine_environment(project, stack, os.environ)
    program = shutil.which("pulumi", path=environment["PATH"])
    if program is None:
        raise AgentCoreError(f"`pulumi` is not installed: {installation.of_engine()}")
    try:
        return subprocess.run(  # noqa: S603 (the stack's name is one argument, no shell)
            [program, *arguments, "--non-interactive", *(["--stack", stack] if stack else [])],
            cwd=project.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        asked = " ".join(it for it in arguments if not it.startswith("-"))
        raise AgentCoreError(f"`pulumi {asked}` did not end within {_TIMEOUT_SECONDS} s") from None


def engine_environment(
    project: Project, stack: str | None, inherited: Mapping[str, str]
) -> tuple[dict[str, str], str | None]:
    """Environment and stack to ask for: local AWS's own backend, unless a backend or other stack is chosen."""
    path = inherited.get("PATH", os.defpath)
    local_stacks = project.local_stacks()
    chosen = "PULUMI_BACKEND_URL" in inherited
    if not chosen and local_stacks and (stack is None or stack in local_stacks):
        stack = stack or (local_stacks[0] if len(local_stacks) == 1 else None)
        if stack is None or not project.passphrase_file.exists() or project.is_on_local_aws(stack):
            return dict(inherited) | backend_environment(project, path), stack
    if stack is None and inherited.get("PULUMI_BACKEND_URL") == f"file://{project.backend_folder}":
        stack = local_stacks[0] if len(local_stacks) == 1 else None
    programs = str(Path(sys.executable).parent)
    unlocked = any(name.startswith("PULUMI_CONFIG_PASSPHRASE") for name in inherited)
    passphrase = {"PULUMI_CONFIG_PASSPHRASE_FILE": str(project.passphrase_file)}
    return dict(inherited) | (passphrase if project.passphrase_file.exists() and not (unlocked or chosen) else {}) | {
        "PATH": os.pathsep.join([path, programs]),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }, stack


def _explained(stderr: str, project: Project, stack: str | None) -> AgentCoreError:
    _, stack = engine_environment(project, stack, os.environ)
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    said = next((line for line in lines if line.startswith("error:")), lines[-1] if lines else "no reason given")
    said = said.removeprefix("error:").strip()
    lower = said.lower()
    if "no stack selected" in lower or "stack must be" in lower:
        return InvalidInput("No stack is selected: give --stack, or `pulumi stack select`")
    if "no stack named" in lower or "not found" in lower:
        listed = ", ".join(project.local_stacks()) if "PULUMI_BACKEND_URL" not in os.environ else ""
        cure = f"choose one of {listed}" if listed else "`pulumi stack ls` lists what there is"
        return InvalidInput(f"There is no stack {stack!r}: {cure} ({said})")
    if "passphrase" in lower:
        return NotSignedIn(f"The stack's secrets are locked: set PULUMI_CONFIG_PASSPHRASE ({said})")
    if "access_token" in lower or "logged in" in lower or "login" in lower:
        cures = ["`pulumi login`", "set PULUMI_BACKEND_URL"]
        if (project.folder / "Pulumi.local.yaml").is_file():
            cures.append(f"{how_to_deploy(project, 'local')} for stack local on this machine")
        return NotSignedIn(f"Pulumi is not logged in: {', '.join(cures[:-1])}, or {cures[-1]} ({said})")
    return AgentCoreError(f"`pulumi stack export` failed: {said}")
