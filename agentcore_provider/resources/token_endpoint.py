"""TokenEndpoint: a token endpoint that issues tokens."""

from __future__ import annotations

import pulumi

from agentcore_provider.providers.token_endpoint import Provider
from agentcore_provider.resources import aws_access
from agentcore_provider.resources.dynamic_resource import DynamicResource


class TokenEndpoint(DynamicResource, module="agentcore", name="TokenEndpoint"):
    """Made as soon as the endpoint issues a token: what depends on it can sign in.

    EzAuth declares it; nothing of it exists in AWS.
    """

    _in_aws = False

    url: pulumi.Output[str]
    """The endpoint's address."""

    def __init__(
        self,
        resource_name: str,
        *,
        url: pulumi.Input[str],
        client_id: pulumi.Input[str],
        client_secret: pulumi.Input[str],
        scope: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """
        Args:
            resource_name: Logical name.
            url: Address of the endpoint. Changing it updates in place, which waits again.
            client_id: Client to ask for. Changing it updates in place, which waits again.
            client_secret: Its secret. Changing it updates in place, which waits again.
            scope: Scopes to ask for, separated by spaces. Changing it updates in place, which waits again.
            opts: Pulumi's resource options.
        """
        inputs = {
            "url": url,
            "client_id": client_id,
            "client_secret": pulumi.Output.secret(client_secret),
            "scope": scope,
        }
        access = aws_access.find(TokenEndpoint, resource_name, opts)
        super().__init__(Provider(), resource_name, inputs, opts, access=access)
