"""Which gateway a command is about: one of the stack, or any other by name, id, ARN or URL."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from agentcore_provider.cli.project import Project
from agentcore_provider.cli.stack_outputs import DeployedGateway, read_gateways
from agentcore_provider.errors import AgentCoreError, InvalidInput
from agentcore_provider.mcp.token import is_loopback

if TYPE_CHECKING:
    from agentcore_provider.aws.connection import Connection

_ARN = re.compile(r"arn:aws[a-z-]*:bedrock-agentcore:(?P<region>[a-z0-9-]+):\d{12}:gateway/(?P<id>[0-9a-z-]+)")
_HOST = re.compile(r"(?P<id>[0-9a-z-]+)\.gateway\.bedrock-agentcore\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?")
_LOCAL_PATH = re.compile(r"/gateways/(?P<id>[0-9a-z-]+)/mcp/?")
_ID = re.compile(r"[0-9a-z-]+-[0-9a-z]{10}")


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

    def connect(self) -> Connection:
        """The AWS that the gateway is in: local AWS for one on this machine, else what the environment says."""
        from agentcore_provider.aws.connection import Connection, Settings

        address = urlsplit(self.mcp_url)
        # boto3 itself reads AWS_DEFAULT_REGION alone, other tools and shells on AWS say AWS_REGION.
        region = self.region or os.environ.get("AWS_REGION")
        if not is_loopback(address.hostname or ""):
            return Connection(Settings(region=region))
        return Connection(
            Settings(
                region=region or "us-west-2",
                endpoint_url=f"{address.scheme}://{address.netloc}",
                access_key="local",
                secret_key="local",  # noqa: S106 (local AWS takes any)
            )
        )


def is_address(reference: str) -> bool:
    """Whether the reference says by itself where the gateway is: a URL or an ARN."""
    return reference.startswith(("http://", "https://", "arn:"))


def choose(reference: str, gateways: Iterable[DeployedGateway]) -> ChosenGateway:
    """The gateway that a reference means. gateways: those of the stack, whose sign-in is used when it is one of them.

    Raises InvalidInput for a URL or ARN that cannot be a gateway's.
    """
    for gateway in gateways:
        if reference in (gateway.name, gateway.gateway_id, gateway.gateway_arn, gateway.mcp_url):
            return of_stack(gateway)
    if reference.startswith("arn:"):
        found = _ARN.fullmatch(reference)
        if found is None:
            raise InvalidInput(
                f"--gateway {reference}: not the ARN of a gateway: "
                "it reads arn:aws:bedrock-agentcore:REGION:ACCOUNT:gateway/ID"
            )
        return ChosenGateway(found["id"], found["id"], found["region"])
    if is_address(reference):
        return _by_url(reference)
    return ChosenGateway(reference, reference if _ID.fullmatch(reference) else "")


def of_stack(gateway: DeployedGateway) -> ChosenGateway:
    """A gateway of the stack."""
    address = urlsplit(gateway.mcp_url)
    if is_loopback(address.hostname or "") and not _LOCAL_PATH.fullmatch(address.path):
        # On this machine, but no gateway of local AWS: no AWS knows it.
        return ChosenGateway(gateway.name, mcp_url=gateway.mcp_url, sign_in=gateway)
    region = gateway.gateway_arn.split(":")[3] if gateway.gateway_arn.count(":") >= 5 else ""
    return ChosenGateway(gateway.name, gateway.gateway_id, region, gateway.mcp_url, gateway)


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
    address = urlsplit(url)
    if not address.hostname:
        raise InvalidInput(f"--gateway {url}: not a URL: it has no host")
    found = _HOST.fullmatch(address.hostname)
    if found:
        return ChosenGateway(found["id"], found["id"], found["region"], url, by_url=True)
    local = _LOCAL_PATH.fullmatch(address.path) if is_loopback(address.hostname) else None
    if local:
        return ChosenGateway(local["id"], local["id"], "", url, by_url=True)
    return ChosenGateway(address.hostname, mcp_url=url, by_url=True)
