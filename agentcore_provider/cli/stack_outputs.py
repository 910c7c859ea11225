"""The gateways that a stack has deployed, read from its outputs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agentcore_provider.cli.local_environment import backend_environment
from agentcore_provider.cli.project import Project
from agentcore_provider.errors import AgentCoreError, InvalidInput, NotSignedIn

_TIMEOUT_SECONDS = 120


@dataclass(frozen=True)
class DeployedGateway:
    """A gateway of a stack, as the program exports it under `gateways`."""

    name: str
    """Logical name in the program."""
    mcp_url: str
    gateway_id: str = ""
    gateway_arn: str = ""
    token_endpoint: str = ""
    """Where to sign in; empty when the gateway's authorizer is not EzAuth."""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    scope: str = ""

    @property
    def signs_in(self) -> bool:
        """Whether the stack's outputs are enough to fetch a token."""
        return bool(self.token_endpoint and self.client_id and self.client_secret)


def read_gateways(project: Project, stack: str | None) -> dict[str, DeployedGateway]:
    """Gateways of a stack by logical name; stack None is the selected one. Secrets come in clear."""
    outputs = read_outputs(project, stack)
    gateways = outputs.get("gateways")
    if not isinstance(gateways, dict) and isinstance(outputs.get("mcp_url"), str):
        # A program of one gateway often exports its outputs one by one.
        gateways = {"gateway": outputs}
    if not isinstance(gateways, dict):
        raise InvalidInput(
            "The stack exports no gateways: deploy it with `pulumi up`, or let its program export "
            "`gateways` (name to mcp_url, token_endpoint, client_id, client_secret, scope)"
        )
    return {name: _gateway(name, outputs) for name, outputs in gateways.items()}


def choose_gateway(gateways: Mapping[str, DeployedGateway], name: str | None) -> DeployedGateway:
    """The gateway of this name, or the only one there is."""
    listed = ", ".join(gateways)
    if not gateways:
        raise InvalidInput("The stack has no gateway: describe one under agentcore:gateways and run `pulumi up`")
    if name is None:
        if len(gateways) > 1:
            raise InvalidInput(f"The stack has several gateways: choose with --gateway: {listed}")
        return next(iter(gateways.values()))
    if name not in gateways:
        raise InvalidInput(f"The stack has no gateway {name!r}: choose one of {listed}")
    return gateways[name]


def read_outputs(project: Project, stack: str | None) -> dict[str, Any]:
    """All outputs of a stack, secrets in clear."""
    if not project.is_pulumi:
        raise InvalidInput(
            f"There is no Pulumi.yaml here or above, nor in {project.folder}: go to the project, make a gateway with "
            "`agentcore create_mcp_gateway`, or give --url"
        )
    environment, stack = engine_environment(project, stack, os.environ)
    program = shutil.which("pulumi", path=environment["PATH"])
    if program is None:
        raise AgentCoreError("`pulumi` is not installed: `make setup` brings it, or see pulumi.com/docs/install")
    command = [program, "stack", "output", "--json", "--show-secrets", "--non-interactive"]
    command += ["--stack", stack] if stack else []
    try:
        done = subprocess.run(  # noqa: S603 (the stack's name is one argument, no shell)
            command,
            cwd=project.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise AgentCoreError(f"`pulumi stack output` did not end within {_TIMEOUT_SECONDS} s") from None
    if done.returncode:
        raise _explained(done.stderr, stack)
    try:
        outputs = json.loads(done.stdout)
    except ValueError:
        raise AgentCoreError("`pulumi stack output` did not answer in JSON: see that its version is 3.x") from None
    return outputs if isinstance(outputs, dict) else {}


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


def _explained(stderr: str, stack: str | None) -> AgentCoreError:
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    said = next((line for line in lines if line.startswith("error:")), lines[-1] if lines else "no reason given")
    said = said.removeprefix("error:").strip()
    lower = said.lower()
    if "no stack selected" in lower or "stack must be" in lower:
        return InvalidInput("No stack is selected: give --stack, or `pulumi stack select`")
    if "no stack named" in lower or "not found" in lower:
        return InvalidInput(f"There is no stack {stack!r}: `pulumi stack ls` lists what there is ({said})")
    if "passphrase" in lower:
        return NotSignedIn(f"The stack's secrets are locked: set PULUMI_CONFIG_PASSPHRASE ({said})")
    if "access_token" in lower or "logged in" in lower or "login" in lower:
        return NotSignedIn(f"Pulumi is not logged in: `pulumi login`, or set PULUMI_BACKEND_URL ({said})")
    return AgentCoreError(f"`pulumi stack output` failed: {said}")


def _gateway(name: str, outputs: Any) -> DeployedGateway:
    if not isinstance(outputs, dict) or not isinstance(outputs.get("mcp_url"), str):
        raise InvalidInput(f"Stack output gateways.{name} has no mcp_url: run `pulumi up` again")
    members = DeployedGateway.__dataclass_fields__.keys() - {"name"}
    return DeployedGateway(name, **{key: str(outputs[key] or "") for key in members if key in outputs})
