"""Which project and stack a command changes, on real AWS or on local AWS."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from agentcore_provider.cli.local_aws import LocalAwsStopped
from agentcore_provider.cli.local_aws.environment import local_environment, own_programs_first
from agentcore_provider.cli.local_aws.process import LocalAws, LocalProcess, status_of
from agentcore_provider.cli.project import Project, find_project, kept_project
from agentcore_provider.cli.project.stack_file import StackFile
from agentcore_provider.cli.pulumi_command import PulumiCommand, command_of
from agentcore_provider.errors import InvalidInput
from agentcore_provider.loopback import is_loopback

if TYPE_CHECKING:
    from agentcore_provider.aws.connection import Connection

_STACK = re.compile(r"[\w.-]{1,100}")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_DEFAULT_LOCAL_REGION = "us-west-2"


@dataclass(frozen=True)
class ChosenStack:
    """A stack of a project, not necessarily there yet."""

    project: Project
    name: str
    region: str
    local_aws: LocalAws | None
    environment: Mapping[str, str] = field(repr=False)
    """What the engine runs with, beside this process's own environment."""

    @property
    def file(self) -> Path:
        """The stack's configuration."""
        return self.project.folder / f"Pulumi.{self.name}.yaml"

    @property
    def pulumi(self) -> PulumiCommand:
        """`pulumi` for this stack."""
        environment = {**os.environ, **self.environment}
        environment["PATH"] = own_programs_first(environment.get("PATH", os.defpath))
        return PulumiCommand(self.project, environment, self.name)

    def connect(self, region: str | None = None) -> Connection:
        """The stack's AWS. region: another Region than the stack's."""
        from agentcore_provider.aws.connection import Connection, Settings
        from agentcore_provider.aws.cures import COMMAND

        if self.local_aws is None:
            return Connection(Settings(region=region or self.region), cures=COMMAND)
        endpoint = self.local_aws.endpoint
        settings = Settings(region or self.region, endpoint, access_key="local", secret_key="local")  # noqa: S106 (guards nothing)
        return Connection(settings, cures=COMMAND)

    def configure(self, file: StackFile) -> None:
        """Add to the stack's file the configuration that reaches its AWS."""
        wanted: dict[str, object] = {"aws:region": self.region}
        if self.local_aws is not None:
            endpoint = self.local_aws.endpoint
            wanted |= {
                "agentcore:endpointUrl": endpoint,
                "aws:accessKey": "local",
                "aws:secretKey": "local",
                "aws:skipCredentialsValidation": "true",
                "aws:skipMetadataApiCheck": "true",
                "aws:skipRegionValidation": "true",
                "aws:s3UsePathStyle": "true",
                "aws:endpoints": [dict.fromkeys(("iam", "lambda", "logs", "s3", "sts"), endpoint)],
            }
        moves = file.value("agentcore:endpointUrl") != wanted.get("agentcore:endpointUrl")
        for key, value in wanted.items():
            if file.value(key) is None or (moves and self.project.is_kept):
                file.set_value(key, value)

    def __str__(self) -> str:
        place = f"local AWS {self.local_aws.endpoint}" if self.local_aws else f"AWS {self.region}"
        return f"stack {self.name} of {self.project.folder}, {place}"


