"""Registry: a catalogue in which people and agents find gateways and other servers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from agentcore_provider.arguments import registry as arguments
from agentcore_provider.errors import InvalidInput
from agentcore_provider.providers.registry import Provider
from agentcore_provider.resources import aws_access
from agentcore_provider.resources.authorizers import JwtAuthorizer
from agentcore_provider.resources.aws_access import AnyRole
from agentcore_provider.resources.declaration import Problems, require_bool
from agentcore_provider.resources.dynamic_resource import DynamicResource
from agentcore_provider.resources.ez_auth import EzAuth


class Registry(DynamicResource, module="agentcore", name="Registry"):
    """A catalogue of AWS Agent Registry, in which people and agents find gateways, other MCP servers and agents.

    Its id is its ARN. It belongs to no gateway: records of many gateways are in one. Deleting it deletes its records.

    Example:
        ```python
        catalogue = Registry("tools", auto_approve=True)
        RegistryRecord("shop", registry=catalogue, gateway=gateway, description="Orders and refunds")
        ```

    https://docs.aws.amazon.com/agent-registry-control/latest/APIReference/API_CreateRegistry.html
    """

    registry_arn: pulumi.Output[str]
    """ARN of the registry; also the resource's id. Known once it is created."""
    registry_id: pulumi.Output[str]
    """Id of the registry. Known once it is created."""
    status: pulumi.Output[str]
    """READY after a successful `pulumi up`; later what the last refresh found. Known once it is created."""
    status_reason: pulumi.Output[str | None]
    """Why it failed, as the last refresh found. Known once it is created."""
    name: pulumi.Output[str]
    """Name in AWS, also where it is generated. Known at preview."""
    description: pulumi.Output[str | None]
    """The argument, or what a refresh found in AWS. Known at preview."""
    discovery_configuration: pulumi.Output[dict[str, Any]]
    """AWS's document of who may search the registry. Known at preview unless it contains an Output."""
    approval_configuration: pulumi.Output[dict[str, Any] | None]
    """AWS's document of what is approved without a curator. Known at preview."""
    encryption_configuration: pulumi.Output[dict[str, Any] | None]
    """AWS's document of the KMS key; None for a key of AWS. Known at preview unless it contains an Output."""
    custom_metadata_schema_configuration: pulumi.Output[dict[str, Any] | None]
    """AWS's document of what metadata records can have. Known at preview."""
    auto_detection_configuration: pulumi.Output[dict[str, Any] | None]
    """AWS's document of what it adds by itself. Known at preview."""
    tags: pulumi.Output[dict[str, str] | None]
    """The argument; the owner tag is not among them. Known at preview."""
    created_at: pulumi.Output[str]
    """Time of creation in ISO 8601. Known once it is created."""
    updated_at: pulumi.Output[str]
    """Time of the last change in ISO 8601. Known once it is created."""

    aws_name = "Registry"
    aws_service = "agent-registry-control"

    def __init__(
        self,
        resource_name: str,
        *,
        authorizer: EzAuth | JwtAuthorizer | str = "AWS_IAM",
        auto_approve: bool = False,
        name: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        kms_key_arn: pulumi.Input[str] | None = None,
        custom_metadata_schema_configuration: pulumi.Input[Mapping[str, object]] | None = None,
        auto_detection_configuration: pulumi.Input[Mapping[str, object]] | None = None,
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
            resource_name: Logical name; the name in AWS begins with it.
            authorizer: Who may search the registry: "AWS_IAM" for callers who sign their requests, an EzAuth or a JwtAuthorizer for
                bearer tokens. Default: "AWS_IAM". Another kind replaces, another configuration updates in place.
            auto_approve: Whether records that are submitted are approved without a curator. Default: False. Updates in
                place, for what is submitted later.
            name: Name in AWS: letters, digits, hyphens, underscores, dots and slashes, 64 at most, unique in the account and
                Region. Default: the logical name and a short hash. Updates in place.
            description: What the registry is for, up to 4096 characters. Updates in place.
            kms_key_arn: KMS key that encrypts the records. Default: a key of AWS. Changing it replaces.
            custom_metadata_schema_configuration: AWS's document of what metadata records can have; AWS lets fields and values be
                added, not removed. Updates in place.
            auto_detection_configuration: AWS's document of what it adds by itself: gateways and runtimes of an organization.
                Updates in place.
            tags: Up to 50. Updates in place.
            more: Members of the API that have no argument here yet, in snake_case. Updates in place.
            adopt: Take over a registry of this `name` that something else made. Default: the stack's agentcore:adopt.
            region: AWS Region. Default: that of the parent, of an aws.Provider in `opts`, or of the stack. Changing it replaces.
            profile: AWS profile to sign in with, in place of what the stack signs in with. One of another account replaces.
            assume_role: Role to assume, by ARN or as an AssumeRole; not with `profile`. One of another account replaces.
            opts: Pulumi's resource options.

        Raises:
            InvalidInput: An argument has a wrong type. All other problems are reported at preview.
        """
        problems = Problems()
        require_bool("auto_approve", auto_approve, problems)
        inputs = arguments.properties(
            authorizer=_authorizer(authorizer, resource_name),
            auto_approve=auto_approve,
            kms_key_arn=kms_key_arn,
            name=name,
            description=description,
            custom_metadata_schema_configuration=custom_metadata_schema_configuration,
            auto_detection_configuration=auto_detection_configuration,
            tags=tags,
            more=more,
        )
        access = aws_access.find(Registry, resource_name, opts, region=region, profile=profile, assume_role=assume_role)
        super().__init__(
            Provider(), resource_name, inputs, access.own(opts), access=access, adopt=adopt, problems=problems
        )
        # The preview of an update knows the id but no output: all records would be shown as replaced.
        # Of one that is only read the preview knows the outputs, but no id that the engine would hand back.
        arn = opts.id if opts is not None and opts.id is not None else self.id
        self.registry_arn = pulumi.Output.all(arn, self.urn).apply(lambda it: str(it[0]))
        self.registry_id = self.registry_arn.apply(lambda it: it.rpartition("/")[2])


def _authorizer(authorizer: object, resource_name: str) -> JwtAuthorizer | str:
    if isinstance(authorizer, EzAuth):
        authorizer = authorizer.jwt_authorizer()
    if not isinstance(authorizer, (str, JwtAuthorizer)):
        raise InvalidInput(
            f"is a {type(authorizer).__name__}",
            'Pass an EzAuth, a JwtAuthorizer or "AWS_IAM"',
            path="authorizer",
            label=f'Registry "{resource_name}"',
        )
    return authorizer
