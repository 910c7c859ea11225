"""What AWS would reject in the rules of a stack file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from agentcore_provider import target_kinds
from agentcore_provider.arguments import gateway_rule as documents
from agentcore_provider.arguments import table
from agentcore_provider.arguments.members import property_name
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem, errors
from agentcore_provider.resources import routes
from agentcore_provider.resources.gateway_rule import GatewayRule, pattern
from agentcore_provider.rules import gateway_rule as rules
from agentcore_provider.rules.unknown import UNKNOWN
from agentcore_provider.stack_config import keys
from agentcore_provider.stack_config.places import Place, PlacedProblem, placed, walked

_CONDITIONS = {"principals": "matchPrincipals", "paths": "matchPaths", "models": "matchModels"}
_ACTIONS = {"route": "routeToTarget", "configuration_bundle": "configurationBundle"}
_OWN_FORM = {"conditions": _CONDITIONS, "actions": _ACTIONS}


def problems(gateway: Mapping[str, object], document: Mapping[str, object] | None) -> Iterator[PlacedProblem]:
    """Everything about the rules of a gateway that AWS would reject. document: its CreateGateway input."""
    described = gateway.get("rules")
    by_priority: dict[object, str] = {}
    for name, rule in described.items() if isinstance(described, Mapping) else ():
        if not isinstance(rule, Mapping):
            continue
        yield from (it.below((name,)) for it in _problems(rule, gateway, document))
        priority = rule.get("priority")
        if isinstance(priority, int) and by_priority.setdefault(priority, name) != name:
            message = f"rule {by_priority[priority]} has priority {priority} too"
            yield PlacedProblem((name, "priority"), message, "give each its own", rules.RULES)


def _problems(
    rule: Mapping[str, object], gateway: Mapping[str, object], document: Mapping[str, object] | None
) -> Iterator[PlacedProblem]:
    for own, short in _OWN_FORM.items():
        if own in rule and (both := [it for it in short if it in rule]):
            yield PlacedProblem((), f"has {own} and {' and '.join(both)}", "keep one of them")
            return
    if not any(it in rule for it in (*_ACTIONS, "actions")):
        yield PlacedProblem((), "has neither route nor configuration_bundle", "add one of them")
        return
    # What has a problem already is left out: places are counted by the conditions that are in the document.
    rule = {key: it for key, it in rule.items() if it is not UNKNOWN or key not in (*_CONDITIONS, "more")}
    try:
        built = rule_document(rule)
    except InvalidInput as error:
        yield from placed(error, ("route",))
        return
    for problem in errors(rules.validate(built, gateway=document)):
        yield PlacedProblem(_place(problem.path, rule), problem.message, problem.cure, problem.source, problem.code)
    if "gateway_id" not in gateway:
        for problem in _targets(built, gateway.get("targets", {})):
            yield PlacedProblem(_place(problem.path, rule), problem.message, problem.cure, problem.source)


def rule_document(rule: Mapping[str, object]) -> dict[str, object]:
    """CreateGatewayRule's input, as the rule's declaration builds it. Raises InvalidInput."""
    route = rule.get("route")
    if any(it is UNKNOWN for _, it in walked(route)):
        route = None if route is None else UNKNOWN
    if isinstance(rule.get("configuration_bundle"), str):
        # The name of one that the stack describes.
        rule = {**rule, "configuration_bundle": UNKNOWN}
    known = (*table.arguments(GatewayRule), *_CONDITIONS, "configuration_bundle", "more")
    arguments = {key: value for key, value in rule.items() if key in known}
    if isinstance(paths := rule.get("paths"), list):
        arguments["paths"] = [pattern(it) for it in paths]
    destination = routes.route_to_target(route) if route not in (None, UNKNOWN) else route
    return documents.document({**arguments, "route_to_target": destination})


def _targets(document: Mapping[str, object], described: object) -> Iterator[Problem]:
    targets = described if isinstance(described, Mapping) else {}
    for path, name, has_to_infer in rules.targets(document):
        if not isinstance(name, str):
            continue
        target = targets.get(name)
        if target is None:
            yield Problem(path, f"the gateway has no target {name}", f"name one of {', '.join(map(str, targets))}")
            continue
        family = _family(target) if isinstance(target, Mapping) else None
        if family == "mcp" or (has_to_infer and family == "http"):
            wanted = "an inference target" if has_to_infer else "an HTTP or inference target"
            yield Problem(path, f"{name} is not {wanted}", f"name {wanted}", rules.RULES)


def _family(target: Mapping[str, object]) -> str | None:
    """What AWS's targetConfiguration begins with, such as mcp; None if that is not known."""
    kind = keys.kind_of(target)
    if kind is None:
        return None
    known = target[kind] if kind == "target_configuration" else keys.outline(kind)
    return target_kinds.branch(known)[0]


def _place(path: str, rule: Mapping[str, object]) -> Place:
    """Where a member of AWS's document is in the stack file."""
    for own, short in _OWN_FORM.items():
        match = re.match(rf"{own}\[(\d+)\](?:\.\w+)?(?:\.anyOf\[(\d+)\])?", path)
        if match and own not in rule:
            key = [it for it in short if rule.get(it) is not None][int(match[1])]
            return (key, int(match[2])) if match[2] else (key,)
    top, rest = re.match(r"([A-Za-z]*)(.*)", path).groups()  # type: ignore[union-attr]
    return (property_name(top) + rest,) if top else ()
