"""GatewayTarget: something a gateway offers as tools."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import pulumi

from agentcore_provider.arguments import gateway_target as arguments
from agentcore_provider.arguments.aws_types import (
    AuthorizationDataTypeDef,
    CertificateConfigurationTypeDef,
    CredentialProviderConfigurationOutputTypeDef,
    ManagedResourceDetailsTypeDef,
    MetadataConfigurationOutputTypeDef,
    PrivateEndpointOutputTypeDef,
    TargetConfigurationOutputTypeDef,
)
from agentcore_provider.providers.gateway_target import Provider
from agentcore_provider.resources import aws_access, documents, gateway_argument, inline_schema
from agentcore_provider.resources.aws_access import AnyRole, AwsAccess
from agentcore_provider.resources.certificate import Certificate
from agentcore_provider.resources.credential_provider import CredentialProvider
from agentcore_provider.resources.credentials import ApiKey, Credential, OAuth, secret_id
from agentcore_provider.resources.declaration import Problems, require_bool
from agentcore_provider.resources.dynamic_resource import DynamicResource
from agentcore_provider.resources.gateway import Gateway
from agentcore_provider.resources.private_endpoint import PrivateEndpoint
from agentcore_provider.resources.target_arguments import (
    are_arns,
    configuration_of,
    credentials_of,
    with_function,
)
from agentcore_provider.resources.target_record import accepted
from agentcore_provider.resources.targets.builtin import Builtin
from agentcore_provider.resources.targets.lambda_function import Lambda, LambdaCode
from agentcore_provider.resources.targets.target import Target
from agentcore_provider.resources.tools_lock import accepted_tools
from agentcore_provider.resources.uniqueness import require_own


class GatewayTarget(DynamicResource, module="agentcore", name="GatewayTarget"):
    """A target of a gateway; clients see its tools as `<target>___<tool>`.

    Example:
        ```python
        GatewayTarget(
            "crm",
            gateway=gateway,
            target=targets.OpenApi("openapi/crm.yaml"),
            credentials=credentials.ApiKey(key, location="HEADER", parameter_name="X-Key"),
        )
        ```

    https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateGatewayTarget.html
    """

    target_id: pulumi.Output[str]
    """Id of the target, unique in its gateway. Known once it is created."""
    gateway_arn: pulumi.Output[str]
    """ARN of the gateway. Known once the target is created."""
    name: pulumi.Output[str]
    """Name in AWS, which the name of each tool begins with. Known at preview."""
    description: pulumi.Output[str | None]
    """The argument, or what a refresh found in AWS. Known at preview."""
    gateway_identifier: pulumi.Output[str]
    """Id of the gateway. Known at preview if the gateway exists."""
    target_configuration: pulumi.Output[TargetConfigurationOutputTypeDef]
    """AWS's document of the target, with its schema. Known at preview unless it contains an Output."""
    credential_provider_configurations: pulumi.Output[list[CredentialProviderConfigurationOutputTypeDef] | None]
    """AWS's documents of the outbound credentials; None for none. Known at preview if their provider exists."""
    protocol_type: pulumi.Output[str | None]
    """MCP or HTTP: what clients speak with the target. Known once it is created."""
    metadata_configuration: pulumi.Output[MetadataConfigurationOutputTypeDef | None]
    """AWS's document of the headers and parameters that are passed on; None for none. Known at preview."""
    private_endpoint: pulumi.Output[PrivateEndpointOutputTypeDef | None]
    """AWS's document of the private endpoint; None for the internet. Known at preview unless it contains an Output."""
    private_endpoint_managed_resources: pulumi.Output[list[ManagedResourceDetailsTypeDef] | None]
    """AWS's documents of what it made for a ManagedVpcResource: the ARNs of resource gateway and association, by domain; None
    without one. Known once the target is created."""
    certificate_configurations: pulumi.Output[list[CertificateConfigurationTypeDef] | None]
    """AWS's documents of the certificate authorities; None for none. Known at preview unless they contain an Output."""
    status: pulumi.Output[str]
    """READY, or a PENDING_AUTH status while a person has to sign in; later what the last refresh found. Known once it is
    created."""
    status_reasons: pulumi.Output[list[str] | None]
    """The service's reasons for the status; None where it states none. Known once it is created."""
    tools: pulumi.Output[list[dict[str, str]]]
    """Name, description and fingerprint of each tool in the target's document; a fingerprint changes with whatever an agent
    sees of the tool. Empty for tools that only an MCP server or an object in S3 lists. Known at preview."""
    tools_fingerprint: pulumi.Output[str | None]
    """With `tools_lock`, the fingerprint of the locked tools, as tools_lock accepts it; else None. Known once it is created."""
    schema_version: pulumi.Output[str | None]
    """ETag of the S3 object that describes the tools, at the last deployment or refresh; None for any other target. When a
    refresh finds another one, the next update makes the service read the object again. Known once it is created."""
    authorization_data: pulumi.Output[AuthorizationDataTypeDef | None]
    """AWS's document of where a person signs in, while the status is PENDING_AUTH; else None. A secret. Known once it is
    created."""
    authorization_url: pulumi.Output[str | None]
    """Address where a person signs in, while the status is PENDING_AUTH, for ten minutes; else None. A secret, since
    whoever opens it signs in for all callers. Known once it is created."""
    user_id: pulumi.Output[str | None]
    """For whom that sign-in is: the userId of CompleteResourceTokenAuth; else None. A secret. Known once it is created."""
    last_synchronized_at: pulumi.Output[str | None]
    """When the tools of an MCP server were last read, in ISO 8601; None for any other target. Known once it is created."""
    created_at: pulumi.Output[str]
    """Time of creation in ISO 8601. Known once it is created."""
    updated_at: pulumi.Output[str]
    """Time of the last change in ISO 8601. Known once it is created."""

    _secret_outputs = ("authorization_data", "authorization_url", "user_id")
    aws_name = "GatewayTarget"
    _unique = ""
    _required = MappingProxyType({"gateway_identifier": "", "target": {}})

    def __init__(
        self,
        resource_name: str,
        *,
        target: Target | LambdaCode | pulumi.Input[Mapping[str, object]],
        gateway: Gateway | None = None,
        gateway_identifier: pulumi.Input[str] | None = None,
        credentials: Credential | Sequence[Credential | Mapping[str, object]] | None = None,
        name: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        metadata_configuration: pulumi.Input[Mapping[str, object]] | None = None,
        private_endpoint: PrivateEndpoint | pulumi.Output[Mapping[str, object]] | None = None,
        certificate_configurations: Certificate
        | Sequence[Certificate]
        | pulumi.Output[Sequence[Mapping[str, object]]]
        | None = None,
        synchronize_on: pulumi.Input[Sequence[object]] | None = None,
        resources: Sequence[pulumi.Input[str]] | pulumi.Output[Sequence[str]] | None = None,
        accept: Sequence[str] | None = None,
        tool_limit: int | None = None,
        token_limit: int | None = None,
        protect_tools: bool = False,
        tools_lock: bool | str = False,
        more: Mapping[str, object] | None = None,
        schema_in_s3: bool = False,
        schema_bucket: pulumi.Input[str] | Callable[[], pulumi.Input[str]] | None = None,
        schema_tags: Mapping[str, pulumi.Input[str]] | None = None,
        adopt: bool | None = None,
        region: pulumi.Input[str] | None = None,
        profile: pulumi.Input[str] | None = None,
        assume_role: AnyRole | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """
        Args:
            resource_name: Logical name.
            target: A record of `targets`, or AWS's targetConfiguration document. LambdaCode makes the function, beside
                the target. Another kind of target replaces, everything else updates in place.
            gateway: The gateway. Changing it replaces.
            gateway_identifier: Id of a gateway that this program does not declare, instead of `gateway`. Changing it
                replaces.
            credentials: How the gateway signs in to the target: a record of `credentials`, or AWS's documents. For a
                Builtin, header, prefix and scopes that are not given are those of the vendor. Default: the gateway's
                role where nothing else is possible, else none. Updates in place.
            name: Name in AWS: letters, digits and single hyphens, 100 at most, unique in the gateway. Tools are
                called `<name>___<tool>`. Default: the logical name. Updates in place.
            description: What the target is for, 1 to 200 characters. Updates in place.
            metadata_configuration: Headers and parameters to pass on, up to 10 of each kind; AWS's document. Updates in
                place.
            private_endpoint: How the target is reached through a VPC: a ManagedVpcResource, a SelfManagedLatticeResource or AWS's
                document. Default: the internet. Updates in place.
            certificate_configurations: A certificate authority to trust, 1 at most: an S3Certificate, a
                SecretsManagerCertificate, or AWS's documents. Updates in place.
            synchronize_on: Values of which any change makes the gateway read the tools of an MCP server again.
            resources: ARNs that the gateway's role may touch for this target, where the target does not name them itself:
                tables of DynamoDB and what else the operations of a Smithy model reach, functions behind URLs, private
                APIs, models. For a GatewayRole only. Default: all that the service has, with a warning. Updates in place.
            accept: Codes of rules whose errors are to be warnings, beside those of the target: a preview ends its lines
                with them. See docs/targets/accept.md. Changing it updates nothing.
            tool_limit: How many tools the target may add before the preview warns, 1 to 1000. Default: no limit of yours.
                Changing it updates nothing.
            token_limit: How many tokens its tools/list may add, 1 to 1000000; they are estimated, see docs/targets/cost.md.
                Default: no limit. Changing it updates nothing.
            protect_tools: Whether a change that breaks callers of the tools is an error at preview instead of a warning; see
                docs/targets/changes.md. Default: a warning. Changing it updates nothing.
            tools_lock: True locks the tools that the MCP server lists at the deployment: the gateway serves these, whatever the
                server lists later, and a change of `synchronize_on` or a refresh reports other ones. They are accepted with
                `agentcore tools accept`, or by their fingerprint here; see docs/targets/tools-lock.md. Default: the
                gateway serves what the server lists. Updates in place.
            more: Members of the API that have no argument here yet, in snake_case. Updates in place.
            schema_in_s3: Whether the target's schema travels through S3 even when it is short. Default: only over 1 MB.
                Updates in place.
            schema_bucket: Name of the bucket of such a schema, or a function that makes one when it is needed.
                Default: a bucket of its own. Updates in place.
            schema_tags: Tags of such a schema's object, and of its own bucket. Updates in place.
            adopt: Take over a target of this name that something else made. Default: the stack's agentcore:adopt.
            region: AWS Region. Default: that of the parent, of an aws.Provider in `opts`, or of the stack. Changing it replaces.
            profile: AWS profile to sign in with, in place of what the stack signs in with. One of another account replaces.
            assume_role: Role to assume, by ARN or as an AssumeRole; not with `profile`. One of another account replaces.
            opts: Pulumi's resource options.

        Raises:
            InvalidInput: Arguments contradict each other. All other problems are reported at preview.
        """
        gateway_argument.require_one(f'GatewayTarget "{resource_name}"', gateway, gateway_identifier)
        problems = Problems()
        require_bool("protect_tools", protect_tools, problems)
        require_bool("schema_in_s3", schema_in_s3, problems)
        access = aws_access.find(
            GatewayTarget,
            resource_name,
            opts,
            region=region,
            profile=profile,
            assume_role=assume_role,
            # It has to be where its gateway is.
            inherited=gateway.aws_access if gateway else None,
        )
        opts = access.own(opts)
        beside = access.beside(opts)
        record = with_function(target, resource_name, beside, access, problems)
        codes = accepted(target, accept)
        configuration = None if problems.lines else configuration_of(record, problems)
        used = credentials_of(record, configuration, credentials, problems)
        own_name = name if name is not None else resource_name
        if opts is None or opts.id is None:
            scope = gateway or gateway_identifier
            require_own(GatewayTarget, resource_name, problems, scope=scope, path="name", value=own_name)
        if gateway is not None:
            gateway_identifier = gateway.gateway_id
            if isinstance(own_name, str):
                gateway.target_names.setdefault(own_name, self)
            else:
                gateway.unnamed_targets.append(self)
        described = self.described = configuration
        """AWS's document of the target with its schema, which may travel through S3; None for one with a problem."""
        if configuration and isinstance(record, Builtin):
            configuration = record.hosted_configuration(access.expected_region) or configuration
        schema = inline_schema.find(configuration)
        if schema and (schema_in_s3 or getattr(record, "upload", False) or schema.is_too_long()):
            problems.lines += map(str, schema.problems(name if name is not None else resource_name, codes))
            configuration = schema.stored(
                resource_name,
                bucket=schema_bucket() if callable(schema_bucket) else schema_bucket,
                tags=schema_tags,
                opts=beside,
                **access.arguments,
            )
        if not are_arns(resources, problems):
            resources = None
        if gateway is not None and gateway.role and described:
            # By the document itself, which says what a copy in S3 does not.
            schema_there = configuration if configuration is not described else None
            used_secret = secret_id(credentials)
            grant = gateway.role.grant(
                resource_name, described, used, used_secret, resources=resources, schema=schema_there
            )
            if grant is not None:
                opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[grant]))
        elif resources and not (gateway and gateway.role):
            pulumi.log.warn(
                f'target "{resource_name}": resources: are not used, since the role of its gateway is not a GatewayRole of this '
                "program. Leave them out, and allow that role what the target needs (docs/role.md)"
            )
        problems.lines += _elsewhere(access, gateway, credentials)
        lock = accepted_tools(resource_name, tools_lock, described, problems)
        inputs = arguments.properties(
            gateway_identifier=gateway_identifier,
            name=name,
            description=description,
            target_configuration=configuration,
            credential_provider_configurations=used,
            metadata_configuration=metadata_configuration,
            private_endpoint=documents.of_value(private_endpoint),
            certificate_configurations=documents.of_list(certificate_configurations),
            synchronize_on=synchronize_on,
            more=more,
        )
        super().__init__(
            Provider(),
            resource_name,
            inputs,
            opts,
            access=access,
            adopt=adopt,
            problems=problems,
            gateway=gateway.declared if gateway else None,
            gateway_owner=gateway.owner if gateway else None,
            accept=codes,
            cost=inline_schema.cost(described, name or resource_name) if configuration is not described else None,
            limits={key: it for key, it in (("tools", tool_limit), ("tokens", token_limit)) if it is not None},
            protect_tools=protect_tools or None,
            tools_lock=lock or None,
        )
        if isinstance(record, Builtin) and (warning := record.takes_all()):
            pulumi.log.warn(warning, resource=self)
        if isinstance(record, Lambda) and record.tools is None:
            pulumi.log.warn(
                "tools: none are given, so agents see the quick start's two samples, get_weather and get_time. Give the "
                "function's own: targets.Lambda(arn, tools=...), in a stack file `tools:`",
                resource=self,
            )


def _elsewhere(access: AwsAccess, gateway: Gateway | None, credentials: object) -> list[pulumi.Input[str]]:
    """Why the target cannot be where it is declared: its gateway or a credential of its is in another Region."""
    found: list[pulumi.Input[str]] = []
    if gateway is not None:
        found += gateway_argument.elsewhere("a target", gateway, access)
    for one in credentials if isinstance(credentials, (list, tuple)) else [credentials]:
        provider = getattr(one, "provider", None) if isinstance(one, (ApiKey, OAuth)) else None
        if isinstance(provider, CredentialProvider):
            cure = "Declare the credential provider with the gateway's Region, such as region="
            found += aws_access.other_region(
                "credentials", "the credential provider", provider.aws_access, access, cure
            )
    return found
