"""EzAuth: sign-in for agents in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from agentcore_provider.providers.ez_auth import Provider
from agentcore_provider.resources.authorizers import JwtAuthorizer
from agentcore_provider.resources.dynamic_resource import DynamicResource
from agentcore_provider.resources.token_endpoint import TokenEndpoint


class EzAuth(DynamicResource, module="agentcore", name="EzAuth"):
    """Cognito sign-in for agents: user pool, domain, resource server with scopes, machine-to-machine client.

    A gateway can be made while the domain, which takes up to a minute, is still coming up; `token_endpoint` is there
    when a real token was issued. https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools.html
    """

    client_id: pulumi.Output[str]
    """Id of the machine-to-machine client."""
    client_secret: pulumi.Output[str]
    """Its secret; a Pulumi secret."""
    client_info: pulumi.Output[dict[str, str]]
    """client_id, client_secret, user_pool_id, token_endpoint, scope and domain_prefix in one; a Pulumi secret."""
    scope: pulumi.Output[str]
    """The scopes to ask a token for, separated by spaces."""
    token_endpoint: pulumi.Output[str]
    """Where tokens are had; known when it issued one."""
    issuing_endpoint: pulumi.Output[str]
    """The same address, known before it answers."""
    discovery_url: pulumi.Output[str]
    """The OpenID discovery document of the user pool."""
    user_pool_id: pulumi.Output[str]
    """Id of the user pool."""
    user_pool_arn: pulumi.Output[str]
    """ARN of the user pool."""
    domain_prefix: pulumi.Output[str]
    """Prefix of the sign-in domain."""

    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str] | None = None,
        scopes: pulumi.Input[Sequence[pulumi.Input[str]]] = ("invoke",),
        resource_server_identifier: pulumi.Input[str] | None = None,
        domain_prefix: pulumi.Input[str] | None = None,
        access_token_validity_seconds: pulumi.Input[int] = 3600,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """
        Args:
            resource_name: Logical name.
            name: Name of user pool, resource server and client. Default: the logical name and a short hash.
                Changing it replaces.
            scopes: Names of the scopes that tokens may carry, up to 100. Default: invoke. Updates in place.
            resource_server_identifier: What stands before each scope. Default: the name. Changing it replaces.
            domain_prefix: Prefix of the sign-in domain: lower case, digits, hyphens, 63 at most, unique in a Region
                over all accounts. Default: the name. Changing it updates in place: the token endpoint moves.
            access_token_validity_seconds: How long a token is good, 300 to 86400. Default: 3600. Updates in place.
            tags: Tags of the user pool, up to 50. Updates in place.
            opts: Pulumi's resource options.
        """
        inputs = {
            "name": name,
            "scopes": list(scopes) if isinstance(scopes, (list, tuple)) else scopes,
            "resource_server_identifier": resource_server_identifier,
            "domain_prefix": domain_prefix,
            "access_token_validity_seconds": access_token_validity_seconds,
            "tags": tags,
        }
        secrets = pulumi.ResourceOptions(additional_secret_outputs=["client_secret", "client_info"])
        opts = pulumi.ResourceOptions.merge(opts, secrets)
        super().__init__(Provider(), resource_name, inputs, opts)
        if opts.id is None:
            self.token_endpoint = TokenEndpoint(
                resource_name,
                url=self.issuing_endpoint,
                client_id=self.client_id,
                client_secret=self.client_secret,
                scope=self.scope,
                opts=pulumi.ResourceOptions(parent=self, custom_timeouts=opts.custom_timeouts),
            ).url
        else:
            self.token_endpoint = self.issuing_endpoint

    def jwt_authorizer(self) -> JwtAuthorizer:
        """What a gateway checks the tokens of this sign-in by."""
        return JwtAuthorizer(discovery_url=self.discovery_url, allowed_clients=[self.client_id])
