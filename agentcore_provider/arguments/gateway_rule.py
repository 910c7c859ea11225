"""Rules of gateways: the properties of the resource, and with them CreateGatewayRule's input, from arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agentcore_provider.arguments import members
from agentcore_provider.arguments.members import Properties


def _now(build: Callable[[Any], object], value: object) -> object:
    return build(value) if isinstance(value, str) else value


def properties(
    *,
    principals: Sequence[object] | None = None,
    paths: Sequence[object] | None = None,
    models: Sequence[object] | None = None,
    route_to_target: object = None,
    configuration_bundle: object = None,
    conditions: object = None,
    actions: object = None,
    more: Mapping[str, object] | None = None,
    call: Callable[[Callable[[Any], object], Any], object] = _now,
    **others: object,
) -> Properties:
    """The properties of a rule, those that are None included.

    Args:
        principals: ARNs of callers, of which one has to match.
        paths: Patterns of paths, of which one has to match.
        models: Names of models or patterns, of which one has to match.
        route_to_target: AWS's document of a route.
        configuration_bundle: AWS's document of an override.
        conditions: AWS's documents, in place of the first three.
        actions: AWS's documents, in place of the two after them.
        more: Members of the API without an argument.
        call: Builds of a text, as soon as it is known.
        others: Members, by property name.
    """
    matched = {
        "matchPrincipals": principals and [_principal(it, call) for it in principals],
        "matchPaths": paths and [*paths],
        "matchModels": models and [{"value": it} for it in models],
    }
    chosen = {"routeToTarget": route_to_target, "configurationBundle": configuration_bundle}
    if conditions is None:
        conditions = [{name: {"anyOf": it}} for name, it in matched.items() if it] or None
    if actions is None:
        actions = [{name: it} for name, it in chosen.items() if it is not None] or None
    return {**others, "conditions": conditions, "actions": actions, **members.further(more)}


def document(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """CreateGatewayRule's input. arguments: those of `properties`."""
    return members.document({name: it for name, it in properties(**arguments).items() if it is not None})


def _principal(arn: object, call: Callable[[Callable[[Any], object], Any], object]) -> dict[str, Any]:
    return {"iamPrincipal": {"arn": arn, "operator": call(_operator, arn)}}


def _operator(arn: str) -> str:
    """What compares callers with an ARN: its * and ? are wildcards, for whoever writes them."""
    return "StringLike" if "*" in arn or "?" in arn else "StringEquals"
