"""ResourcePolicy: who may call a gateway or an agent runtime, and from where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pulumi

from agentcore_provider.arguments import resource_policy as arguments
from agentcore_provider.errors import InvalidInput
from agentcore_provider.providers.resource_policy import Provider
from agentcore_provider.resources import aws_access, gateway_argument
from agentcore_provider.resources.aws_access import AnyRole
from agentcore_provider.resources.declaration import Problems
from agentcore_provider.resources.dynamic_resource import DynamicResource
from agentcore_provider.resources.gateway import Gateway
from agentcore_provider.resources.targets.schema_source import built_late
from agentcore_provider.resources.targets.target import holds_output
from agentcore_provider.resources.uniqueness import claim
from agentcore_provider.rules import resource_policy as rules


class ResourcePolicy(DynamicResource, module="agentcore", name="ResourcePolicy"):
    """The resource policy of a gateway or an agent runtime: who may call it, and from where.

    A caller with AWS credentials needs the permission of its own role or of this policy; one of another account needs
    both; what either denies is denied. A resource has one policy: pass all statements to one ResourcePolicy.

    Example:
        ```python
        ResourcePolicy("partners", gateway=gateway, allow=["111122223333"], only_from=["vpc-1a2b3c4d"])
        ```

    https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_PutResourcePolicy.html
    """

    resource_arn: pulumi.Output[str]
    """ARN of the gateway or runtime; also the resource's id. Known at preview if that exists."""
    policy: pulumi.Output[dict[str, Any]]
    """IAM's document. Known at preview unless it contains an Output."""

    aws_name = "ResourcePolicy"
    aws_operations = ("PutResourcePolicy", "PutResourcePolicy")
    _required = MappingProxyType({"resource_arn": "", "policy": {}})

    def __init__(
        self,
        resource_name: str,
        *,
        gateway: Gateway | None = None,
        resource_arn: pulumi.Input[str] | None = None,
        policy: pulumi.Input[Mapping[str, object]]
        | pulumi.Input[Sequence[Mapping[str, object]]]
        | pulumi.Input[str]
        | None = None,
        allow: Sequence[pulumi.Input[str]] | None = None,
        only_from: Sequence[pulumi.Input[str]] | None = None,
        adopt: bool | None = None,
        region: pulumi.Input[str] | None = None,
        profile: pulumi.Input[str] | None = None,
        assume_role: AnyRole | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """
        Args:
            resource_name: Logical name; AWS gives policies no name.
            gateway: The gateway. Changing it replaces.
            resource_arn: ARN of a gateway that this program does not declare, of an agent runtime, or of the endpoint of
                one, instead of `gateway`. Callers from other accounts need a policy of both runtime and endpoint. Changing it
                replaces.
            policy: IAM's document, the same as JSON, or a list of its statements; up to 20480 characters of JSON. Resource
                is "*" for the resource itself. Another order or layout changes nothing. Updates in place.
            allow: Accounts, and ARNs of users, roles and assumed roles, that may call the gateway; in place of `policy`. For a
                gateway with AWS_IAM. Updates in place.
            only_from: Ids of VPCs and VPC endpoints, and ranges of addresses such as 192.0.2.0/24: whoever calls from
                elsewhere is denied; in place of `policy`. Updates in place.
            adopt: Replace a policy that something else made. Default: the stack's agentcore:adopt.
            region: AWS Region. Default: that of the gateway, of the parent, of an aws.Provider in `opts`, or of the stack. Changing it
                replaces.
            profile: AWS profile to sign in with, in place of what the stack signs in with. One of another account replaces.
            assume_role: Role to assume, by ARN or as an AssumeRole; not with `profile`. One of another account replaces.
            opts: Pulumi's resource options.

        Raises:
            InvalidInput: Arguments contradict each other. All other problems are reported at preview.
        """
        label = f'ResourcePolicy "{resource_name}"'
        gateway_argument.require_one(label, gateway, resource_arn, argument="resource_arn", form="an ARN")
        short = [name for name, it in (("allow", allow), ("only_from", only_from)) if it is not None]
        if short and (policy is not None or gateway is None):
            other = "policy" if policy is not None else "resource_arn"
            cure = "Pass one of them" if policy is not None else "Pass policy=, or the gateway itself"
            raise InvalidInput(f"{' and '.join(short)} cannot be combined with {other}", cure, label=label)
        problems = Problems()
        if policy is None and not short and (opts is None or opts.id is None):
            problems.add(InvalidInput("is missing", "Pass policy=, or allow= and only_from=", path="policy"))
        access = aws_access.find(
            ResourcePolicy,
            resource_name,
            opts,
            region=region,
            profile=profile,
            assume_role=assume_role,
            # It has to be where its gateway is.
            inherited=gateway.aws_access if gateway else None,
        )
        opts = access.own(opts)
        authorizer = gateway.declared.get("authorizerType") if gateway is not None else None
        late = holds_output(only_from)
        if late:
            # Which key of a condition a network is compared with depends on what it is.
            policy = pulumi.Output.all(allow, only_from).apply(
                lambda known: _built_late(known[0], known[1], authorizer)
            )
        try:
            inputs = arguments.properties(
                policy=policy,
                allow=None if late else allow,
                only_from=None if late else only_from,
                authorizer=authorizer,
                resource_arn=gateway.gateway_arn if gateway is not None else resource_arn,
            )
        except InvalidInput as error:
            problems.add(error)
            inputs = {"resource_arn": gateway.gateway_arn if gateway is not None else resource_arn, "policy": None}
        argument = "gateway" if gateway is not None else "resource_arn"
        only_read = opts is not None and opts.id is not None
        scope = None if only_read else gateway or resource_arn
        taken_by = claim(ResourcePolicy, resource_name, scope=scope, path=argument, value="")
        if taken_by is not None:
            # The one that is put last would replace the other.
            message, cure = f"{taken_by} is its resource policy already", "Put the statements of both into one"
            problems.add(InvalidInput(message, cure, path=argument, source=rules.SOURCE))
        if gateway is not None:
            problems.lines += gateway_argument.elsewhere("a policy", gateway, access)
        super().__init__(
            Provider(),
            resource_name,
            inputs,
            opts,
            access=access,
            adopt=adopt,
            problems=problems,
            gateway=gateway.declared if gateway else None,
        )


def _built_late(allow: Sequence[object] | None, only_from: Sequence[object], authorizer: object) -> Any:
    """The policy of networks that are known by now. Raises RunError."""
    return built_late(lambda: arguments.properties(allow=allow, only_from=only_from, authorizer=authorizer)["policy"])
