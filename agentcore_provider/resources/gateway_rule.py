"""GatewayRule: which target of a gateway serves which requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pulumi

from agentcore_provider import target_kinds
from agentcore_provider.arguments import gateway_rule as arguments
from agentcore_provider.errors import InvalidInput
from agentcore_provider.providers.gateway_rule import Provider
from agentcore_provider.resources import aws_access, gateway_argument, routes
from agentcore_provider.resources.aws_access import AnyRole
from agentcore_provider.resources.configuration_bundle import ConfigurationBundle
from agentcore_provider.resources.declaration import Problems
from agentcore_provider.resources.dynamic_resource import DynamicResource
from agentcore_provider.resources.gateway import Gateway
from agentcore_provider.resources.gateway_target import GatewayTarget
from agentcore_provider.resources.target_arguments import type_of
from agentcore_provider.resources.uniqueness import require_own
from agentcore_provider.rules import gateway_rule as rules


class GatewayRule(DynamicResource, module="agentcore", name="GatewayRule"):
    """A rule of a gateway: requests that match its conditions go to the target that it names.

    The gateway evaluates its rules by priority, the lowest number first. The first rule with a route decides the target,
    and the first one with a configuration bundle decides that. A rule without conditions matches every request. Rules
    are for HTTP and inference targets: tools name their target themselves.

    Example:
        ```python
        GatewayRule(
            "canary",
            gateway=gateway,
            priority=100,
            paths=[primary],
            route=routes.WeightedRoute([routes.TrafficSplit(primary, weight=90), routes.TrafficSplit(canary, weight=10)]),
        )
        ```

    https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateGatewayRule.html
    """

    rule_id: pulumi.Output[str]
    """Id of the rule, unique in its gateway. Known once it is created."""
    gateway_arn: pulumi.Output[str]
    """ARN of the gateway. Known once the rule is created."""
    gateway_identifier: pulumi.Output[str]
    """Id of the gateway. Known at preview if the gateway exists."""
    priority: pulumi.Output[int]
    """The argument, or what a refresh found in AWS. Known at preview."""
    conditions: pulumi.Output[list[dict[str, Any]] | None]
    """AWS's documents of the conditions; None for every request. Known at preview unless they contain an Output."""
    actions: pulumi.Output[list[dict[str, Any]]]
    """AWS's documents of the actions. Known at preview unless they contain an Output."""
    description: pulumi.Output[str | None]
    """The argument, or what a refresh found in AWS. Known at preview."""
    status: pulumi.Output[str]
    """ACTIVE after a successful `pulumi up`; later what the last refresh found. Known once it is created."""
    system: pulumi.Output[dict[str, str] | None]
    """AWS's document of what manages the rule, such as an A/B test; None for yours. Known once it is created."""
    created_at: pulumi.Output[str]
    """Time of creation in ISO 8601. Known once it is created."""
    updated_at: pulumi.Output[str | None]
    """Time of the last change in ISO 8601; None if there was none. Known once it is created."""

    aws_name = "GatewayRule"
    _required = MappingProxyType({"gateway_identifier": "", "priority": 1, "actions": []})

    def __init__(
        self,
        resource_name: str,
        *,
        priority: pulumi.Input[int],
        gateway: Gateway | None = None,
        gateway_identifier: pulumi.Input[str] | None = None,
        principals: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        paths: pulumi.Input[Sequence[GatewayTarget | pulumi.Input[str]]] | None = None,
        models: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        route: routes.StaticRoute
        | routes.WeightedRoute
        | GatewayTarget
        | pulumi.Input[str]
        | Mapping[str, object]
        | None = None,
        configuration_bundle: ConfigurationBundle | pulumi.Input[Mapping[str, object]] | None = None,
        conditions: pulumi.Input[Sequence[Mapping[str, object]]] | None = None,
        actions: pulumi.Input[Sequence[Mapping[str, object]]] | None = None,
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
            resource_name: Logical name; AWS gives rules no name.
            priority: Its place among the gateway's rules, 1 to 1000000, unique in the gateway; the lowest number is
                evaluated first. Leave gaps for rules to come. Updates in place.
            gateway: The gateway. Changing it replaces.
            gateway_identifier: Id of a gateway that this program does not declare, instead of `gateway`. Changing it
                replaces.
            principals: ARNs of IAM users, roles and assumed roles, of which the caller has to be one; `*` and `?` are
                wildcards. 1 to 100, on a gateway with AWS_IAM. Default: every caller. Updates in place.
            paths: HTTP targets or their names, or patterns /TARGET/*, of which the path has to match one; 1 to 10. Default: every path.
                Updates in place.
            models: Ids of models or patterns such as anthropic.claude-*, of which an inference request has to name one; 1
                to 100. Default: every request. Updates in place.
            route: Where such requests go: a target or its name, or a record of `routes`. Updates in place.
            configuration_bundle: Which version of a configuration bundle such requests get: the latest of a ConfigurationBundle,
                or AWS's document with staticOverride or weightedOverride. Updates in place.
            conditions: AWS's own form of principals, paths and models: up to 3 documents. Updates in place.
            actions: AWS's own form of route and configuration_bundle: 1 or 2 documents. Updates in place.
            description: 1 to 256 characters. Updates in place; removing it replaces.
            more: Members of the API that have no argument here yet, in snake_case. Updates in place.
            adopt: Take over a rule of this priority that something else made. Default: the stack's agentcore:adopt.
            region: AWS Region. Default: that of the gateway, of the parent, of an aws.Provider in `opts`, or of the stack. Changing it
                replaces.
            profile: AWS profile to sign in with, in place of what the stack signs in with. One of another account replaces.
            assume_role: Role to assume, by ARN or as an AssumeRole; not with `profile`. One of another account replaces.
            opts: Pulumi's resource options.

        Raises:
            InvalidInput: Arguments contradict each other. All other problems are reported at preview.
        """
        only_read = opts is not None and opts.id is not None
        label = f'GatewayRule "{resource_name}"'
        gateway_argument.require_one(label, gateway, gateway_identifier)
        _require_one_form(label, "conditions", conditions, principals=principals, paths=paths, models=models)
        _require_one_form(label, "actions", actions, route=route, configuration_bundle=configuration_bundle)
        problems = Problems()
        if route is None and configuration_bundle is None and actions is None and not only_read:
            problems.add(InvalidInput("is required", "Give a target, or a record of routes", path="route"))
        access = aws_access.find(
            GatewayRule,
            resource_name,
            opts,
            region=region,
            profile=profile,
            assume_role=assume_role,
            # It has to be where its gateway is.
            inherited=gateway.aws_access if gateway else None,
        )
        opts = access.own(opts)
        try:
            destination = None if route is None else routes.route_to_target(route)
        except InvalidInput as error:
            problems.add(error.below("route"))
            destination = None
        inputs = arguments.properties(
            gateway_identifier=gateway.gateway_id if gateway is not None else gateway_identifier,
            priority=priority,
            principals=_alternatives("principals", principals, problems),
            paths=_alternatives("paths", paths, problems),
            models=_alternatives("models", models, problems),
            route_to_target=destination,
            configuration_bundle=_override(configuration_bundle),
            conditions=conditions,
            actions=actions,
            description=description,
            more=more,
            call=routes.once_known,
        )
        if not only_read:
            scope = gateway or gateway_identifier
            require_own(GatewayRule, resource_name, problems, scope=scope, path="priority", value=priority)
        if gateway is not None:
            problems.lines += gateway_argument.elsewhere("a rule", gateway, access)
            named = _named_targets(gateway, inputs, paths, problems)
            opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=named)) if named else opts
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
        )


def _require_one_form(label: str, own: str, documents: object, **short: object) -> None:
    """Raise InvalidInput if AWS's own form is passed together with ours."""
    passed = [name for name, value in short.items() if value is not None]
    if documents is not None and passed:
        raise InvalidInput(
            f"{own} cannot be combined with {', '.join(passed)}",
            f"Give either {own}=, or {', '.join(short)}",
            label=label,
        )


def _override(bundle: object) -> object:
    """AWS's document of the latest version of a bundle, or the document itself."""
    if not isinstance(bundle, ConfigurationBundle):
        return bundle
    return {"staticOverride": {"bundleArn": bundle.bundle_arn, "bundleVersion": bundle.version_id}}


_ALTERNATIVES = {
    "principals": "the ARN of an IAM user, role or assumed role",
    "paths": "a target, its name or a pattern /TARGET/*",
    "models": "the id of a model or a pattern",
}


def _alternatives(argument: str, values: object, problems: Problems) -> Any:
    """A condition's list, or an Output of it; None if there is no condition or an entry has a wrong type."""
    wanted = _ALTERNATIVES[argument]
    if values is None:
        return None
    if isinstance(values, Mapping):
        problems.add(InvalidInput("is a dict", f"Give a list, each entry {wanted}", path=argument))
        return None
    build = pattern if argument == "paths" else lambda it: it
    if isinstance(values, pulumi.Output):
        return values.apply(lambda known: [build(it) for it in _listed(known)])
    accepted = (str, pulumi.Output, *([GatewayTarget] if argument == "paths" else []))
    listed = _listed(values)
    wrong = [(index, it) for index, it in enumerate(listed) if not isinstance(it, accepted)]
    for index, it in wrong:
        problems.add(InvalidInput(f"is {type_of(it)}", f"Give {wanted}", path=f"{argument}[{index}]"))
    return None if wrong else [build(it) for it in listed]


def _listed(values: object) -> list[Any]:
    return list(values) if isinstance(values, (list, tuple)) else [values]


def pattern(path: object) -> Any:
    """The pattern of all paths of a target, or the pattern itself."""
    if isinstance(path, GatewayTarget):
        path = path.name
    if isinstance(path, pulumi.Output):
        return path.apply(pattern)
    return f"/{path}/*" if isinstance(path, str) and path and "/" not in path else path


def _named_targets(
    gateway: Gateway, inputs: Mapping[str, Any], paths: object, problems: Problems
) -> list[GatewayTarget]:
    """The targets of this program that the rule names, which have to be there before it."""
    found: list[GatewayTarget] = []
    # The pattern of a target's paths is an Output.
    of_paths = [
        (f"paths[{it}]", one.name, False) for it, one in enumerate(_listed(paths)) if isinstance(one, GatewayTarget)
    ]
    for path, name, has_to_infer in (*of_paths, *rules.targets({it: inputs[it] for it in ("conditions", "actions")})):
        target = next((it for known, it in gateway.target_names.items() if name == known or name is it.name), None)
        if target is None:
            continue
        found.append(target)
        family, _ = target_kinds.branch(target.described)
        label = f"target {_name_in(gateway, target)}"
        if has_to_infer and family not in (None, "inference"):
            problems.add(
                InvalidInput(
                    f"{label} is not an inference target, which alone has a model and fallbacks",
                    "Name an inference target, or leave model and fallback out",
                    path=path,
                )
            )
        elif family == "mcp":
            wanted = "an HTTP or inference target"
            problems.add(InvalidInput(f"{label} is not {wanted}", f"Name {wanted}", path=path, source=rules.RULES))
    return found


def _name_in(gateway: Gateway, target: GatewayTarget) -> str:
    return next(name for name, it in gateway.target_names.items() if it is target)
