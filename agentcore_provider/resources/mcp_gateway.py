"""McpGateway: sign-in, role, gateway and targets in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from agentcore_provider.arguments.gateway import AuthorizerType
from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources import aws_access
from agentcore_provider.resources import pulumi_aws as aws
from agentcore_provider.resources.authorizers import JwtAuthorizer
from agentcore_provider.resources.aws_access import AnyRole
from agentcore_provider.resources.consent_portal import ConsentPortal
from agentcore_provider.resources.declaration import former_names, wrongly_deleted_with
from agentcore_provider.resources.ez_auth import EzAuth
from agentcore_provider.resources.gateway import Gateway
from agentcore_provider.resources.gateway_domain import GatewayDomain
from agentcore_provider.resources.gateway_observability import GatewayObservability
from agentcore_provider.resources.gateway_rate_limit import GatewayRateLimit
from agentcore_provider.resources.gateway_role import GatewayRole
from agentcore_provider.resources.gateway_rule import GatewayRule
from agentcore_provider.resources.gateway_target import GatewayTarget
from agentcore_provider.resources.named_parts import POLICIES, RATE_LIMITS, RULES
from agentcore_provider.resources.named_targets import AnyTarget, NamedTargets
from agentcore_provider.resources.optional_parts import OptionalParts
from agentcore_provider.resources.policy import Policy
from agentcore_provider.resources.policy_engine import PolicyEngine
from agentcore_provider.resources.resource_policy import ResourcePolicy


class McpGateway(pulumi.ComponentResource):
    """A gateway with everything it needs: a sign-in for agents, a role with just the permissions of its targets, and
    the targets. A folder of code becomes a Lambda function; a schema over 1 MB becomes an object in S3.

    Example:
        ```python
        shop = McpGateway(
            "shop",
            targets={"orders": targets.LambdaCode("order_desk"), "crm": targets.OpenApi("openapi/crm.yaml")},
            description="The order desk",
        )
        pulumi.export("mcp_url", shop.mcp_url)
        ```
    """

    gateway_id: pulumi.Output[str]
    """Id of the gateway. Known once it is created."""
    gateway_arn: pulumi.Output[str]
    """ARN of the gateway. Known once it is created."""
    gateway_url: pulumi.Output[str]
    """Address that MCP clients connect to. Known once the gateway is created."""
    mcp_url: pulumi.Output[str]
    """`gateway_url` under the name that clients have for it. Known once the gateway is created."""
    status: pulumi.Output[str]
    """READY after a successful `pulumi up`; later what the last refresh found. Known once it is created."""
    gateway: Gateway
    """The gateway itself."""
    ez_auth: EzAuth | None
    """The sign-in; None with another authorizer."""
    role: GatewayRole | None
    """The role; None with the ARN of another role."""
    domain: GatewayDomain | None
    """The domain in front of the gateway; None without `domain`."""
    observability: GatewayObservability | None
    """The deliveries of log and traces; None without `observe`."""
    targets: dict[str, GatewayTarget]
    """The targets by name."""
    rules: dict[str, GatewayRule]
    """The rules by name."""
    resource_policy: ResourcePolicy | None
    """Who may call the gateway, and from where; None without the argument."""
    consent_portal: ConsentPortal | None
    """Where people consent; None without the argument."""
    policy_engine: PolicyEngine | None
    """The policy engine; None without one."""
    policies: dict[str, Policy]
    """The policies by name."""
    rate_limits: dict[str, GatewayRateLimit]
    """The rate limits by name."""

    def __init__(
        self,
        resource_name: str,
        *,
        targets: Mapping[str, AnyTarget],
        rules: Mapping[str, Mapping[str, Any]] | None = None,
        policies: Mapping[str, Mapping[str, Any]] | None = None,
        rate_limits: Mapping[str, Mapping[str, Any]] | None = None,
        resource_policy: Mapping[str, Any] | None = None,
        consent_portal: Mapping[str, Any] | None = None,
        authorizer: EzAuth | JwtAuthorizer | AuthorizerType | None = None,
        ez_auth_arguments: Mapping[str, Any] | None = None,
        role_arn: GatewayRole | pulumi.Input[str] | None = None,
        role_statements: Sequence[Mapping[str, Any]] | None = None,
        gateway_id: pulumi.Input[str] | None = None,
        name: str | None = None,
        description: pulumi.Input[str] | None = None,
        schema_in_s3: bool = False,
        web_acl: aws.wafv2.WebAcl | pulumi.Input[str] | None = None,
        domain: Mapping[str, Any] | None = None,
        observe: bool | Mapping[str, Any] = False,
        tools_lock: bool = False,
        tags: Mapping[str, pulumi.Input[str]] | None = None,
        region: pulumi.Input[str] | None = None,
        profile: pulumi.Input[str] | None = None,
        assume_role: AnyRole | None = None,
        opts: pulumi.ResourceOptions | None = None,
        **gateway_arguments: Any,
    ) -> None:
        """
        Args:
            resource_name: Logical name; all parts are called after it.
            targets: Name to target, up to 100. Agents see the name in front of each tool. A new entry adds a target,
                a removed one removes it, another name replaces it.
            rules: Name to arguments of GatewayRule, such as {"canary": {"priority": 100, "route": "orders"}}; the name is
                Pulumi's alone. A new entry adds a rule, a removed one removes it. Another name updates in
                place; change nothing else of the rule in the same deployment. Default: none.
            policies: Name to arguments of Policy, such as {"lookups": {"permit": ["orders___get_order"]}}; the name is
                Pulumi's alone. They get a policy engine, unless policy_engine, a PolicyEngine or arguments of one, is passed too; what no policy permits is
                then denied, and with an empty dict every call. Default: no engine. Updates in place.
            rate_limits: Name to arguments of GatewayRateLimit, such as {"per-tool": {"dimension_keys": ["toolName"], "entries":
                [{"requests_per_minute": 60}]}}, up to 50; the name is Pulumi's alone. A new entry adds a rate limit, a removed
                one removes it. Another name updates in place; change nothing else of it in the same deployment.
                Default: none.
            resource_policy: Arguments of the gateway's ResourcePolicy, such as {"allow": ["111122223333"]}: which accounts may
                call it, and from where. Default: none. Updates in place.
            consent_portal: Arguments of the gateway's ConsentPortal, such as {"credential_provider_arn": provider,
                "execution_role_arn": role.arn}: where people consent to what targets do in their name. Default: none.
                Updates in place.
            authorizer: Who may call the gateway. Default: a new EzAuth. Another kind replaces the gateway.
            ez_auth_arguments: Arguments of the EzAuth that is made, such as {"scopes": ["read", "write"]}. What
                changing one does stands at EzAuth: most update in place.
            role_arn: Role that the gateway assumes. Default: a new GatewayRole. Updates in place.
            role_statements: Further IAM statements of the GatewayRole that is made, as AWS writes them, for what no target
                states. Default: none. Updates in place.
            gateway_id: Id of a gateway that something else made: it gets the targets and is not touched otherwise, so
                no other argument of a gateway goes with it. Default: a new gateway. Changing it replaces the targets.
            name: Exact name in AWS. Default: the logical name and a hash. Changing it replaces the gateway.
            description: What the gateway is for, 1 to 200 characters. Updates in place.
            schema_in_s3: Whether schemas travel through S3 even when they are short. Default: only those over 1 MB.
                Updates in place.
            web_acl: Web ACL of AWS WAF in front of the gateway, in its Region: an aws.wafv2.WebAcl or its ARN. Default: none.
                Updates in place.
            domain: Arguments of a GatewayDomain in front of the gateway, such as {"domain_name": "tools.example.com", "zone_id":
                "Z0123456789ABCDEFGHIJ"}. The gateway names the domain to its clients. Default: none. Updates in place.
            observe: Whether the gateway's log and traces are delivered to CloudWatch, or the arguments of a GatewayObservability,
                such as {"retention_in_days": 90}. Default: no. Updates in place: turned off, the log is deleted.
            tools_lock: Whether the tools of every MCP server among the targets are locked; see docs/targets/tools-lock.md. Those with
                a `tool_schema` or DYNAMIC listing have no lock. Default: no; a target's own tools_lock counts more. Updates in
                place.
            tags: Tags of all parts that take tags, up to 50. Updates in place.
            region: AWS Region. Default: that of the parent, of an aws.Provider in `opts`, or of the stack. Changing it replaces.
            profile: AWS profile to sign in with, in place of what the stack signs in with. One of another account replaces.
            assume_role: Role to assume, by ARN or as an AssumeRole; not with `profile`. One of another account replaces.
            opts: Pulumi's resource options.
            gateway_arguments: Any further argument of Gateway, such as instructions or protocol_configuration.
                What changing one does stands at Gateway: most update in place.

        Raises:
            InvalidInput: Arguments contradict each other. All other problems are reported at preview.
        """
        if not isinstance(targets, Mapping):
            raise InvalidInput(
                f"is a {type(targets).__name__}",
                'Give a dict of name to target, such as {"orders": targets.OpenApi(...)}',
                path="targets",
                label=f'McpGateway "{resource_name}"',
            )
        try:
            named = ((RULES, rules), (RATE_LIMITS, rate_limits), (POLICIES, policies))
            given_rules, given_limits, given_policies = (part.arguments(given) for part, given in named)
        except InvalidInput as error:
            raise error.labelled(f'McpGateway "{resource_name}"') from None
        _require_no_fingerprint(tools_lock, resource_name)
        left_behind = wrongly_deleted_with(opts)
        if left_behind:
            raise left_behind.labelled(f'McpGateway "{resource_name}"')
        access = aws_access.find(
            McpGateway, resource_name, opts, region=region, profile=profile, assume_role=assume_role
        )
        super().__init__("agentcore:index:McpGateway", resource_name, None, access.component(opts))
        self.aws_access = access
        parts = OptionalParts(self, resource_name, tags)
        child = pulumi.ResourceOptions(parent=self)
        if gateway_id is not None:
            others = {
                "authorizer": authorizer,
                "role_arn": role_arn,
                "role_statements": role_statements,
                "name": name,
                "description": description,
                "web_acl": web_acl,
                "policies": policies,
                "domain": domain,
                **gateway_arguments,
            }
            _require_none(others, resource_name)
            self.ez_auth = self.role = self.policy_engine = None
            self.gateway = Gateway.get(resource_name, gateway_id, opts=child)
        else:
            if authorizer is None:
                authorizer = EzAuth(resource_name, opts=child, **{"tags": tags, **(ez_auth_arguments or {})})
            if role_arn is None:
                names = [resource_name, *former_names(opts)] if name is None else name
                role_arn = GatewayRole(
                    resource_name, gateway_name=names, statements=role_statements, tags=tags, opts=child
                )
            elif role_statements is not None:
                raise InvalidInput(
                    "role_statements cannot be combined with role_arn=",
                    "Give them to the role itself, GatewayRole(..., statements=[...])",
                    label=f'McpGateway "{resource_name}"',
                )
            self.policy_engine = parts.policy_engine(gateway_arguments.pop("policy_engine", None), policies)
            self.ez_auth = authorizer if isinstance(authorizer, EzAuth) else None
            self.role = GatewayRole.of(role_arn)
            self.gateway = Gateway(
                resource_name,
                role_arn=role_arn,
                authorizer=authorizer,
                name=name,
                description=description,
                policy_engine=self.policy_engine,
                tags=tags,
                opts=child,
                **parts.with_domain(gateway_arguments, domain),
            )
        if web_acl is not None:
            self.gateway.associate_web_acl(web_acl)
        self.domain = parts.domain(self.gateway, domain)
        self.observability = parts.observability(self.gateway, observe)
        self.resource_policy = parts.resource_policy(self.gateway, resource_policy)
        self.consent_portal = parts.consent_portal(self.gateway, consent_portal)
        named_targets = NamedTargets(
            self, resource_name, access, schema_in_s3=schema_in_s3, tools_lock=tools_lock, tags=tags
        )
        self.targets = {name: named_targets.declare(name, it, self.gateway) for name, it in targets.items()}
        self.rules = {
            name: GatewayRule(f"{resource_name}-{name}", gateway=self.gateway, opts=child, **rule)
            for name, rule in given_rules.items()
        }
        self.policies = {
            name: Policy(
                f"{resource_name}-{name}", engine=self.policy_engine, gateway=self.gateway, opts=child, **policy
            )
            for name, policy in given_policies.items()
        }
        self.rate_limits = {
            name: GatewayRateLimit(f"{resource_name}-{name}", gateway=self.gateway, opts=child, **limit)
            for name, limit in given_limits.items()
        }
        self.gateway_id, self.gateway_arn = self.gateway.gateway_id, self.gateway.gateway_arn
        self.gateway_url = self.mcp_url = self.gateway.gateway_url
        self.status = self.gateway.status
        self.register_outputs(
            {
                "gateway_id": self.gateway_id,
                "gateway_arn": self.gateway_arn,
                "gateway_url": self.gateway_url,
                "status": self.status,
            }
        )

    @property
    def client_settings(self) -> dict[str, pulumi.Output[str]]:
        """What a client needs to connect: mcp_url, and for an EzAuth where and as whom to sign in.

        For other clients: `agentcore tools` finds it in the stack's state.
        """
        settings = {"mcp_url": self.mcp_url, "gateway_id": self.gateway_id, "gateway_arn": self.gateway_arn}
        if self.ez_auth is not None:
            settings |= {
                "token_endpoint": self.ez_auth.token_endpoint,
                "client_id": self.ez_auth.client_id,
                "client_secret": self.ez_auth.client_secret,
                "scope": self.ez_auth.scope,
            }
            if self.ez_auth.has_people:
                settings["people_client_id"] = self.ez_auth.people_client_id.apply(str)
        return settings

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
        return self.gateway.grant_invoke(role, resource_name=resource_name, opts=opts)


def _require_none(arguments: Mapping[str, object], resource_name: str) -> None:
    """Raise InvalidInput for what cannot be combined with gateway_id=."""
    passed = [it for it, value in arguments.items() if value is not None]
    if passed:
        raise InvalidInput(
            f"{', '.join(sorted(passed))} cannot be combined with gateway_id=: an existing gateway only gets targets",
            "Leave them out",
            label=f'McpGateway "{resource_name}"',
        )


def _require_no_fingerprint(tools_lock: object, resource_name: str) -> None:
    """Raise InvalidInput for a lock that is not a bool."""
    if not isinstance(tools_lock, bool):
        raise InvalidInput(
            f"is a {type(tools_lock).__name__}",
            "Write True or False; a fingerprint goes with the target whose tools it is of",
            path="tools_lock",
            label=f'McpGateway "{resource_name}"',
        )
