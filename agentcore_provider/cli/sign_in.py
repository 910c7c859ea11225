"""Signing in to a gateway, by a token or a signature."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING

from agentcore_provider.cli import gateway_choice
from agentcore_provider.cli.gateway import Gateway, describe_accepted_tokens
from agentcore_provider.cli.project import find_project
from agentcore_provider.cli.terminal import progress
from agentcore_provider.errors import InvalidInput, NotSignedIn
from agentcore_provider.mcp.token import Token, fetch_token

if TYPE_CHECKING:
    from agentcore_provider.aws.request_signature import RequestSignature


@dataclass(frozen=True)
class GatewayAccess:
    """A gateway's address and the credentials for it."""

    url: str
    token: str = field(default="", repr=False)
    """Empty for a gateway that needs none."""
    sign: RequestSignature | None = None
    """Signs each request, for a gateway with the authorizer AWS_IAM."""


def import_meanwhile(*modules: str) -> None:
    """Import modules in the background while `pulumi` reads the stack; whoever needs them waits for the import."""

    def import_all() -> None:
        # An error is raised again where the module is used.
        with contextlib.suppress(Exception):
            for module in modules:
                import_module(module)

    Thread(target=import_all, daemon=True).start()


def sign_in_to(
    stack: str | None, gateway: str | None, url: str | None, token: str | None, sigv4: bool
) -> GatewayAccess:
    """The gateway that the flags name, signed in. Raises InvalidInput, NotSignedIn, AwsRefused."""
    if sigv4 and token is not None:
        raise InvalidInput("--sigv4 signs instead of a token", "Leave out --token, and unset AGENTCORE_TOKEN")
    if url is not None:
        if stack is not None or gateway is not None:
            raise InvalidInput("--url identifies the gateway by itself", "Leave out --stack and --gateway")
        if not url.startswith(("http://", "https://")):
            raise InvalidInput(f"--url {url}: not a URL", "It starts with https:// and ends in /mcp")
        return GatewayAccess(url, token or "", signature(gateway_choice.any_gateway(url)) if sigv4 else None)
    import_meanwhile("agentcore_provider.mcp.session")
    deployed = deployed_gateway(stack, gateway)
    if sigv4 or deployed.authorizer_type == "AWS_IAM":
        with progress("Signing in to AWS"):
            return GatewayAccess(deployed.mcp_url, sign=signature(deployed))
    if token is None and (deployed.signs_in or deployed.authorizer_type == "CUSTOM_JWT"):
        token = fetch_token_for(deployed).access_token
    return GatewayAccess(deployed.mcp_url, token or "")


def signature(gateway: Gateway) -> RequestSignature:
    """What signs requests to a gateway."""
    from agentcore_provider.aws.request_signature import RequestSignature

    return RequestSignature(gateway_choice.connect(gateway))


def deployed_gateway(stack: str | None, gateway: str | None, *, secrets: bool = True) -> Gateway:
    """The gateway of a stack that the flags name. secrets: whether its client's is decrypted. Raises InvalidInput."""
    with progress("Reading the stack"):
        deployed = gateway_choice.deployed_gateway(find_project(), stack, gateway, secrets=secrets)
    if not deployed.mcp_url:
        raise InvalidInput(f"Gateway {deployed.name!r} has no address yet", "Finish its deployment with `pulumi up`")
    return deployed


def fetch_token_for(gateway: Gateway) -> Token:
    """A token for the gateway, as the stack's own client. Raises NotSignedIn."""
    if gateway.authorizer_type == "AWS_IAM":
        raise NotSignedIn(
            f"Gateway {gateway.name!r} does not accept tokens, its authorizer is AWS_IAM",
            ("Sign each request with Signature Version 4 for the service bedrock-agentcore, as `agentcore tools` does"),
        )
    if gateway.authorizer_type == "NONE":
        raise NotSignedIn(f"Gateway {gateway.name!r} needs no token, its authorizer is NONE", "Call it without one")
    if not gateway.signs_in:
        raise NotSignedIn(f"Gateway {gateway.name!r} {describe_accepted_tokens(gateway.authorizer)}")
    with progress("Signing in"):
        return fetch_token(gateway.token_endpoint, gateway.client_id, _client_secret(gateway), gateway.scope)


def _client_secret(gateway: Gateway) -> str:
    """The secret of the stack's client. State has the one of the last update, which Secrets Manager may have rotated."""
    if not gateway.client_secret_arn:
        return gateway.client_secret
    from agentcore_provider.aws import client_secret

    return client_secret.read(gateway_choice.connect(gateway), gateway.client_secret_arn)
