"""Gateway: one MCP address in front of functions, APIs and servers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pulumi

from agentcore_provider.arguments import gateway as arguments
from agentcore_provider.arguments.aws_types import (
    AuthorizerConfigurationOutputTypeDef,
    GatewayInterceptorConfigurationOutputTypeDef,
    GatewayPolicyEngineConfigurationTypeDef,
    GatewayProtocolConfigurationOutputTypeDef,
    WorkloadIdentityDetailsTypeDef,
)
from agentcore_provider.arguments.gateway import AuthorizerType
from agentcore_provider.errors import InvalidInput
from agentcore_provider.providers.gateway import Provider
from agentcore_provider.resources import aws_access, documents, interceptor, invoke_grant, web_acl
from agentcore_provider.resources import pulumi_aws as aws
from agentcore_provider.resources.authorizers import JwtAuthorizer
from agentcore_provider.resources.aws_access import AnyRole
from agentcore_provider.resources.declaration import Problems, former_names, require_bool
from agentcore_provider.resources.domain_override import DomainOverride
from agentcore_provider.resources.dynamic_resource import DynamicResource
from agentcore_provider.resources.ez_auth import EzAuth
from agentcore_provider.resources.gateway_role import GatewayRole
from agentcore_provider.resources.interceptor import Interceptor
from agentcore_provider.resources.policy_engine import PolicyEngine

if TYPE_CHECKING:
    from agentcore_provider.resources.gateway_target import GatewayTarget


class Gateway(DynamicResource, module="agentcore", name="Gateway"):
    """An AgentCore gateway: one MCP address in front of Lambda functions, REST APIs, Smithy services, MCP servers.

    Example:
        ```python
        role = GatewayRole("shop")
        gateway = Gateway("shop", role_arn=role, authorizer=EzAuth("shop"), description="The order desk")
        pulumi.export("mcp_url", gateway.gateway_url)
        ```

    https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateGateway.html
    """

    gateway_id: pulumi.Output[str]
    """Id of the gateway: its lower-cased name and ten characters. Known once it is created."""
    gateway_arn: pulumi.Output[str]
    """ARN of the gateway. Known once it is created."""
    gateway_url: pulumi.Output[str]
    """The MCP address that clients connect to. Known once the gateway is created."""
    name: pulumi.Output[str]
    """Name in AWS, also where it is generated. Known at preview."""
    status: pulumi.Output[str]
    """READY after a successful `pulumi up`; later what the last refresh found, such as UPDATE_UNSUCCESSFUL. Known once it is
    created."""
    status_reasons: pulumi.Output[list[str] | None]
    """The service's reasons for the status; None where it states none. Known once it is created."""
    role_arn: pulumi.Output[str]
    """ARN of the role that the gateway assumes. Known at preview if the role exists."""
    description: pulumi.Output[str | None]
    """The argument, or what a refresh found in AWS. Known at preview."""
    authorizer_type: pulumi.Output[str]
    """Kind of inbound authorizer: CUSTOM_JWT, AWS_IAM, NONE or AUTHENTICATE_ONLY. Known at preview."""
    authorizer_configuration: pulumi.Output[AuthorizerConfigurationOutputTypeDef | None]
    """AWS's document of the inbound authorizer, such as issuer and allowed clients; None unless the kind is CUSTOM_JWT.
    Known at preview unless it contains an Output."""
    protocol_type: pulumi.Output[str | None]
    """MCP, or None for a gateway of HTTP targets. Known at preview."""
    protocol_configuration: pulumi.Output[GatewayProtocolConfigurationOutputTypeDef | None]
    """AWS's document of the protocol: search type, instructions, versions of MCP. Known at preview."""
    interceptor_configurations: pulumi.Output[list[GatewayInterceptorConfigurationOutputTypeDef] | None]
    """AWS's documents of the interceptors; None for none. Known at preview unless they contain an Output."""
    policy_engine_configuration: pulumi.Output[GatewayPolicyEngineConfigurationTypeDef | None]
    """AWS's document of the policy engine; None without one. Known at preview unless it contains an Output."""
    domain_override: pulumi.Output[dict[str, Any] | None]
    """AWS's document of the domains that the gateway names to clients; None for that of the request. Known at preview."""
    waf_configuration: pulumi.Output[dict[str, str] | None]
    """AWS's document of what happens while the web firewall does not answer; None for AWS's default. Known at preview."""
    web_acl_arn: pulumi.Output[str | None]
    """ARN of the web ACL that the last update or refresh found in front of the gateway; None without one. Known once the
    gateway is created."""
    kms_key_arn: pulumi.Output[str | None]
    """ARN of the key that encrypts the gateway; None for a key of AWS. Known at preview if the key exists."""
    exception_level: pulumi.Output[str | None]
    """DEBUG where agents see why a call failed, else None. Known at preview."""
    tags: pulumi.Output[dict[str, str] | None]
    """The argument; the owner tag is not among them. Known at preview."""
    workload_identity_details: pulumi.Output[WorkloadIdentityDetailsTypeDef | None]
    """AWS's document with the ARN of the workload identity under which the gateway asks for its targets' credentials.
    Known once it is created."""
    created_at: pulumi.Output[str]
    """Time of creation in ISO 8601. Known once it is created."""
    updated_at: pulumi.Output[str]
    """Time of the last change in ISO 8601. Known once it is created."""

    aws_name = "Gateway"
    _required = MappingProxyType({"role_arn": "", "authorizer": "NONE"})

    def __init__(
        self,
        resource_name: str,
        *,
        role_arn: pulumi.Input[str] | GatewayRole,
        authorizer: EzAuth | JwtAuthorizer | AuthorizerType | None = None,
        authorizer_type: pulumi.Input[str] | None = None,
        authorizer_configuration: pulumi.Input[Mapping[str, object]] | None = None,
        name: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        protocol_type: pulumi.Input[str] | None = "MCP",
        protocol_configuration: pulumi.Input[Mapping[str, object]] | None = None,
        semantic_search: pulumi.Input[bool] = True,
        instructions: pulumi.Input[str] | None = None,
        supported_versions: Sequence[pulumi.Input[str]] | None = None,
        session_timeout: pulumi.Input[int] | None = None,
        response_streaming: pulumi.Input[bool] | None = None,
        interceptor_configurations: Sequence[Interceptor | Mapping[str, object]]
        | pulumi.Output[Sequence[Mapping[str, object]]]
        | None = None,
        policy_engine: PolicyEngine | None = None,
        policy_mode: pulumi.Input[str] | None = None,
        policy_engine_configuration: pulumi.Input[Mapping[str, object]] | None = None,
        custom_transform_configuration: pulumi.Input[Mapping[str, object]] | None = None,
        domain_override: DomainOverride | pulumi.Input[Mapping[str, object]] | None = None,
        waf_configuration: pulumi.Input[Mapping[str, object]] | None = None,
        kms_key_arn: pulumi.Input[str] | None = None,
        exception_level: pulumi.Input[str] | None = None,
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
            role_arn: Role the gateway assumes to reach its targets: a GatewayRole, which then follows the targets, or
                an ARN. Changing it updates in place.
            authorizer: Who may call: an EzAuth, a JwtAuthorizer, "AWS_IAM", "NONE" or "AUTHENTICATE_ONLY". Another
                kind replaces the gateway; other settings of a kind update in place.
            authorizer_type: With authorizer_configuration, AWS's own form of `authorizer`. Changing it replaces.
            authorizer_configuration: AWS's document. Updates in place.
            name: Name in AWS: letters, digits and single hyphens, 48 at most, unique in account and Region.
                Default: the logical name and a short hash. Changing it replaces.
            description: What the gateway is for, 1 to 200 characters. Updates in place.
            protocol_type: "MCP", or None for a gateway of HTTP targets. Default: MCP. Updates in place, if AWS
                allows it: it does not say.
            protocol_configuration: AWS's document of the protocol: supportedVersions, sessionConfiguration and so on.
                Updates in place, but for the search type, which replaces.
            semantic_search: Whether clients may search the tools. Default: yes. Changing it replaces.
            instructions: Instructions for every agent that connects, 1 to 2048 characters. Updates in place.
            supported_versions: Revisions of MCP that clients may choose, such as ["2025-11-25"]. Default: the service's. Updates
                in place.
            session_timeout: Seconds after which the session of a client ends, 900 to 28800. Default: no sessions. Updates in
                place.
            response_streaming: Whether a client gets a tool's messages before its result, as a stream of events. Default: no.
                Updates in place.
            interceptor_configurations: Functions that see every request or response, 2 at most: an Interceptor each, or AWS's
                documents. A GatewayRole allows them by itself. Updates in place.
            policy_engine: The policy engine that decides about every call. A GatewayRole allows it by itself. Updates in
                place.
            policy_mode: ENFORCE, or LOG_ONLY to log what the policies would deny. Default: ENFORCE. Updates in place.
            policy_engine_configuration: AWS's own form of policy_engine and policy_mode: arn, and mode. Updates in place.
            custom_transform_configuration: AWS's document of how requests and responses are changed. A GatewayRole
                allows its function by itself. Updates in place.
            domain_override: The domains of a proxy of yours, which the gateway names to clients: a DomainOverride, or AWS's document.
                Default: the domain of the request. Updates in place.
            waf_configuration: AWS's document of the web firewall in front of the gateway. Updates in place.
            kms_key_arn: Key that encrypts the gateway. Default: a key of AWS. A GatewayRole is allowed to use it; a key
                whose policy does not leave that to IAM has to name the role. Updates in place.
            exception_level: DEBUG lets agents see why a call failed. Default: they see a general message. Updates in
                place.
            tags: Up to 50. Updates in place.
            more: Members of the API that have no argument here yet, in snake_case. Updates in place.
            adopt: Take over a gateway of this `name` that something else made. Default: the stack's agentcore:adopt.
            region: AWS Region. Default: that of the parent, of an aws.Provider in `opts`, or of the stack. Changing it replaces.
            profile: AWS profile to sign in with, in place of what the stack signs in with. One of another account replaces.
            assume_role: Role to assume, by ARN or as an AssumeRole; not with `profile`. One of another account replaces.
            opts: Pulumi's resource options.

        Raises:
            InvalidInput: Arguments contradict each other. All other problems are reported at preview.
        """
        if (authorizer is None) == (authorizer_type is None):
            raise InvalidInput(
                "needs exactly one of authorizer and authorizer_type",
                'Give either authorizer= (an EzAuth, a JwtAuthorizer, "AWS_IAM", "NONE") or authorizer_type=',
                label=f'Gateway "{resource_name}"',
            )
        if policy_engine is not None or policy_mode is not None:
            label = f'Gateway "{resource_name}"'
            policy_engine_configuration = _policy_engine(policy_engine, policy_mode, policy_engine_configuration, label)
        access = aws_access.find(Gateway, resource_name, opts, region=region, profile=profile, assume_role=assume_role)
        problems = Problems()
        if not isinstance(semantic_search, pulumi.Output):
            require_bool("semantic_search", semantic_search, problems)
        interceptors = interceptor.documents(interceptor_configurations)
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
            if (wanted := access.expected_region) is not None:
                problems.lines.append(self.role.other_region(wanted))
            waits_for += self.role.grant_gateway(
                resource_name,
                {
                    "interceptor_configurations": interceptors,
                    "policy_engine_configuration": policy_engine_configuration,
                    "custom_transform_configuration": custom_transform_configuration,
                    "kms_key_arn": kms_key_arn,
                },
            )
        opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=waits_for)) if waits_for else opts
        inputs = arguments.properties(
            name=name,
            description=description,
            role_arn=self.role.arn if self.role else role_arn,
            protocol_type=protocol_type,
            protocol_configuration=protocol_configuration,
            semantic_search=semantic_search,
            instructions=instructions,
            supported_versions=supported_versions,
            session_timeout=session_timeout,
            response_streaming=response_streaming,
            authorizer_type=authorizer_type,
            authorizer_configuration=authorizer_configuration,
            kms_key_arn=kms_key_arn,
            interceptor_configurations=interceptors,
            policy_engine_configuration=policy_engine_configuration,
            custom_transform_configuration=custom_transform_configuration,
            exception_level=exception_level,
            domain_override=documents.of_value(domain_override),
            waf_configuration=waf_configuration,
            tags=tags,
            more=more,
            call=_once_known,
        )
        only_read = opts is not None and opts.id is not None
        self.declared = {} if only_read else arguments.declared(inputs)
        """CreateGateway's members that targets are validated against; {} for a gateway that is only read."""
        self.target_names: dict[str, GatewayTarget] = {}
        self.unnamed_targets: list[GatewayTarget] = []
        """Targets whose names are not known before the deployment."""
        if policy_engine is not None:
            policy_engine.gateways.append(self)
        self.rate_limits = 0
        """How many the program declares for it."""
        super().__init__(Provider(), resource_name, inputs, opts, access=access, adopt=adopt, problems=problems)
        # The preview of an update knows the id but no output, and the targets of an unknown gateway would all be replaced.
        read = opts.id if opts is not None else None
        # Of one that is only read the preview knows the outputs, but no id that the engine would hand back.
        self.gateway_id = self.id if read is None else pulumi.Output.all(read, self.urn).apply(lambda it: str(it[0]))

    def grant_invoke(
        self,
        role: aws.iam.Role | pulumi.Input[str],
        *,
        resource_name: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> aws.iam.RolePolicy:
        """Allow a role to call the gateway, which has to have the authorizer AWS_IAM, and return the role's new policy.

        Args:
            role: The caller's role of the same account: an aws.iam.Role, its name or its ARN.
            resource_name: Logical name of the policy. Default: the gateway's and the role's.
            opts: Pulumi's resource options. Default: the policy is a child of the gateway.

        Raises:
            InvalidInput: The role is something else, or its name is an Output and resource_name is missing.
        """
        return invoke_grant.attach(self, role, resource_name=resource_name, opts=opts)

    def associate_web_acl(
        self,
        acl: aws.wafv2.WebAcl | pulumi.Input[str],
        *,
        resource_name: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> aws.wafv2.WebAclAssociation:
        """Put a web ACL of AWS WAF in front of the gateway and return the association. Another one takes its place.

        Args:
            acl: An aws.wafv2.WebAcl with the scope REGIONAL in the gateway's Region, or its ARN.
            resource_name: Logical name of the association. Default: the gateway's.
            opts: Pulumi's resource options. Default: the association is a child of the gateway.

        Raises:
            InvalidInput: It is something else, or cannot be in front of this gateway.
        """
        return web_acl.associate(self, acl, resource_name=resource_name, opts=opts)


def _policy_engine(engine: object, mode: object, configuration: object, label: str) -> dict[str, Any]:
    """AWS's document of a policy engine. Raises InvalidInput."""
    if configuration is not None:
        cure = "Keep policy_engine= and policy_mode=, or policy_engine_configuration="
        raise InvalidInput("policy_engine_configuration cannot be combined with policy_engine", cure, label=label)
    if engine is None:
        raise InvalidInput("has policy_mode without policy_engine", "Give it policy_engine=", label=label)
    if not isinstance(engine, PolicyEngine):
        cure = "Give a PolicyEngine, or AWS's document as policy_engine_configuration="
        raise InvalidInput(f"is a {type(engine).__name__}", cure, path="policy_engine", label=label)
    return {"arn": engine.policy_engine_arn, "mode": "ENFORCE" if mode is None else mode}


def _authorizer(authorizer: object, problems: Problems) -> tuple[Any, dict[str, Any] | None]:
    if isinstance(authorizer, EzAuth):
        authorizer = authorizer.jwt_authorizer()
    if isinstance(authorizer, pulumi.Output):
        return authorizer, None
    if not isinstance(authorizer, (str, JwtAuthorizer)):
        problems.add(
            InvalidInput(
                f"is a {type(authorizer).__name__}",
                'Give an EzAuth, a JwtAuthorizer, "AWS_IAM" or "NONE"',
                path="authorizer",
            )
        )
        return "NONE", None
    return arguments.authorizer(authorizer)


def _once_known(build: Callable[..., object], configuration: object, *values: object) -> Any:
    """What is built of AWS's document and further values: now, or when the engine knows the document, protocol and search."""
    mcp = configuration.get("mcp") if isinstance(configuration, Mapping) else None
    if any(isinstance(it, pulumi.Output) for it in (configuration, mcp, *values[:2])):
        return pulumi.Output.all(configuration, *values).apply(lambda known: build(*known))
    return build(configuration, *values)
