"""Which gateway a command is about: one of the stack, or any other by name, id, ARN or URL."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from agentcore_provider.cli.deployed_gateway import DeployedGateway
from agentcore_provider.cli.project import Project
from agentcore_provider.cli.stack_state import read_config, read_gateways
from agentcore_provider.errors import AgentCoreError, InvalidInput
from agentcore_provider.loopback import is_loopback
from agentcore_provider.rules import gateway_address

if TYPE_CHECKING:
    from agentcore_provider.aws.connection import Connection


@dataclass(frozen=True)
class ChosenGateway:
    """A gateway, as far as it is known before anybody was asked."""

    name: str
    """How the user calls it."""
    gateway_id: str = ""
    region: str = ""
    mcp_url: str = ""
    sign_in: DeployedGateway | None = field(default=None, repr=False)
    """The stack's own way in, if the stack has one."""
    by_url: bool = False
    """Only the URL was given: its AWS account may be anybody's."""
    project: Project | None = None
    """The project of the gateway's stack, if the gateway is of one."""
    stack: str | None = None
    """That stack; None is the selected one."""

    @property
    def refresh(self) -> str:
        """What makes anew whatever of the gateway's stack somebody removed."""
        if self.project is not None and self.project.is_kept:
            return "the `agentcore create_mcp_gateway` that made it, once more,"
        return "`pulumi up --refresh`"

    @cached_property
    def connection(self) -> Connection:
        """The AWS that the gateway is in, signed in as its stack signs in, else as the environment says."""
        from agentcore_provider.aws.connection import Connection, Settings
        from agentcore_provider.aws.cures import COMMAND

        said = read_config(self.project, self.stack) if self.project is not None else {}
        settings = Settings.of_stack(said.get)
        # boto3 itself reads AWS_DEFAULT_REGION alone, other tools and shells on AWS say AWS_REGION.
        region = self.region or settings.region or os.environ.get("AWS_REGION")
        address = urlsplit(self.mcp_url)
        if not is_loopback(self.mcp_url):
            return Connection(replace(settings, region=region), cures=COMMAND)
        settings = replace(settings, region=region or "us-west-2", endpoint_url=f"{address.scheme}://{address.netloc}")
        if not (settings.profile or settings.access_key):
            settings = replace(settings, access_key="local", secret_key="local")  # noqa: S106 (local AWS takes any)
        return Connection(settings, cures=COMMAND)


def is_address(reference: str) -> bool:
    """Whether the reference says by itself where the gateway is: a URL or an ARN."""
    return reference.startswith(("http://", "https://", "arn:"))


def choose(
    reference: str, gateways: Iterable[DeployedGateway] = (), project: Project | None = None, stack: str | None = None
) -> ChosenGateway:
    """The gateway that a reference means.

    gateways: those of the project's stack, whose sign-in is used when it is one of them; a name or id that is none of
    theirs is looked for in the stack's AWS. Raises InvalidInput for a URL or ARN that cannot be a gateway's.
    """
    gateways = list(gateways)
    for gateway in gateways:
        if reference in (gateway.name, gateway.gateway_id, gateway.gateway_arn, gateway.mcp_url):
            return of_stack(gateway, project, stack)
    if reference.startswith("arn:"):
        try:
            found = gateway_address.parse_arn(reference)
        except InvalidInput as error:
            raise InvalidInput(f"--gateway: {error}") from None
        return ChosenGateway(found.gateway_id, found.gateway_id, found.region or "")
    if is_address(reference):
        return _by_url(reference)
    there = project if gateways else None
    return ChosenGateway(reference, reference if gateway_address.is_id(reference) else "", project=there, stack=stack)


def of_stack(gateway: DeployedGateway, project: Project | None, stack: str | None) -> ChosenGateway:
    """A gateway of a project's stack."""
    known = ChosenGateway(gateway.name, mcp_url=gateway.mcp_url, sign_in=gateway, project=project, stack=stack)
    if not _tells(gateway.mcp_url) and is_loopback(gateway.mcp_url):
        # On this machine, but no gateway of local AWS: no AWS knows it.
        return known
    region = gateway.gateway_arn.split(":")[3] if gateway.gateway_arn.count(":") >= 5 else ""
    return replace(known, gateway_id=gateway.gateway_id, region=region)


def known_gateways(project: Project, stack: str | None) -> list[DeployedGateway]:
    """The gateways of the stack, if there is a project and its stack can be read; else none."""
    if not project.is_pulumi:
        return []
    try:
        return list(read_gateways(project, stack).values())
    except AgentCoreError:
        # An explicit stack that cannot be read is a mistake; the selected one may have nothing to do with it.
        if stack is not None:
            raise
        return []


def _by_url(url: str) -> ChosenGateway:
    host = urlsplit(url).hostname
    if not host:
        raise InvalidInput(f"--gateway {url}: not a URL: it has no host")
    found = _tells(url)
    if found is None:
        return ChosenGateway(host, mcp_url=url, by_url=True)
    return ChosenGateway(found.gateway_id, found.gateway_id, found.region or "", url, by_url=True)


def _tells(url: str) -> gateway_address.GatewayAddress | None:
    """The gateway of a URL of AWS, or of local AWS on this machine."""
    try:
        found = gateway_address.parse_url(url)
    except InvalidInput:
        return None
    return found if found.region or is_loopback(url) else None
