"""GatewayRateLimit: how much callers, targets, tools and models of a gateway may use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pulumi

from agentcore_provider.arguments import gateway_rate_limit as arguments
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem
from agentcore_provider.providers.gateway_rate_limit import Provider
from agentcore_provider.resources import aws_access, gateway_argument, rate_limits
from agentcore_provider.resources.aws_access import AnyRole
from agentcore_provider.resources.declaration import Problems
from agentcore_provider.resources.dynamic_resource import DynamicResource
from agentcore_provider.resources.gateway import Gateway
from agentcore_provider.resources.target_arguments import type_of
from agentcore_provider.resources.uniqueness import claim, require_own
from agentcore_provider.rules import gateway_rate_limit as rules
from agentcore_provider.schemas import listed_tools
from agentcore_provider.target_kinds import inline_schema


class GatewayRateLimit(DynamicResource, module="agentcore", name="GatewayRateLimit"):
    """A rate limit of a gateway: it counts requests by its dimension keys, and each entry has the rates for some values.

    A request has to pass all limits of the gateway; one that does not is answered with status 429. A limit is skipped for
    requests that lack one of its keys, such as toolName where no tool is called, and for those that no entry fits. AWS
    counts approximately, and lets requests pass when it cannot count: a limit does not protect against an attacker.

    Example:
        ```python
        GatewayRateLimit(
            "per-caller",
            gateway=gateway,
            dimension_keys=[rate_limits.claim("sub")],
            entries=[
                rate_limits.Entry({rate_limits.claim("sub"): "batch-job"}, requests_per_minute=600),
                rate_limits.Entry(requests_per_minute=60, connections=5),
            ],
        )
        ```

    https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateGatewayRateLimit.html
    """

    rate_limit_id: pulumi.Output[str]
    """Id of the rate limit, unique in its gateway; answers with status 429 name it. Known at preview if you set it."""
    gateway_arn: pulumi.Output[str]
    """ARN of the gateway. Known once the rate limit is created."""
    gateway_identifier: pulumi.Output[str]
    """Id of the gateway. Known at preview if the gateway exists."""
    dimension_keys: pulumi.Output[list[str]]
    """The argument. Known at preview."""
    entries: pulumi.Output[list[dict[str, Any]]]
    """AWS's documents of the entries. Known at preview unless they contain an Output."""
    description: pulumi.Output[str | None]
    """The argument, or what a refresh found in AWS. Known at preview."""
    status: pulumi.Output[str]
    """ACTIVE after a successful `pulumi up`; later what the last refresh found. Known once it is created."""
    created_at: pulumi.Output[str]
    """Time of creation in ISO 8601. Known once it is created."""
    updated_at: pulumi.Output[str]
    """Time of the last change in ISO 8601. Known once it is created."""

    aws_name = "GatewayRateLimit"
    _required = MappingProxyType({"gateway_identifier": "", "dimension_keys": [], "entries": []})

    def __init__(
        self,
        resource_name: str,
        *,
        dimension_keys: pulumi.Input[Sequence[pulumi.Input[str]]],
        entries: pulumi.Input[Sequence[rate_limits.Entry | Mapping[str, Any]]],
        gateway: Gateway | None = None,
        gateway_identifier: pulumi.Input[str] | None = None,
        rate_limit_id: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        more: Mapping[str, object] | None = None,
        adopt: bool | None = None,
        region: pulumi.Input[str] | None = None,
        profile: pulumi.Input[str] | None = None,
        assume_role: AnyRole | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """
        Args:
            resource_name: Logical name; AWS gives rate limits no name.
            dimension_keys: What requests are counted by: 1 to 10 of targetName, toolName, qualifiedModelId,
                $.context.jwt.CLAIM, $.context.iam.principal, $.context.iam.sourceIdentity, and beside one of the last three
                $.context.request.header.NAME and $.context.request.body.PATH. No two limits of a gateway have the same
                keys, in whatever order. Changing them replaces.
            entries: Records of `rate_limits`: the rates of some values of these keys, 1 to 1000. The entry with the most
                values of a request applies to it. Updates in place.
            gateway: The gateway, which can have 50. Changing it replaces.
            gateway_identifier: Id of a gateway that this program does not declare, instead of `gateway`. Changing it
                replaces.
            rate_limit_id: Id that answers with status 429 have: 2 to 64 letters, digits, `-`, `_` and `.`, unique in the
                gateway. Default: AWS makes one. Changing it replaces.
            description: Up to 512 characters. Updates in place.
            more: Members of the API that have no argument here yet, in snake_case. Updates in place.
            adopt: Take over a rate limit with these keys that something else made. Default: the stack's agentcore:adopt.
            region: AWS Region. Default: that of the gateway, of the parent, of an aws.Provider in `opts`, or of the stack. Changing it
                replaces.
            profile: AWS profile to sign in with, in place of what the stack signs in with. One of another account replaces.
            assume_role: Role to assume, by ARN or as an AssumeRole; not with `profile`. One of another account replaces.
            opts: Pulumi's resource options.

        Raises:
            InvalidInput: Arguments contradict each other. All other problems are reported at preview.
        """
        gateway_argument.require_one(f'GatewayRateLimit "{resource_name}"', gateway, gateway_identifier)
        problems = Problems()
        access = aws_access.find(
            GatewayRateLimit,
            resource_name,
            opts,
            region=region,
            profile=profile,
            assume_role=assume_role,
            # It has to be where its gateway is.
            inherited=gateway.aws_access if gateway else None,
        )
        inputs = arguments.properties(
            gateway_identifier=gateway.gateway_id if gateway is not None else gateway_identifier,
            rate_limit_id=rate_limit_id,
            dimension_keys=_list_of_keys(dimension_keys),
            entries=_completed(dimension_keys, _documents(entries, problems)),
            description=description,
            more=more,
        )
        only_read = opts is not None and opts.id is not None
        if not only_read:
            scope = gateway or gateway_identifier
            require_own(
                GatewayRateLimit,
                resource_name,
                problems,
                scope=scope,
                path="rate_limit_id",
                value=rate_limit_id,
                source=rules.LIMITS,
            )
            problems.lines += map(str, _of_its_gateway(resource_name, gateway, scope, dimension_keys))
        if gateway is not None:
            problems.lines += gateway_argument.elsewhere("a rate limit", gateway, access)
        super().__init__(
            Provider(),
            resource_name,
            inputs,
            access.own(opts),
            access=access,
            adopt=adopt,
            problems=problems,
            gateway=gateway.declared if gateway else None,
            gateway_owner=gateway.owner if gateway else None,
        )
        if gateway is not None and not only_read:
            # By then the whole program has been declared: a limit may come before the targets that it names.
            pulumi.Output.from_input(inputs["entries"]).apply(
                lambda known: _warn_of_names(f"{Provider.label} {resource_name!r}", gateway, known)
            )


def _warn_of_names(label: str, gateway: Gateway, entries: object) -> None:
    """Report targets and tools that the gateway does not have, where all of its targets are known."""
    if not gateway.target_names or gateway.unnamed_targets:
        return
    listed = {name: listed_tools.of_schema(*inline_schema(it.described)) for name, it in gateway.target_names.items()}
    tools = {name: None if it is None else [str(tool.get("name")) for tool in it] for name, it in listed.items()}
    for problem in rules.unknown_names(entries, tools):
        pulumi.log.warn(f"{label}: {problem}")


def _list_of_keys(keys: object) -> Any:
    return [*keys] if isinstance(keys, tuple) else keys


def _documents(entries: object, problems: Problems) -> Any:
    """AWS's documents of the entries, or an Output of them; what is wrong with an entry is a problem."""
    if isinstance(entries, pulumi.Output):
        return entries.apply(lambda known: [rate_limits.entry_document(it) for it in known])
    if not isinstance(entries, (list, tuple)):
        if entries is not None:
            problems.add(InvalidInput(f"is {type_of(entries)}", "Give a list of rate_limits.Entry", path="entries"))
        return []
    found = []
    for index, it in enumerate(entries):
        try:
            found.append(rate_limits.entry_document(it))
        except InvalidInput as error:
            problems.add(error.below(f"entries[{index}]"))
    return found


def _completed(keys: object, entries: Any) -> Any:
    """The documents with a value for each key, as soon as the keys are known."""
    late = [it for it in (keys, entries) if isinstance(it, pulumi.Output)]
    late += [it for it in keys if isinstance(it, pulumi.Output)] if isinstance(keys, (list, tuple)) else []
    if not late:
        return arguments.completed(keys, entries)
    return pulumi.Output.all(keys, entries).apply(lambda known: arguments.completed(*known))


def _of_its_gateway(name: str, gateway: Gateway | None, scope: object, keys: object) -> Iterator[Problem]:
    """What is wrong beside the other limits of the gateway. AWS reports it only when this one is created."""
    known = isinstance(keys, (list, tuple)) and all(isinstance(it, str) for it in keys)
    value = frozenset(keys) if known else None  # type: ignore[call-overload]
    if other := claim(GatewayRateLimit, name, scope=scope, path="dimension_keys", value=value):
        message = f"{other} has these keys already, in whatever order"
        yield Problem("dimension_keys", message, "Put the entries of both into one", rules.LIMITS)
    elif gateway is not None:
        gateway.rate_limits += 1
        if gateway.rate_limits > rules.MOST:
            message = f"the gateway has {rules.MOST} rate limits already, which is the most"
            yield Problem("", message, "Leave this one out", rules.LIMITS)
