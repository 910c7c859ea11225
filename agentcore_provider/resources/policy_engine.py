"""PolicyEngine: decides which caller may call which tool, by its policies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from agentcore_provider.arguments.members import further
from agentcore_provider.cedar import schema as schemas
from agentcore_provider.cedar.schema import CedarSchema
from agentcore_provider.providers.policy_engine import Provider, id_of
from agentcore_provider.resources import aws_access
from agentcore_provider.resources.aws_access import AnyRole
from agentcore_provider.resources.dynamic_resource import DynamicResource

if TYPE_CHECKING:
    from agentcore_provider.resources.gateway import Gateway
    from agentcore_provider.resources.gateway_target import GatewayTarget


class PolicyEngine(DynamicResource, module="agentcore", name="PolicyEngine"):
    """A policy engine: gateways ask it before every call of a tool, and it decides by its policies.

    Without a policy that permits a call, the call is denied. Its id is its ARN.

    Example:
        ```python
        engine = PolicyEngine("desk")
        gateway = Gateway("desk", role_arn=GatewayRole("desk"), authorizer=EzAuth("desk"), policy_engine=engine)
        ```

    https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreatePolicyEngine.html
    """

    policy_engine_id: pulumi.Output[str]
    """Id of the engine: its name and ten characters. Known once it is created."""
    policy_engine_arn: pulumi.Output[str]
    """ARN of the engine. Known once it is created."""
    name: pulumi.Output[str]
    """Name in AWS, also where it is generated. Known at preview."""
    description: pulumi.Output[str | None]
    """The argument, or what a refresh found in AWS. Known at preview."""
    encryption_key_arn: pulumi.Output[str | None]
    """The argument; None for a key of AWS. Known at preview unless it is an Output."""
    tags: pulumi.Output[dict[str, str] | None]
    """The argument; the owner tag is not among them. Known at preview."""
    status: pulumi.Output[str]
    """ACTIVE after a successful `pulumi up`; later what the last refresh found. Known once it is created."""
    status_reasons: pulumi.Output[list[str] | None]
    """The service's reasons for the status; None where it states none. Known once it is created."""
    created_at: pulumi.Output[str]
    """Time of creation in ISO 8601. Known once it is created."""
    updated_at: pulumi.Output[str]
    """Time of the last change in ISO 8601. Known once it is created."""

    aws_name = "PolicyEngine"

    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        encryption_key_arn: pulumi.Input[str] | None = None,
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
            name: Name in AWS: a letter, then letters, digits and underscores, 48 at most, unique in account and Region.
                Default: the logical name and a short hash. Changing it replaces.
            description: What the engine is for, 1 to 4096 characters. Updates in place.
            encryption_key_arn: ARN of the KMS key that encrypts its policies. Default: a key of AWS. Changing it replaces.
            tags: Up to 50. Updates in place.
            more: Members of the API that have no argument here yet, in snake_case. Updates in place.
            adopt: Take over an engine of this `name` that something else made. Default: the stack's agentcore:adopt.
            region: AWS Region. Default: that of the parent, of an aws.Provider in `opts`, or of the stack. Changing it replaces.
            profile: AWS profile to sign in with, in place of what the stack signs in with. One of another account replaces.
            assume_role: Role to assume, by ARN or as an AssumeRole; not with `profile`. One of another account replaces.
            opts: Pulumi's resource options.
        """
        access = aws_access.find(
            PolicyEngine, resource_name, opts, region=region, profile=profile, assume_role=assume_role
        )
        inputs = {
            "name": name,
            "description": description,
            "encryption_key_arn": encryption_key_arn,
            "tags": tags,
            **further(more),
        }
        self.gateways: list[Gateway] = []
        """The gateways of this program that ask the engine, in the order of their declaration."""
        self.forbids = False
        """Whether a policy that is declared so far forbids something."""
        self._schemas: dict[Gateway | None, tuple[list[tuple[str, Any]], tuple[CedarSchema, list[str]]]] = {}
        self.untried = False
        """Whether it was reported that no policy is validated against the tools."""
        super().__init__(Provider(), resource_name, inputs, opts, access=access, adopt=adopt)
        # The preview of an update knows the id but no output: gateways and policies would all be shown as changed.
        # Of one that is only read the preview knows the outputs, but no id that the engine would hand back.
        arn = opts.id if opts is not None and opts.id is not None else self.id
        self.policy_engine_arn = pulumi.Output.all(arn, self.urn).apply(lambda it: str(it[0]))
        self.policy_engine_id = self.policy_engine_arn.apply(id_of)

    def targets(self) -> list[GatewayTarget]:
        """The targets of its gateways that are declared so far."""
        return [it for gateway in self.gateways for it in (*gateway.target_names.values(), *gateway.unnamed_targets)]

    def schema(self, gateway: Gateway | None) -> tuple[CedarSchema, list[str]]:
        """The schema of the tools that are declared so far, and the targets whose tools are not known here.

        gateway: the one whose tools they are. None for the tools of all. A target whose name is not known is `""`.
        """
        gateways = self.gateways if gateway is None else [gateway]
        declared = [(name, it.described) for one in gateways for name, it in one.target_names.items()]
        if gateway not in self._schemas or self._schemas[gateway][0] != declared:
            self._schemas[gateway] = declared, schemas.of_configurations(declared)
        schema, elsewhere = self._schemas[gateway][1]
        return schema, [*elsewhere, *("" for one in gateways for _ in one.unnamed_targets)]
