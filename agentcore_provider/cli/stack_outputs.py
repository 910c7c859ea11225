"""The gateways that a stack has deployed, read from its outputs, and from its state where these lack one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agentcore_provider.cli.local_environment import backend_environment
from agentcore_provider.cli.project import Project
from agentcore_provider.errors import AgentCoreError, InvalidInput, NotSignedIn

_TIMEOUT_SECONDS = 120
_GATEWAY = "pulumi-python:dynamic/agentcore:Gateway"


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
    authorizer_type: str = ""
    """How callers sign in, by AWS's word; empty when neither outputs nor state say it."""
    discovery_url: str = ""
    """OpenID discovery document of whose tokens the gateway takes, as the state has it; empty if it is not known."""
    exported: bool = True
    """Whether the stack's outputs have it. The engine writes no outputs when an update fails, though gateways stand."""

    @property
    def signs_in(self) -> bool:
        """Whether the stack's outputs are enough to fetch a token."""
        return bool(self.token_endpoint and self.client_id and self.client_secret)


def read_gateways(project: Project, stack: str | None) -> dict[str, DeployedGateway]:
    """Gateways of a stack by logical name; stack None is the selected one. Secrets come in clear.

    Those that only the stack's state has come last, and without a sign-in.
    """
    with ThreadPoolExecutor(1) as beside:
        state = beside.submit(_ask_state, project, stack)
        outputs = read_outputs(project, stack)
    gateways = outputs.get("gateways")
    if not isinstance(gateways, dict):
        # A program of one gateway often exports its outputs one by one.
        gateways = {"gateway": outputs} if isinstance(outputs.get("mcp_url"), str) else None
    standing = gateways_in_state(state.result() or [])
    exported = {name: _gateway(name, it, standing) for name, it in (gateways or {}).items()}
    known = {said for it in exported.values() for said in (it.gateway_id, it.mcp_url) if said}
    made = {it.name: it for it in standing if not known & {it.gateway_id, it.mcp_url}}
    if gateways is None and not made:
        _, stack = engine_environment(project, stack, os.environ)
        deploy = how_to_deploy(project, stack)
        if not outputs and state.result() == []:
            raise InvalidInput(f"Nothing of the stack is deployed: deploy it with {deploy}")
        raise InvalidInput(
            f"The stack exports no gateways: deploy it with {deploy}, or let its program export "
            "`gateways` (name to mcp_url, token_endpoint, client_id, client_secret, scope)"
        )
    return exported | made


def choose_gateway(
    gateways: Mapping[str, DeployedGateway], name: str | None, *, to_use: bool = True
) -> DeployedGateway:
    """The gateway of this name, or the only one there is. to_use: refuses one that the outputs lack."""
    if not gateways:
        raise InvalidInput("The stack has no gateway: describe one under agentcore:gateways and run `pulumi up`")
    if name is None:
        several = [it for it in gateways.values() if it.exported] or list(gateways.values())
        if len(several) > 1:
            listed = ", ".join(it.name for it in several)
            raise InvalidInput(f"The stack has several gateways: choose with --gateway: {listed}")
        name = several[0].name
    if name not in gateways:
        raise InvalidInput(f"The stack has no gateway {name!r}: choose one of {', '.join(gateways)}")
    if to_use and not gateways[name].exported:
        raise InvalidInput(not_exported([name]))
    return gateways[name]


def not_exported(names: Sequence[str]) -> str:
    """What to say of gateways that stand, but that the stack's outputs lack."""
    one = len(names) == 1
    return (
        f"Gateway{'' if one else 's'} {', '.join(names)} {'is' if one else 'are'} made, but not in the stack's outputs, "
        "which the engine does not write when an update fails: mend what failed and run `pulumi up` again"
    )


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


