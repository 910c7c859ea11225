"""Gateway: one MCP address in front of functions, APIs and servers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.providers.gateway import Provider
from agentcore_provider.resources import aws_provider
from agentcore_provider.resources.authorizers import JwtAuthorizer
from agentcore_provider.resources.declaration import Problems, former_names, further
from agentcore_provider.resources.dynamic_resource import DynamicResource
from agentcore_provider.resources.ez_auth import EzAuth
from agentcore_provider.resources.gateway_role import GatewayRole
from agentcore_provider.rules import gateway as rules

if TYPE_CHECKING:
    from agentcore_provider.resources.gateway_target import GatewayTarget

AuthorizerType = Literal["CUSTOM_JWT", "AWS_IAM", "NONE", "AUTHENTICATE_ONLY"]


class Gateway(DynamicResource, module="agentcore", name="Gateway"):
    """An AgentCore gateway: one MCP address in front of Lambda functions, REST APIs, Smithy services, MCP servers.

    https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateGateway.html
    """

    gateway_id: pulumi.Output[str]
    """Id of the gateway: its lower-cased name and ten characters."""
    gateway_arn: pulumi.Output[str]
    """ARN of the gateway."""
    gateway_url: pulumi.Output[str]
    """The MCP address that clients connect to."""
    name: pulumi.Output[str]
    """Name in AWS."""
    status: pulumi.Output[str]
    """READY, or what the service said when it was last asked."""
    status_reasons: pulumi.Output[list[str] | None]
    """Why the status is what it is, when the service says so."""
    role_arn: pulumi.Output[str]
    """Role the gateway assumes."""
    description: pulumi.Output[str | None]
    """What the program or AWS says of it."""
    authorizer_type: pulumi.Output[str]
    """How callers sign in, by AWS's word."""
    authorizer_configuration: pulumi.Output[dict[str, Any] | None]
    """AWS's document."""
    protocol_type: pulumi.Output[str | None]
    """MCP, or None for a gateway of HTTP targets."""
    protocol_configuration: pulumi.Output[dict[str, Any] | None]
    """AWS's document."""
    tags: pulumi.Output[dict[str, str] | None]
    """The tags that the program gave."""
    workload_identity_details: pulumi.Output[dict[str, Any] | None]
    """The identity that the gateway signs in to targets with."""
    created_at: pulumi.Output[str]
    """When it was made, in ISO 8601."""
    updated_at: pulumi.Output[str]
    """When it was last changed, in ISO 8601."""

    _required = MappingProxyType({"role_arn": "", "authorizer": "NONE"})

    def __init__(
        self,
        resource_name: str,
        *,
        role_arn: pulumi.Input[str] | GatewayRole,
        authorizer: EzAuth | JwtAuthorizer | AuthorizerType | None = None,
        authorizer_type: pulumi.Input[str] | None = None,
        authorizer_configuration: pulumi.Input[Mapping[str, Any]] | None = None,
        name: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        protocol_type: pulumi.Input[str] | None = "MCP",
        protocol_configuration: pulumi.Input[Mapping[str, Any]] | None = None,
        semantic_search: bool = True,
        instructions: pulumi.Input[str] | None = None,
        interceptor_configurations: pulumi.Input[Sequence[Mapping[str, Any]]] | None = None,
        policy_engine_configuration: pulumi.Input[Mapping[str, Any]] | None = None,
        custom_transform_configuration: pulumi.Input[Mapping[str, Any]] | None = None,
        domain_override: pulumi.Input[Mapping[str, Any]] | None = None,
        waf_configuration: pulumi.Input[Mapping[str, Any]] | None = None,
        kms_key_arn: pulumi.Input[str] | None = None,
        exception_level: pulumi.Input[str] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        more: Mapping[str, Any] | None = None,
        adopt: bool | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """
        Args:
            resource_name: Logical name.
            role_arn: Role the gateway assumes to reach its targets: a GatewayRole, which then follows the targets, or
                an ARN. Changing it updates in place.
            authorizer: Who may call: an EzAuth, a JwtAuthorizer, "AWS_IAM", "NONE" or "AUTHENTICATE_ONLY". Another
                kind replaces the gateway; other settings of a kind update in place.
            authorizer_type: With authorizer_configuration, AWS's own form of `authorizer`. Changing it replaces.
            authorizer_configuration: AWS's document. Updates in place.
            name: Name in AWS: letters, digits and single hyphens, 48 at most, unique in account and Region.
                Default: the logical name and a short hash. Changing it replaces.
            description: 1 to 200 characters. Updates in place.
            protocol_type: "MCP", or None for a gateway of HTTP targets. Default: MCP. Updates in place, if AWS
                allows it: it does not say.
            protocol_configuration: AWS's document. Updates in place, but for the search type, which replaces.
            semantic_search: Whether clients may search the tools. Default: yes. Changing it replaces.
            instructions: What agents are told about the gateway, 1 to 2048 characters. Updates in place.
            interceptor_configurations: Functions that see requests and answers, 2 at most; AWS's documents. A
                GatewayRole allows them by itself. Updates in place.
            policy_engine_configuration: AWS's document. A GatewayRole allows it by itself. Updates in place.
            custom_transform_configuration: AWS's document. A GatewayRole allows its function by itself. Updates in
                place.
            domain_override: Domains of your own, one and up to 10 alternate ones; AWS's document. Updates in place.
            waf_configuration: AWS's document. Updates in place.
            kms_key_arn: Key that encrypts the gateway. Default: a key of AWS. A GatewayRole is allowed to use it; a key
                whose policy does not leave that to IAM has to name the role. Updates in place.
            exception_level: "DEBUG" for error messages with details. Updates in place.
            tags: Up to 50. Updates in place.
            more: Members of the API that have no argument here yet, in snake_case. Updates in place.
            adopt: Take over a gateway of this `name` that something else made. Default: the stack's agentcore:adopt.
            opts: Pulumi's resource options.

        Raises InvalidInput when arguments contradict each other; everything else that is wrong is shown at preview.
        """
        if (authorizer is None) == (authorizer_type is None):
            raise InvalidInput(
                f'Gateway "{resource_name}": give either authorizer= (an EzAuth, a JwtAuthorizer, "AWS_IAM", "NONE") '
                "or authorizer_type="
            )
        problems = Problems()
        if authorizer is not None:
            authorizer_type, authorizer_configuration = _authorizer(authorizer, problems)
        self.role = GatewayRole.of(role_arn)
        waits_for: list[pulumi.Resource] = []
        if self.role is not None:
            try:
                if name is None:
                    # A renamed gateway keeps the name that AWS knows it by, until it is replaced.
                    self.role.check_gateway_name(resource_name, *former_names(opts))
                elif isinstance(name, str):
                    self.role.check_gateway_name(name)
            except InvalidInput as error:
                problems.add(error)
            region = pulumi.Config("aws").get("region")
            chosen = aws_provider.region(opts)
            if chosen is not None:
                problems.lines.append(self.role.other_region(chosen.apply(lambda known: known or region)))
            elif region and not aws_provider.chosen(opts):
                problems.lines.append(self.role.other_region(region))
            waits_for += self.role.grant_gateway(
                resource_name,
                {
                    "interceptor_configurations": interceptor_configurations,
                    "policy_engine_configuration": policy_engine_configuration,
                    "custom_transform_configuration": custom_transform_configuration,
                    "kms_key_arn": kms_key_arn,
                },
            )
        opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=waits_for)) if waits_for else opts
        protocol_configuration = _protocol(protocol_type, protocol_configuration, semantic_search, instructions)
        # What targets are judged by; of a gateway that is only read, the program knows nothing.
        members = {
            "authorizerType": authorizer_type,
            "protocolType": protocol_type,
            "protocolConfiguration": protocol_configuration,
        }
        only_read = opts is not None and opts.id is not None
        self.declared = {} if only_read else {it: value for it, value in members.items() if value is not None}
        self.target_names: dict[str, GatewayTarget] = {}
        inputs = {
            "name": name,
            "description": description,
            "role_arn": self.role.arn if self.role else role_arn,
            "protocol_type": protocol_type,
            "protocol_configuration": protocol_configuration,
            "authorizer_type": authorizer_type,
            "authorizer_configuration": authorizer_configuration,
            "kms_key_arn": kms_key_arn,
            "interceptor_configurations": interceptor_configurations,
            "policy_engine_configuration": policy_engine_configuration,
            "custom_transform_configuration": custom_transform_configuration,
            "exception_level": exception_level,
            "domain_override": domain_override,
            "waf_configuration": waf_configuration,
            "tags": tags,
            **further(more),
        }
        super().__init__(Provider(), resource_name, inputs, opts, adopt=adopt, problems=problems)
        # The preview of an update knows the id but no output, and the targets of an unknown gateway would all be replaced.
        read = opts.id if opts is not None else None
        # Of one that is only read the preview knows the outputs, but no id that the engine would hand back.
        self.gateway_id = self.id if read is None else pulumi.Output.all(read, self.urn).apply(lambda it: str(it[0]))


def _authorizer(authorizer: Any, problems: Problems) -> tuple[Any, dict[str, Any] | None]:
    if isinstance(authorizer, EzAuth):
        authorizer = authorizer.jwt_authorizer()
    if isinstance(authorizer, JwtAuthorizer):
        return "CUSTOM_JWT", authorizer.authorizer_configuration()
    if not isinstance(authorizer, (str, pulumi.Output)):
        problems.add(
            InvalidInput(
                f'authorizer: is a {type(authorizer).__name__}. Give an EzAuth, a JwtAuthorizer, "AWS_IAM" or "NONE"'
            )
        )
        return "NONE", None
    return authorizer, None


def _protocol(protocol_type: Any, configuration: Any, semantic_search: bool, instructions: Any) -> Any:
    mcp = configuration.get("mcp") if isinstance(configuration, Mapping) else None
    if any(isinstance(it, pulumi.Output) for it in (protocol_type, configuration, mcp)):
        return pulumi.Output.all(protocol_type, configuration, instructions).apply(
            lambda known: _protocol(known[0], known[1], semantic_search, known[2])
        )
    return rules.protocol_configuration(
        configuration, protocol_type=protocol_type, semantic_search=semantic_search, instructions=instructions
    )
