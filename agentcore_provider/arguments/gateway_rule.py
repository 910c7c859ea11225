"""Rules of gateways: the properties of the resource, and with them CreateGatewayRule's input, from arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from agentcore_provider.arguments import members
from agentcore_provider.arguments.members import Properties

Call = Callable[[Callable[[Any], Any], Any], Any]
"""Calls a function with a value as soon as that is known."""


def _now(build: Callable[[Any], Any], value: object) -> Any:
    return build(value)


def properties(
    *,
    principals: object = None,
    paths: object = None,
    models: object = None,
    route_to_target: object = None,
    configuration_bundle: object = None,
    conditions: object = None,
    actions: object = None,
    more: Mapping[str, object] | None = None,
    call: Call = _now,
    **others: object,
) -> Properties:
    """The properties of a rule, those that are None included.

    Args:
        principals: A list of ARNs of callers, of which one has to match.
        paths: A list of patterns of paths, of which one has to match.
        models: A list of names of models or patterns, of which one has to match.
        route_to_target: AWS's document of a route.
        configuration_bundle: AWS's document of an override.
        conditions: AWS's documents, in place of the first three.
        actions: AWS's documents, in place of the two after them.
        more: Members of the API without an argument.
        call: Calls a function with a value as soon as that is known.
        others: Members, by property name.
    """
    # An empty list is an error, which the rules report: without its condition the rule would match every request.
    matched = {
        "matchPrincipals": (lambda listed: [_principal(it, call) for it in listed], principals),
        "matchPaths": (list, paths),
        "matchModels": (lambda listed: [{"value": it} for it in listed], models),
    }
    chosen = {"routeToTarget": route_to_target, "configurationBundle": configuration_bundle}
    if conditions is None:
        conditions = [{kind: {"anyOf": call(*it)}} for kind, it in matched.items() if it[1] is not None] or None
    if actions is None:
        actions = [{name: it} for name, it in chosen.items() if it is not None] or None
    return {**others, "conditions": conditions, "actions": actions, **members.further(more)}


def document(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """CreateGatewayRule's input. arguments: those of `properties`."""
    return members.document({name: it for name, it in properties(**arguments).items() if it is not None})


def _principal(arn: object, call: Call) -> dict[str, Any]:
    return {"iamPrincipal": {"arn": arn, "operator": call(_operator, arn)}}


def _operator(arn: object) -> str:
    """What compares callers with an ARN: its * and ? are wildcards, for whoever writes them."""
    return "StringLike" if isinstance(arn, str) and ("*" in arn or "?" in arn) else "StringEquals"