def read_outputs(project: Project, stack: str | None) -> dict[str, Any]:
    """All outputs of a stack, secrets in clear."""
    if not project.is_pulumi:
        raise InvalidInput(
            f"There is no Pulumi.yaml here or above, nor in {project.folder}: go to the project, make a gateway with "
            "`agentcore create_mcp_gateway`, or give --url"
        )
    done = _ask(project, stack, "stack", "output", "--json", "--show-secrets")
    if done.returncode:
        raise _explained(done.stderr, project, stack)
    try:
        outputs = json.loads(done.stdout)
    except ValueError:
        raise AgentCoreError("`pulumi stack output` did not answer in JSON: see that its version is 3.x") from None
    return outputs if isinstance(outputs, dict) else {}


def read_config(project: Project, stack: str | None) -> dict[str, str]:
    """The configuration of a stack, as its program sees it, secrets in clear; what is no text as JSON."""
    done = _ask(project, stack, "config", "--json", "--show-secrets")
    if done.returncode:
        raise _explained(done.stderr, project, stack)
    try:
        return {key: str(entry["value"]) for key, entry in json.loads(done.stdout).items() if "value" in entry}
    except (ValueError, AttributeError, TypeError):
        raise AgentCoreError("`pulumi config` did not answer in JSON: see that its version is 3.x") from None


def _ask_state(project: Project, stack: str | None) -> list[Mapping[str, Any]] | None:
    """The resources of a stack, as the engine keeps them; None if they cannot be read: asking for outputs tells why."""
    if not project.is_pulumi:
        return None
    try:
        done = _ask(project, stack, "stack", "export")
        deployment = json.loads(done.stdout).get("deployment") if done.returncode == 0 else None
    except (AgentCoreError, ValueError, AttributeError):
        return None
    return (deployment.get("resources") or []) if isinstance(deployment, dict) else None


def gateways_in_state(resources: Sequence[Mapping[str, Any]]) -> list[DeployedGateway]:
    """The gateways among the resources of a stack, without a sign-in."""
    made = []
    for resource in resources:
        if resource.get("type") != _GATEWAY or resource.get("delete") or not resource.get("id"):
            continue
        outputs = resource.get("outputs") or {}
        name = str(resource["urn"]).rpartition("::")[2]
        url, arn, kind = (str(outputs.get(key) or "") for key in ("gateway_url", "gateway_arn", "authorizer_type"))
        # Inputs and outputs may hold a secret or an unknown in the place of a mapping.
        authorizer = outputs.get("authorizer_configuration")
        jwt = authorizer.get("customJWTAuthorizer") if isinstance(authorizer, Mapping) else None
        found = jwt.get("discoveryUrl") if isinstance(jwt, Mapping) else None
        discovery = found if isinstance(found, str) else ""
        made.append(
            DeployedGateway(
                name, url, str(resource["id"]), arn, authorizer_type=kind, discovery_url=discovery, exported=False
            )
        )
    return made


def _ask(project: Project, stack: str | None, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment, stack = engine_environment(project, stack, os.environ)
    program = shutil.which("pulumi", path=environment["PATH"])
    if program is None:
        raise AgentCoreError("`pulumi` is not installed: `make setup` brings it, or see pulumi.com/docs/install")
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
    return AgentCoreError(f"`pulumi stack output` failed: {said}")


def _gateway(name: str, outputs: Any, standing: Sequence[DeployedGateway]) -> DeployedGateway:
    if not isinstance(outputs, dict) or not isinstance(outputs.get("mcp_url"), str):
        raise InvalidInput(f"Stack output gateways.{name} has no mcp_url: run `pulumi up` again")
    members = DeployedGateway.__dataclass_fields__.keys() - {"name", "exported"}
    said: dict[str, Any] = {key: str(outputs[key] or "") for key in members if key in outputs}
    same = next((it for it in standing if it.mcp_url == said["mcp_url"]), None)
    known = {"authorizer_type": same.authorizer_type, "discovery_url": same.discovery_url} if same else {}
    return DeployedGateway(name, **(known | said))