def choose_stack(
    folder: Path | None,
    stack: str | None,
    region: str | None,
    *,
    is_there: bool = False,
    elsewhere: bool = False,
    any_program: bool = False,
) -> ChosenStack:
    """The stack that the flags select. Changes nothing. Raises InvalidInput, LocalAwsStopped.

    is_there: reject a stack without a file, instead of creating one. elsewhere: accept a stack of another Region, since a
    gateway can be in another one than its stack. any_program: accept a program that does not read `agentcore:gateways`.
    """
    if region is not None and not _REGION.fullmatch(region):
        raise InvalidInput(f"--region {region}: is not a Region", "Use one such as us-west-2")
    if stack is not None and not _STACK.fullmatch(stack):
        raise InvalidInput(
            f"--stack {stack}: is not the name of a stack", "Use letters, digits, hyphens, dots, underscores"
        )
    project = find_project() if folder is None else kept_project.project_at(folder)
    if not any_program:
        kept_project.require_deploys(project)
    if is_there and stack is not None and stack not in project.stacks():
        have = " or ".join(f"--stack {it}" for it in project.stacks()) or "`agentcore create_mcp_gateway` first"
        raise InvalidInput(f"There is no stack {stack!r} in {project.folder}", f"Pass {have}")
    running = running_local_aws(project)
    # A project without a Pulumi.yaml is created here like the kept one: one stack for each Region.
    own = project.is_pulumi and not project.is_kept
    if stack is None:
        stack = _default_stack(project, running, region, own=own)
    file = StackFile(project.folder / f"Pulumi.{stack}.yaml")
    endpoint = file.value("agentcore:endpointUrl")
    local = project.is_on_local_aws(stack) or (endpoint is None and is_loopback(_endpoint_of_shell()))
    if local and running is None:
        raise LocalAwsStopped(f"Stack {stack} is on local AWS, which does not run", "`agentcore local start`")
    if local and own and endpoint and running and endpoint != running.endpoint:
        raise InvalidInput(
            f"Stack {stack} looks for local AWS at {endpoint}, but it runs at {running.endpoint}",
            f"`pulumi config set agentcore:endpointUrl {running.endpoint} -s {stack}`",
        )
    kept_region = file.value("aws:region")
    if region is not None and kept_region is not None and region != kept_region and not elsewhere:
        raise InvalidInput(
            f"--region {region}: stack {stack} is in {kept_region}", "Leave --region out, or choose another --stack"
        )
    region = (
        (kept_region if elsewhere else None)
        or region
        or kept_region
        or (_DEFAULT_LOCAL_REGION if local else region_of_user())
    )
    return ChosenStack(project, stack, region, running if local else None, _environment(project, stack, running, local))


def region_of_user() -> str:
    """The Region of the user's AWS settings. Raises InvalidInput."""
    for variable in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        if os.environ.get(variable):
            return os.environ[variable]
    from agentcore_provider.aws.connection import Connection, Settings

    try:
        return Connection(Settings()).region
    except Exception:
        # Whatever boto3 lacks here, an explicit Region is the cure.
        raise InvalidInput(
            "No AWS Region configured",
            "Pass --region, set AWS_REGION, or run `agentcore local start` for an AWS on this machine",
        ) from None


def _default_stack(project: Project, running: LocalAws | None, region: str | None, *, own: bool) -> str:
    if running is not None:
        if own or region is None:
            return "local"
        kept = StackFile(project.folder / "Pulumi.local.yaml").value("aws:region") or _DEFAULT_LOCAL_REGION
        return "local" if kept == region else f"local-{region}"
    if not own:
        return region or region_of_user()
    return replace(command_of(project, None), stack=None).selected_stack() or "dev"


def running_local_aws(project: Project) -> LocalAws | None:
    """The local AWS that the shell points to, else the one of the project, if it runs. Raises LocalAwsStopped."""
    endpoint = _endpoint_of_shell()
    if endpoint is None:
        return LocalProcess(project).find()
    if not is_loopback(endpoint):
        return None
    try:
        status = status_of(endpoint)
    except (OSError, ValueError):
        raise LocalAwsStopped(
            f"AWS_ENDPOINT_URL is {endpoint}, but no local AWS answers there", "`agentcore local start`, or unset it"
        ) from None
    return LocalAws(0, urlsplit(endpoint).port or 80, endpoint, status.get("aws_plugin_port"))


def _endpoint_of_shell() -> str | None:
    return (os.environ.get("AWS_ENDPOINT_URL") or "").rstrip("/") or None


def _environment(project: Project, stack: str, running: LocalAws | None, local: bool) -> dict[str, str]:
    if local and running is not None:
        chosen = {
            name: os.environ[name]
            for name in ("PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_HOME")
            if name in os.environ
        }
        return local_environment(project, running, os.environ.get("PATH", os.defpath)) | chosen
    environment = dict(command_of(project, stack).environment)
    is_unlocked = any(name.startswith("PULUMI_CONFIG_PASSPHRASE") for name in environment)
    if not is_unlocked and "PULUMI_BACKEND_URL" not in environment and (project.is_kept or not project.is_pulumi):
        environment["PULUMI_CONFIG_PASSPHRASE_FILE"] = str(project.passphrase_file)
    return environment
