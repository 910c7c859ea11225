"""Which gateway a command talks to and what lets it in: the flags that all such commands share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer

from agentcore_provider.cli import completion
from agentcore_provider.cli.deployed_gateway import DeployedGateway, choose_gateway, token_wanted
from agentcore_provider.cli.gateway_choice import ChosenGateway, choose, of_stack
from agentcore_provider.cli.project import find_project
from agentcore_provider.cli.stack_state import read_gateways
from agentcore_provider.cli.terminal import progress
from agentcore_provider.errors import InvalidInput, NotSignedIn
from agentcore_provider.mcp.token import Token, fetch_token

if TYPE_CHECKING:
    from agentcore_provider.aws.request_signature import RequestSignature

Stack = Annotated[
    str | None,
    typer.Option(
        "--stack",
        "-s",
        autocompletion=completion.stacks,
        help="Stack to look the gateway up in. Default: the selected one.",
    ),
]
GatewayName = Annotated[
    str | None,
    typer.Option(
        "--gateway",
        "-g",
        autocompletion=completion.gateways,
        help="Name, id, ARN or URL of the gateway, if the stack has several.",
    ),
]
Url = Annotated[str | None, typer.Option("--url", help="MCP URL of a gateway, instead of a stack.")]
TokenText = Annotated[
    str | None,
    typer.Option(
        "--token",
        envvar="AGENTCORE_TOKEN",
        show_envvar=True,
        help="Access token; the variable keeps it out of the process list. Default: signs in by the stack.",
    ),
]
Sigv4 = Annotated[
    bool,
    typer.Option(
        "--sigv4",
        help="Sign each request with your AWS credentials (Signature Version 4), in place of a token: for a gateway "
        "with the authorizer AWS_IAM. Default: signs where stack or AWS say so; a URL alone does not tell.",
    ),
]
Timeout = Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds to wait for each answer.")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


@dataclass(frozen=True)
class Door:
    """A gateway's address and what opens it."""

    url: str
    token: str = field(default="", repr=False)
    """Empty for a gateway that asks for none."""
    sign: RequestSignature | None = None
    """Signs each request, for a gateway that lets AWS identities in."""


def open_door(stack: str | None, gateway: str | None, url: str | None, token: str | None, sigv4: bool) -> Door:
    """The gateway that the flags mean, signed in. Raises InvalidInput, NotSignedIn, AwsRefused."""
    if sigv4 and token is not None:
        raise InvalidInput("--sigv4 signs in place of a token: leave out --token, and unset AGENTCORE_TOKEN")
    if url is not None:
        if stack is not None or gateway is not None:
            raise InvalidInput("--url names the gateway by itself: leave out --stack and --gateway")
        if not url.startswith(("http://", "https://")):
            raise InvalidInput(f"--url {url}: not a URL: it starts with https:// and ends in /mcp")
        return Door(url, token or "", _signature(choose(url)) if sigv4 else None)
    deployed = deployed_gateway(stack, gateway)
    if sigv4 or deployed.authorizer_type == "AWS_IAM":
        with progress("Signing in to AWS"):
            return Door(deployed.mcp_url, sign=_signature(of_stack(deployed, find_project(), stack)))
    if token is None and (deployed.signs_in or deployed.authorizer_type == "CUSTOM_JWT"):
        token = sign_in(deployed).access_token
    return Door(deployed.mcp_url, token or "")


def _signature(chosen: ChosenGateway) -> RequestSignature:
    from agentcore_provider.aws.request_signature import RequestSignature

    return RequestSignature(chosen.connection)


def deployed_gateway(stack: str | None, gateway: str | None) -> DeployedGateway:
    """The gateway of a stack, by the flags. Raises InvalidInput."""
    with progress("Reading the stack"):
        deployed = choose_gateway(read_gateways(find_project(), stack), gateway)
    if not deployed.mcp_url:
        raise InvalidInput(f"Gateway {deployed.name!r} has no address yet: finish its deployment with `pulumi up`")
    return deployed


def sign_in(deployed: DeployedGateway) -> Token:
    """A token for the gateway, as the stack's own client. Raises NotSignedIn."""
    if deployed.authorizer_type == "AWS_IAM":
        raise NotSignedIn(
            f"Gateway {deployed.name!r} takes no token, its authorizer is AWS_IAM: sign each request with Signature "
            "Version 4 for the service bedrock-agentcore, as `agentcore tools` does"
        )
    if deployed.authorizer_type == "NONE":
        raise NotSignedIn(f"Gateway {deployed.name!r} takes no token, its authorizer is NONE: call it without one")
    if not deployed.signs_in:
        raise NotSignedIn(f"Gateway {deployed.name!r} {token_wanted(deployed.authorizer)}")
    with progress("Signing in"):
        return fetch_token(deployed.token_endpoint, deployed.client_id, deployed.client_secret, deployed.scope)
