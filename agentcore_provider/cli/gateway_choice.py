"""Which gateway a command is about: the one that its flags name."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from agentcore_provider.cli.gateway import Gateway, address_in
from agentcore_provider.cli.project import Project
from agentcore_provider.cli.stack_state import StackConfig, read_gateways
from agentcore_provider.errors import AgentCoreError, InvalidInput
from agentcore_provider.loopback import is_loopback
from agentcore_provider.rules import gateway_address

if TYPE_CHECKING:
    from agentcore_provider.aws.connection import Connection


def connect(gateway: Gateway) -> Connection:
    """The AWS that a gateway is in, signed in as its stack signs in, else as the environment configures."""
    from agentcore_provider.aws.connection import Connection, Settings
    from agentcore_provider.aws.cures import COMMAND

    settings = Settings()
    if gateway.project is not None:
        settings = Settings.of_stack(StackConfig(gateway.project, gateway.stack, gateway.stack_name).get)
    settings = settings.of_resource(gateway.access)
    # boto3 itself reads AWS_DEFAULT_REGION alone; other tools, and shells on AWS, use AWS_REGION.
    region = gateway.region or settings.region or os.environ.get("AWS_REGION")
    if not is_loopback(gateway.mcp_url):
        return Connection(replace(settings, region=region), cures=COMMAND)
    address = urlsplit(gateway.mcp_url)
    settings = replace(settings, region=region or "us-west-2", endpoint_url=f"{address.scheme}://{address.netloc}")
    if not (settings.profile or settings.access_key):
        settings = replace(settings, access_key="local", secret_key="local")  # noqa: S106 (local AWS takes any)
    return Connection(settings, cures=COMMAND)


def is_address(reference: str) -> bool:
    """Whether the reference itself locates the gateway: a URL or an ARN."""
    return reference.startswith(("http://", "https://", "arn:"))


def deployed_gateway(project: Project, stack: str | None, reference: str | None, *, secrets: bool = True) -> Gateway:
    """The gateway of a stack with this name, id, ARN or URL; without one, the only gateway. Raises InvalidInput."""
    gateways = read_gateways(project, stack, secrets=secrets)
    if reference is None:
        if len(gateways) > 1:
            raise InvalidInput("The stack has several gateways", f"choose with --gateway: {', '.join(gateways)}")
        return next(iter(gateways.values()))
    found = _meant(gateways.values(), reference)
    if found is None:
        raise InvalidInput(f"The stack has no gateway {reference!r}", f"Choose one of {', '.join(gateways)}")
    return found


def _meant(gateways: Iterable[Gateway], reference: str) -> Gateway | None:
    """The one with this name, id, ARN or URL; else the one with this name in AWS. Raises InvalidInput for several of it."""
    gateways = list(gateways)
    exact = next((it for it in gateways if it.is_meant_by(reference)), None)
    if exact is not None:
        return exact
    # Gateways of one name may be in several Regions and accounts.
    named = [it for it in gateways if it.aws_name == reference]
    if len(named) > 1:
        names = ", ".join(it.name for it in named)
        raise InvalidInput(f"Several gateways of the stack are called {reference!r} in AWS", f"choose one of {names}")
    return named[0] if named else None


def any_gateway(
    reference: str, gateways: Iterable[Gateway] = (), project: Project | None = None, stack: str | None = None
) -> Gateway:
    """The gateway that a reference means.

    gateways: those of the project's stack; any other name or id is looked up in the stack's AWS.
    Raises InvalidInput for a URL or ARN that cannot be a gateway's.
    """
    gateways = list(gateways)
    deployed = _meant(gateways, reference)
    if deployed is not None:
        return deployed
    if reference.startswith("arn:"):
        try:
            found = gateway_address.parse_arn(reference)
        except InvalidInput as error:
            raise error.below("--gateway") from None
        return Gateway(found.gateway_id, gateway_id=found.gateway_id, gateway_arn=reference)
    if is_address(reference):
        host = urlsplit(reference).hostname
        if not host:
            raise InvalidInput("is not a URL, as it has no host", "Correct it", path=f"--gateway {reference}")
        address = address_in(reference)
        known = address.gateway_id if address is not None else ""
        return Gateway(known or host, mcp_url=reference, gateway_id=known)
    known = reference if gateway_address.is_id(reference) else ""
    return Gateway(reference, gateway_id=known, project=project if gateways else None, stack=stack)


def known_gateways(project: Project, stack: str | None) -> list[Gateway]:
    """The gateways of the stack; none without a project, or if the selected stack cannot be read."""
    if not project.is_pulumi:
        return []
    try:
        return list(read_gateways(project, stack).values())
    except AgentCoreError:
        # A stack that was named has to be readable; the selected one may have nothing to do with the gateway.
        if stack is not None:
            raise
        return []
