"""Account and Region of a resource: `region=`, `profile=` and `assume_role=`, else an aws.Provider's, else the parent's.

Pulumi hands a provider of another package to the children of a component, and to nobody else: without this a dynamic
resource would go to the stack's Region without a word, away from the role and the bucket beside it.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem
from agentcore_provider.resources import aws_provider
from agentcore_provider.resources import pulumi_aws as aws
from agentcore_provider.rules import aws_access as rules


@dataclass(frozen=True, kw_only=True)
class AssumeRole:
    """A role to assume, with more than its ARN.

    Example:
        ```python
        deploy = AssumeRole(role_arn="arn:aws:iam::210987654321:role/gateways-deploy", external_id="shop")
        gateway = McpGateway("partner", targets=tools, assume_role=deploy)
        ```

    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    """

    role_arn: pulumi.Input[str]
    """ARN of the role. One of another account replaces the resource; else nothing changes in AWS, and state in place."""
    external_id: pulumi.Input[str] | None = None
    """What the role's trust policy demands of callers from another account, 2 to 1224 characters. Updates in place."""
    session_name: pulumi.Input[str] | None = None
    """Name of the session in CloudTrail, 2 to 64 characters. Default: agentcore-provider. Updates in place."""
    duration: pulumi.Input[str] | None = None
    """How long the session lasts, such as 30m, 15m to 12h. Default: 1h. Updates in place."""
    policy: pulumi.Input[str] | None = None
    """IAM policy as JSON that bounds the session, up to 2048 characters. Updates in place."""
    policy_arns: pulumi.Input[Sequence[str]] | None = None
    """ARNs of policies that bound the session, up to 10. Updates in place."""
    source_identity: pulumi.Input[str] | None = None
    """Name of whoever assumes the role, 2 to 64 characters, kept along a chain of roles. Updates in place."""
    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Tags of the session, up to 50. Updates in place."""
    transitive_tag_keys: pulumi.Input[Sequence[str]] | None = None
    """Keys of tags that are kept along a chain of roles, up to 50. Updates in place."""


AnyRole = pulumi.Input[str] | AssumeRole
"""The ARN of a role, or an AssumeRole."""


# The account that the stack signs in to, whichever that is: a stack that moves is for Pulumi's own providers to notice.
_STACK = "stack"


@dataclass(frozen=True)
class AwsAccess:
    """Region and sign-in of a resource, as far as the program chooses them; what it leaves out, the stack says."""

    region: pulumi.Input[str] | None = None
    """By an argument, its own or a parent's."""
    sign_in: SignIn | None = None
    own_provider: pulumi.ProviderResource | None = None
    """The provider for dynamic resources that the program chose, which has settings of its own."""

    @property
    def expected_region(self) -> pulumi.Output[str | None] | str | None:
        """The Region, as far as the program or the stack's configuration names it."""
        wanted, by_stack = self._chosen_region, pulumi.Config("aws").get("region")
        if wanted is None:
            return None if self.own_provider else by_stack
        if isinstance(wanted, str):
            return wanted
        found: pulumi.Output[str | None] = pulumi.Output.from_input(wanted)
        return found.apply(lambda known: known or by_stack)

    @property
    def scope(self) -> Hashable:
        """Account and Region, comparable with those of other resources; None as far as the program does not know them."""
        sign_in = self.sign_in or SignIn()
        provider = sign_in.given or self.own_provider
        # The Region of a provider is not known, but it has only one.
        region = self.region if provider else self.expected_region
        parts = (provider, region, sign_in.profile, (sign_in.role or {}).get("role_arn"))
        return None if any(isinstance(it, pulumi.Output) for it in parts) else parts

    def context(self) -> dict[str, Any]:
        """What the provider of a dynamic resource has to know, under the names of its context."""
        return {"region": self._chosen_region, **(self.sign_in.context() if self.sign_in else {})}

    @property
    def _chosen_region(self) -> pulumi.Input[str | None] | None:
        if self.region is None and self.sign_in is not None and self.sign_in.given is not None:
            return aws_provider.argument(self.sign_in.given, "region")
        return self.region

    def component(self, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions | None:
        """The options of a component: with the aws.Provider for what is below it, if there is one."""
        provider = self.sign_in.provider() if self.sign_in else None
        if provider is None or aws_provider.find(opts) is provider:
            return opts
        return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(providers=[provider]))

    def own(self, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions | None:
        """The options of a dynamic resource: with the provider for dynamic resources, where it comes from a neighbour."""
        if self.own_provider is None or aws_provider.chosen(opts) is self.own_provider:
            return opts
        return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(provider=self.own_provider))

    def beside(self, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
        """The options of a component beside the resource, which goes to the same account."""
        provider = self.sign_in.provider() if self.sign_in else None
        return pulumi.ResourceOptions(parent=opts.parent if opts else None, provider=provider)

    def child(self, parent: pulumi.Resource, **options: Any) -> pulumi.ResourceOptions:
        """The options of a resource of pulumi-aws in a component.

        With a sign-in of its own, one that moves to another account is created again there. Nothing else gets a trigger: in
        Pulumi's SDK 3.272 a resource transform fails on one.

        parent: the component. options: others of pulumi.ResourceOptions.
        """
        if self.sign_in is not None and self.sign_in.given is None:
            accounts = pulumi.Output.all(aws_provider.account(self.sign_in.provider()), aws_provider.account(None))
            options["replacement_trigger"] = accounts.apply(
                lambda known: _STACK if known[0] == known[1] else str(known[0])
            )
        return pulumi.ResourceOptions(parent=parent, **options)

    @property
    def arguments(self) -> dict[str, Any]:
        """Arguments of what is beside or below the resource and has a Region."""
        by_provider = self.sign_in is not None and self.sign_in.region is self.region
        return {} if self.region is None or by_provider else {"region": self.region}


@dataclass(eq=False)
class SignIn:
    """Who signs in: a profile or a role that arguments name, or an aws.Provider."""

    name: str = ""
    """Of the aws.Provider, if one has to be made."""
    region: pulumi.Input[str] | None = None
    """Of the aws.Provider, if one has to be made."""
    profile: pulumi.Input[str] | None = None
    role: Mapping[str, Any] | None = None
    """With the names of AssumeRole."""
    parent: pulumi.Resource | None = None
    """Of the aws.Provider, if one has to be made."""
    given: pulumi.ProviderResource | None = None
    """The aws.Provider of the program."""
    _made: pulumi.ProviderResource | None = None

    def context(self) -> dict[str, Any]:
        """The profile, roles or account that count."""
        if self.given is not None:
            profile = aws_provider.argument(self.given, "profile")
            return {"profile": profile, "account": aws_provider.account(self.given)}
        roles = [_camel_case(self.role)] if self.role is not None else None
        return {"profile": self.profile, "assume_roles": roles}

    def provider(self) -> pulumi.ProviderResource:
        """The aws.Provider for resources of pulumi-aws, made when the first needs it."""
        if self.given is not None:
            return self.given
        if self._made is None:
            config = pulumi.Config("aws")
            by_stack: dict[str, Any] = {}
            if self.profile is None:
                # The role is assumed by what the stack signs in with, which an aws.Provider of its own does not read.
                by_stack = {"profile": config.get("profile"), "token": config.get_secret("token")}
                by_stack |= {"access_key": config.get_secret("accessKey"), "secret_key": config.get_secret("secretKey")}
            self._made = aws.Provider(
                self.name,
                region=self.region or config.get("region"),
                # A dict would reach the plugin with the names that Python has for its members.
                assume_roles=None if self.role is None else [aws.ProviderAssumeRoleArgs(**self.role)],
                opts=pulumi.ResourceOptions(parent=self.parent),
                **{"profile": self.profile, **by_stack},
            )
            _sign_ins[self._made] = self
        return self._made


# Those whose provider was made here: a child that inherits it has the same.
_sign_ins: WeakKeyDictionary[pulumi.ProviderResource, SignIn] = WeakKeyDictionary()


def find(
    resource: type[object],
    resource_name: str,
    opts: pulumi.ResourceOptions | None,
    *,
    region: pulumi.Input[str] | None = None,
    profile: pulumi.Input[str] | None = None,
    assume_role: AnyRole | None = None,
    inherited: AwsAccess | None = None,
) -> AwsAccess:
    """The access of a resource.

    Args:
        resource: Its class.
        resource_name: Its logical name.
        opts: Pulumi's resource options.
        region: The argument of this name.
        profile: The argument of this name.
        assume_role: The argument of this name.
        inherited: The access that counts before that of the parent.

    Raises:
        InvalidInput: The arguments contradict each other.
    """
    given = aws_provider.given(opts)
    label = f'{resource.__name__} "{resource_name}"'
    if profile is not None and assume_role is not None:
        cure = "Pass one of them: a profile may name a role to assume itself (role_arn in ~/.aws/config)"
        raise InvalidInput("profile cannot be combined with assume_role", cure, label=label)
    if given is not None and given.package == "aws" and (profile is not None or assume_role is not None):
        argument = "profile" if profile is not None else "assume_role"
        cure = f"Leave one of them out, or pass {argument}= to a component above"
        raise InvalidInput(
            f"{argument} cannot be combined with an aws.Provider, which signs in by itself", cure, label=label
        )
    base = inherited if given is None and inherited is not None else _chosen(opts, given)
    region = base.region if region is None else region
    sign_in = base.sign_in
    if profile is not None or assume_role is not None:
        role = None if assume_role is None else _role(assume_role, label)
        kind = re.sub(r"(?<!^)(?=[A-Z])", "-", resource.__name__).lower()
        # Another sign-in is another provider, so that what was made by the old one is deleted by it.
        by = [it for it in (profile, rules.account([_camel_case(role)]) if role else None) if isinstance(it, str)]
        name = "-".join([resource_name, kind, *by])
        sign_in = SignIn(name, region, profile, role, opts.parent if opts else None)
    return AwsAccess(region, sign_in, base.own_provider)


def other_region(path: str, what: str, there: AwsAccess, here: AwsAccess, cure: str) -> list[pulumi.Input[str]]:
    """The line of a problem where what a target needs is in another Region than the target; empty where it is not."""
    one, other = there.expected_region, here.expected_region

    def line(known: list[str | None]) -> str:
        if not all(known) or known[0] == known[1]:
            return ""
        return str(Problem(path, f"{what} is in {known[0]}, and this in {known[1]}", cure))

    if one is other or (isinstance(one, str) and one == other):
        return []
    return [pulumi.Output.all(one, other).apply(line)]


def _chosen(opts: pulumi.ResourceOptions | None, given: pulumi.ProviderResource | None) -> AwsAccess:
    of_parent = getattr(opts.parent, "aws_access", None) if opts and opts.parent and given is None else None
    if isinstance(of_parent, AwsAccess):
        return of_parent
    provider = aws_provider.chosen(opts)
    if provider is None or provider.package != "aws":
        return AwsAccess(own_provider=provider)
    made = _sign_ins.get(provider)
    return AwsAccess(made.region, made) if made else AwsAccess(sign_in=SignIn(given=provider))


def _role(assume_role: AnyRole, label: str) -> Mapping[str, Any]:
    if isinstance(assume_role, AssumeRole):
        return {name: value for name, value in vars(assume_role).items() if value is not None}
    if not isinstance(assume_role, (str, pulumi.Output)):
        cure = "Pass the ARN of a role, or an AssumeRole"
        raise InvalidInput(f"is a {type(assume_role).__name__}", cure, path="assume_role", label=label)
    return {"role_arn": assume_role}


def _camel_case(role: Mapping[str, Any]) -> dict[str, Any]:
    """The role with the names of the aws provider's assumeRoles."""
    return {re.sub(r"_(\w)", lambda found: found[1].upper(), name): value for name, value in role.items()}
