"""WorkloadIdentity: who an agent is to AgentCore Identity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from agentcore_provider.arguments.members import further
from agentcore_provider.providers.workload_identity import Provider
from agentcore_provider.resources import aws_access
from agentcore_provider.resources.aws_access import AnyRole
from agentcore_provider.resources.dynamic_resource import DynamicResource


class WorkloadIdentity(DynamicResource, module="agentcore", name="WorkloadIdentity"):
    """The identity of an agent that runs outside AgentCore: with it, it gets tokens and keys from the token vault.

    AWS makes the identity of a gateway itself, and deletes it with the gateway. Its id is its ARN.

    Example:
        ```python
        WorkloadIdentity("clerk", allowed_resource_oauth2_return_urls=["https://clerk.example.com/signed-in"])
        ```

    https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateWorkloadIdentity.html
    """

    workload_identity_arn: pulumi.Output[str]
    """ARN of the identity. Known once it is created."""
    name: pulumi.Output[str]
    """Name in AWS, also where it is generated. Known at preview."""
    allowed_resource_oauth2_return_urls: pulumi.Output[list[str] | None]
    """The argument, or what a refresh found in AWS. Known at preview."""
    tags: pulumi.Output[dict[str, str] | None]
    """The argument; the owner tag is not among them. Known at preview."""
    created_time: pulumi.Output[str | None]
    """Time of creation in ISO 8601. Known once it is created."""
    last_updated_time: pulumi.Output[str | None]
    """Time of the last change in ISO 8601. Known once it is created."""

    aws_name = "WorkloadIdentity"

    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str] | None = None,
        allowed_resource_oauth2_return_urls: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
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
            name: Name in AWS: letters, digits, dots, hyphens and underscores, 3 to 255, unique in account and Region.
                Default: the logical name and a short hash. Changing it replaces.
            allowed_resource_oauth2_return_urls: Addresses that people may be sent back to once they have signed in for the
                agent. Default: none. Updates in place.
            tags: Up to 50. Updates in place.
            more: Members of the API that have no argument here yet, in snake_case. Updates in place.
            adopt: Take over an identity of this `name` that something else made. Default: the stack's agentcore:adopt.
            region: AWS Region. Default: that of the parent, of an aws.Provider in `opts`, or of the stack. Changing it replaces.
            profile: AWS profile to sign in with, in place of what the stack signs in with. One of another account replaces.
            assume_role: Role to assume, by ARN or as an AssumeRole; not with `profile`. One of another account replaces.
            opts: Pulumi's resource options.
        """
        access = aws_access.find(
            WorkloadIdentity, resource_name, opts, region=region, profile=profile, assume_role=assume_role
        )
        inputs = {
            "name": name,
            "allowed_resource_oauth2_return_urls": allowed_resource_oauth2_return_urls,
            "tags": tags,
            **further(more),
        }
        super().__init__(Provider(), resource_name, inputs, opts, access=access, adopt=adopt)
