"""EzAuth: sign-in for agents and people in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.providers.ez_auth import Provider
from agentcore_provider.resources import aws_access
from agentcore_provider.resources.authorizers import JwtAuthorizer
from agentcore_provider.resources.aws_access import AnyRole
from agentcore_provider.resources.dynamic_resource import DynamicResource
from agentcore_provider.resources.people import People, arguments
from agentcore_provider.resources.token_endpoint import TokenEndpoint


class EzAuth(DynamicResource, module="agentcore", name="EzAuth"):
    """Cognito sign-in for agents: user pool, domain, resource server with scopes, machine-to-machine client; with `people`
    a public client and login pages too.

    A gateway can be created while the domain, which takes up to a minute, is still coming up; `token_endpoint` resolves
    once it has issued a token.

    Example:
        ```python
        auth = EzAuth("shop", scopes=["read", "write"])
        gateway = Gateway("shop", role_arn=GatewayRole("shop"), authorizer=auth)
        pulumi.export("client_info", auth.client_info)
        ```

    https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools.html
    """

    client_id: pulumi.Output[str]
    """Id of the machine-to-machine client. Known once it is created."""
    client_secret: pulumi.Output[str]
    """Secret of that client; a Pulumi secret. Known once it is created."""
    client_secret_id: pulumi.Output[str | None]
    """Id of that secret, after a rotation; None before. Known once it is created."""
    client_secret_arn: pulumi.Output[str | None]
    """ARN of the secret in Secrets Manager, where Cognito keeps and rotates it; None elsewhere. Known once it is created."""
    client_info: pulumi.Output[dict[str, str]]
    """client_id, client_secret, user_pool_id, token_endpoint, scope and domain_prefix in one; a Pulumi secret. Known once
    they are created."""
    scope: pulumi.Output[str]
    """The scopes to request a token for, separated by spaces. Known once they are created."""
    token_endpoint: pulumi.Output[str]
    """Address that issues tokens. Known once it has issued one."""
    issuing_endpoint: pulumi.Output[str]
    """The same address, before it answers. Known once the domain is created."""
    discovery_url: pulumi.Output[str]
    """Address of the user pool's OpenID discovery document. Known once the pool is created."""
    user_pool_id: pulumi.Output[str]
    """Id of the user pool. Known once it is created."""
    user_pool_arn: pulumi.Output[str]
    """ARN of the user pool. Known once it is created."""
    people_client_id: pulumi.Output[str | None]
    """Id of the public client with which people sign in; None without `people`. Known once it is created."""
    authorization_endpoint: pulumi.Output[str | None]
    """Address to which clients send a person's browser; None without `people`. Known once the domain is created."""
    domain_prefix: pulumi.Output[str]
    """Prefix of the sign-in domain, also where it is generated. Known at preview."""

    _unique = "domain_prefix"
    _secret_outputs = ("client_secret", "client_info")

    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str] | None = None,
        scopes: pulumi.Input[Sequence[pulumi.Input[str]]] = ("invoke",),
        resource_server_identifier: pulumi.Input[str] | None = None,
        domain_prefix: pulumi.Input[str] | None = None,
        access_token_validity_seconds: pulumi.Input[int] = 3600,
        people: People | Mapping[str, object] | bool | None = None,
        rotate_on: pulumi.Input[str] | None = None,
        secret_in_secrets_manager: pulumi.Input[bool] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        region: pulumi.Input[str] | None = None,
        profile: pulumi.Input[str] | None = None,
        assume_role: AnyRole | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """
        Args:
            resource_name: Logical name.
            name: Name of user pool, resource server and client. Default: the logical name and a short hash.
                Changing it replaces.
            scopes: Names of the scopes that tokens may carry, up to 100. Default: invoke. Updates in place.
            resource_server_identifier: Prefix of each scope. Default: the name. Changing it replaces.
            domain_prefix: Prefix of the sign-in domain: lower case, digits, hyphens, 63 at most, unique in a Region
                over all accounts. Default: the name. Changing it updates in place: the token endpoint moves.
            access_token_validity_seconds: Seconds that a token is valid, 300 to 86400. Default: 3600. Updates in place.
            people: How people sign in with a browser, as a People or its mapping; True for its defaults. Default: nobody
                does. An administrator creates them in the user pool. Updates in place.
            rotate_on: Text of which each change gives the client a new secret, such as 2026-12. The old secret stays valid
                until the next change, or until the argument is removed. Updates in place.
            secret_in_secrets_manager: Whether Cognito keeps the client's secret in Secrets Manager, which rotates it every
                7 days; not with rotate_on. False moves it back. Default: where it is, at first Cognito. Updates in place.
            tags: Tags of the user pool, up to 50. Updates in place.
            region: AWS Region. Default: that of the parent, of an aws.Provider in `opts`, or of the stack. Changing it replaces.
            profile: AWS profile to sign in with, in place of what the stack signs in with. One of another account replaces.
            assume_role: Role to assume, by ARN or as an AssumeRole; not with `profile`. One of another account replaces.
            opts: Pulumi's resource options.

        Raises:
            InvalidInput: `people` comes as a whole from another resource.
        """
        try:
            people_arguments = arguments(people)
        except InvalidInput as error:
            raise error.labelled(f'EzAuth "{resource_name}"') from None
        inputs = {
            "name": name,
            "scopes": list(scopes) if isinstance(scopes, (list, tuple)) else scopes,
            "resource_server_identifier": resource_server_identifier,
            "domain_prefix": domain_prefix,
            "access_token_validity_seconds": access_token_validity_seconds,
            "people": people_arguments,
            "rotate_on": rotate_on,
            "secret_in_secrets_manager": secret_in_secrets_manager,
            "tags": tags,
        }
        self.has_people = inputs["people"] is not None
        access = aws_access.find(EzAuth, resource_name, opts, region=region, profile=profile, assume_role=assume_role)
        super().__init__(Provider(), resource_name, inputs, opts, access=access)
        if opts is None or opts.id is None:
            self.token_endpoint = TokenEndpoint(
                resource_name,
                url=self.issuing_endpoint,
                client_id=self.client_id,
                client_secret=self.client_secret,
                scope=self.scope,
                opts=pulumi.ResourceOptions(parent=self, custom_timeouts=opts.custom_timeouts if opts else None),
            ).url
        else:
            self.token_endpoint = self.issuing_endpoint

    def jwt_authorizer(self) -> JwtAuthorizer:
        """What a gateway checks the tokens of this sign-in by; with `people` also which scopes it advertises to clients."""
        if not self.has_people:
            return JwtAuthorizer(discovery_url=self.discovery_url, allowed_clients=[self.client_id])
        return JwtAuthorizer(
            discovery_url=self.discovery_url,
            allowed_clients=[self.client_id, self.people_client_id.apply(str)],
            allowed_scopes=self.scope.apply(str.split),
        )
