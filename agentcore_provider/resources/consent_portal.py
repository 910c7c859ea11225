"""ConsentPortal: where people sign in and allow what agents do for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pulumi

from agentcore_provider.arguments.members import further
from agentcore_provider.errors import InvalidInput
from agentcore_provider.providers.consent_portal import Provider
from agentcore_provider.resources import aws_access, gateway_argument
from agentcore_provider.resources.aws_access import AnyRole
from agentcore_provider.resources.declaration import Problems
from agentcore_provider.resources.dynamic_resource import DynamicResource
from agentcore_provider.resources.gateway import Gateway
from agentcore_provider.resources.oauth2_credential_provider import OAuth2CredentialProvider


class ConsentPortal(DynamicResource, module="agentcore", name="ConsentPortal"):
    """A page of AWS where people sign in and allow an agent to use a gateway's targets on their behalf.

    Its id is its ARN.

    Example:
        ```python
        portal = ConsentPortal("desk", gateway=gateway, credential_provider_arn=login, execution_role_arn=role.arn)
        pulumi.export("portal", portal.portal_url)
        ```

    https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateConsentPortal.html
    """

    consent_portal_arn: pulumi.Output[str]
    """ARN of the portal. Known once it is created."""
    consent_portal_id: pulumi.Output[str]
    """Id of the portal: its name and ten characters. Known once it is created."""
    portal_url: pulumi.Output[str | None]
    """Address of the page; register it with `/callback` at its end with the identity provider. Known once it is created."""
    status: pulumi.Output[str]
    """ACTIVE after a successful `pulumi up`; later what the last refresh found. Known once it is created."""
    status_reason: pulumi.Output[str | None]
    """Why it failed, as the last refresh found. Known once it is created."""
    name: pulumi.Output[str]
    """Name in AWS, also where it is generated. Known at preview if the gateway exists."""
    gateway_identifier: pulumi.Output[str]
    """Id of the gateway. Known at preview if the gateway exists."""
    credential_provider_arn: pulumi.Output[str]
    """ARN of the credential provider. Known at preview if that exists."""
    scopes: pulumi.Output[list[str]]
    """The argument, or what a refresh found in AWS. Known at preview."""
    audience: pulumi.Output[str | None]
    """The argument, or what a refresh found in AWS. Known at preview."""
    execution_role_arn: pulumi.Output[str]
    """The argument, or what a refresh found in AWS. Known at preview unless it is an Output."""
    description: pulumi.Output[str | None]
    """The argument, or what a refresh found in AWS. Known at preview."""
    tags: pulumi.Output[dict[str, str] | None]
    """The argument; the owner tag is not among them. Known at preview."""
    created_at: pulumi.Output[str]
    """Time of creation in ISO 8601. Known once it is created."""
    updated_at: pulumi.Output[str]
    """Time of the last change in ISO 8601. Known once it is created."""

    aws_name = "ConsentPortal"
    _required = MappingProxyType({"gateway_identifier": "", "credential_provider_arn": "", "execution_role_arn": ""})

    def __init__(
        self,
        resource_name: str,
        *,
        credential_provider_arn: OAuth2CredentialProvider | pulumi.Input[str],
        execution_role_arn: pulumi.Input[str],
        gateway: Gateway | None = None,
        gateway_identifier: pulumi.Input[str] | None = None,
        scopes: pulumi.Input[Sequence[pulumi.Input[str]]] = ("openid",),
        audience: pulumi.Input[str] | None = None,
        name: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        more: Mapping[str, object] | None = None,
        adopt: bool | None = None,
        region: pulumi.Input[str] | None = None,
        profile: pulumi.Input[str] | None = None,
        assume_role: AnyRole | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """
        Args:
            resource_name: Logical name.
            credential_provider_arn: The OAuth2CredentialProvider that people sign in with, or its ARN. It has to be of the
                issuer that the gateway's JWT authorizer trusts. Updates in place.
            execution_role_arn: Role that AgentCore assumes to read the gateway, the credential provider and its secret.
                Updates in place.
            gateway: The gateway, which authorizes callers by JWT. Changing it replaces.
            gateway_identifier: Id of a gateway that this program does not declare, instead of `gateway`. Changing it
                replaces.
            scopes: OAuth scopes to request at the sign-in, openid among them, each up to 255 characters. Default: openid
                alone. Updates in place.
            audience: Audience to request tokens for. Default: none. Updates in place.
            name: Name in AWS: letters, digits, hyphens and underscores, 50 at most, unique in the account. Default: the
                logical name and a short hash. Changing it replaces.
            description: What the portal is for, up to 512 characters. Updates in place.
            tags: Up to 50. Updates in place.
            more: Members of the API that have no argument here yet, in snake_case. Updates in place.
            adopt: Take over a portal of this `name` that something else made. Default: the stack's agentcore:adopt.
            region: AWS Region. Default: that of the gateway, of the parent, of an aws.Provider in `opts`, or of the stack. Changing it
                replaces.
            profile: AWS profile to sign in with, in place of what the stack signs in with. One of another account replaces.
            assume_role: Role to assume, by ARN or as an AssumeRole; not with `profile`. One of another account replaces.
            opts: Pulumi's resource options.

        Raises:
            InvalidInput: Arguments contradict each other. All other problems are reported at preview.
        """
        label = f'ConsentPortal "{resource_name}"'
        gateway_argument.require_one(label, gateway, gateway_identifier)
        problems = Problems()
        access = aws_access.find(
            ConsentPortal,
            resource_name,
            opts,
            region=region,
            profile=profile,
            assume_role=assume_role,
            # It has to be where its gateway is.
            inherited=gateway.aws_access if gateway else None,
        )
        if gateway is not None:
            problems.lines += gateway_argument.elsewhere("a consent portal", gateway, access)
        inputs = {
            "gateway_identifier": gateway.gateway_id if gateway is not None else gateway_identifier,
            "credential_provider_arn": _arn(credential_provider_arn, label),
            "scopes": [*scopes] if isinstance(scopes, tuple) else scopes,
            "audience": audience,
            "execution_role_arn": execution_role_arn,
            "name": name,
            "description": description,
            "tags": tags,
            **further(more),
        }
        super().__init__(
            Provider(),
            resource_name,
            inputs,
            access.own(opts),
            access=access,
            adopt=adopt,
            problems=problems,
            gateway=gateway.declared if gateway else None,
        )


def _arn(provider: OAuth2CredentialProvider | pulumi.Input[str], label: str) -> pulumi.Input[str]:
    if isinstance(provider, OAuth2CredentialProvider):
        # The id is known while an update is previewed; the ARN among the outputs is not, and would show as a change.
        return provider.id
    if isinstance(provider, pulumi.Resource):
        raise InvalidInput(
            f"is of type {type(provider).__name__}",
            "Pass an OAuth2CredentialProvider or its ARN",
            path="credential_provider_arn",
            label=label,
        )
    return provider
