"""ConfigurationBundle: versions of what agents are configured with."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pulumi

from agentcore_provider.arguments.members import further
from agentcore_provider.providers.configuration_bundle import Provider
from agentcore_provider.resources import aws_access
from agentcore_provider.resources.aws_access import AnyRole
from agentcore_provider.resources.dynamic_resource import DynamicResource


class ConfigurationBundle(DynamicResource, module="agentcore", name="ConfigurationBundle"):
    """Configurations of agents, such as prompts and models, in versions: a rule of a gateway says which version
    requests get.

    Each change adds a version; older ones stay. Its id is its ARN.

    Example:
        ```python
        bundle = ConfigurationBundle("prompts", components={runtime_arn: {"configuration": {"system_prompt": "Be brief."}}})
        GatewayRule("prompts", gateway=gateway, priority=10, configuration_bundle=bundle)
        ```

    https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateConfigurationBundle.html
    """

    bundle_arn: pulumi.Output[str]
    """ARN of the bundle. Known once it is created."""
    bundle_id: pulumi.Output[str]
    """Id of the bundle: its name and ten characters. Known once it is created."""
    version_id: pulumi.Output[str]
    """Id of the latest version of the branch. Known once that exists."""
    name: pulumi.Output[str]
    """Name in AWS, also where it is generated. Known at preview."""
    components: pulumi.Output[dict[str, Any]]
    """The argument, or what a refresh found in AWS. Known at preview unless it contains an Output."""
    description: pulumi.Output[str | None]
    """The argument, or what a refresh found in AWS. Known at preview."""
    kms_key_arn: pulumi.Output[str | None]
    """The argument; None for a key of AWS. Known at preview unless it is an Output."""
    lineage_metadata: pulumi.Output[dict[str, Any] | None]
    """AWS's document of the latest version's parents, branch and commit message. Known once that exists."""
    tags: pulumi.Output[dict[str, str] | None]
    """The argument; the owner tag is not among them. Known at preview."""
    created_at: pulumi.Output[str]
    """Time of creation in ISO 8601. Known once it is created."""
    updated_at: pulumi.Output[str]
    """Time of the latest version in ISO 8601. Known once that exists."""

    aws_name = "ConfigurationBundle"
    _required = MappingProxyType({"components": {}})

    def __init__(
        self,
        resource_name: str,
        *,
        components: pulumi.Input[Mapping[str, Mapping[str, object]]],
        name: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        commit_message: pulumi.Input[str] | None = None,
        branch_name: pulumi.Input[str] | None = None,
        created_by: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        kms_key_arn: pulumi.Input[str] | None = None,
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
            components: Id of a component, such as the ARN of an agent runtime, to AWS's document {"configuration": ...}, whose
                content is what the agent reads. Updates in place: a change adds a version.
            name: Name in AWS: a letter, then letters, digits and underscores, 100 at most, unique in the account.
                Default: the logical name and a short hash. Updates in place.
            description: What the bundle is for, 1 to 500 characters. Updates in place; removing it replaces.
            commit_message: What changed, 1 to 500 characters; goes with the next version. Default: for a version after the
                first, "Deployed by Pulumi". Updates in place, and adds no version by itself.
            branch_name: Branch that gets the versions. Default: AWS's mainline. Changing it replaces.
            created_by: AWS's document of who makes a version, with name and arn. Updates in place, and adds no version by
                itself.
            kms_key_arn: KMS key that encrypts the configurations. Default: a key of AWS. Updates in place; removing it
                replaces.
            tags: Up to 50. Updates in place.
            more: Members of the API that have no argument here yet, in snake_case. Updates in place.
            adopt: Take over a bundle of this `name` that something else made. Default: the stack's agentcore:adopt.
            region: AWS Region. Default: that of the parent, of an aws.Provider in `opts`, or of the stack. Changing it replaces.
            profile: AWS profile to sign in with, in place of what the stack signs in with. One of another account replaces.
            assume_role: Role to assume, by ARN or as an AssumeRole; not with `profile`. One of another account replaces.
            opts: Pulumi's resource options.
        """
        access = aws_access.find(
            ConfigurationBundle, resource_name, opts, region=region, profile=profile, assume_role=assume_role
        )
        inputs = {
            "name": name,
            "components": components,
            "description": description,
            "commit_message": commit_message,
            "branch_name": branch_name,
            "created_by": created_by,
            "kms_key_arn": kms_key_arn,
            "tags": tags,
            **further(more),
        }
        super().__init__(Provider(), resource_name, inputs, opts, access=access, adopt=adopt)
