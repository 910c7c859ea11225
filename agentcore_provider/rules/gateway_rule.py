"""What the service accepts as a rule of a gateway: CreateGatewayRule's input, by AWS's member names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agentcore_provider.problem import Problem, Severity, joined
from agentcore_provider.rules import service_model
from agentcore_provider.rules.unknown import UNKNOWN

RULES = "devguide gateway-rules"
IMMUTABLE = {"gatewayIdentifier": "botocore model bedrock-agentcore-control, UpdateGatewayRuleRequest"}
"""Top-level members that UpdateGatewayRule cannot change, and where that is written."""
RESERVED = ("mcp", "a2a", "responses", "converse", ".well-known")
"""First parts of paths that belong to the gateway itself (devguide gateway-rules)."""

Document = Mapping[str, object]


def validate(document: Document, *, gateway: Document | None = None) -> list[Problem]:
    """Everything the service would refuse or serve badly. The gateway's identifier may be absent.

    gateway: the CreateGateway document of the gateway, if known: some rules need both.
    """
    problems = service_model.validate(document, "CreateGatewayRule", absent=("gatewayIdentifier", "clientToken"))
    problems += [it for member in ("conditions", "actions") for it in _one_of_each(member, document.get(member))]
    for path, condition in _members(document, "conditions"):
        problems += _condition(path, condition, gateway or {})
    for path, action in _members(document, "actions"):
        problems += _action(path, action)
    return problems


def replaces(old: Document, new: Document) -> list[str]:
    """Top-level members whose change needs a new rule. A value not known yet counts as changed.

    A description can be changed and not removed: UpdateGatewayRule leaves what is left out as it is, and an empty one
    is not valid.
    """
    removed = ["description"] if old.get("description") is not None and new.get("description") is None else []
    return [*service_model.changed(IMMUTABLE, old, new), *removed]


def targets(document: Document) -> Iterator[tuple[str, object, bool]]:
    """The targets that the rule names: where, the name, and whether it has to be an inference target."""
    for path, condition in _members(document, "conditions"):
        where = joined(path, "matchPaths.anyOf")
        for index, pattern in enumerate(_list(_at(condition, "matchPaths", "anyOf"))):
            if isinstance(pattern, str) and (name := _first_part(pattern)) not in RESERVED:
                yield joined(where, index), name, False
    for path, action in _members(document, "actions"):
        for where, route in _routes(path, action):
            chain = _list(_at(route, "fallback", "targetFallback"))
            yield joined(where, "targetName"), route.get("targetName"), bool(chain) or "model" in route
            for index, one in enumerate(chain):
                if isinstance(one, Mapping):
                    below = joined(joined(where, "fallback.targetFallback"), index)
                    yield joined(below, "targetName"), one.get("targetName"), True


def _one_of_each(member: str, listed: object) -> Iterator[Problem]:
    """Each kind of condition is one member, whose entries are alternatives; each kind of action is decided once."""
    found: set[str] = set()
    for index, one in enumerate(_list(listed)):
        kind = next(iter(one), "") if isinstance(one, Mapping) else ""
        if kind and kind in found:
            cure = "Put all alternatives into its anyOf." if member == "conditions" else "Keep one."
            yield Problem(joined(member, index), f"is a second {kind}", cure, RULES)
        found.add(str(kind))


def _condition(path: str, condition: Document, gateway: Document) -> Iterator[Problem]:
    paths = condition.get("matchPaths")
    if paths is not None and gateway.get("protocolType") not in (None, UNKNOWN):
        yield Problem(
            joined(path, "matchPaths"),
            f"needs a gateway with HTTP targets, and this one has protocolType {gateway['protocolType']}",
            "Put the rule on a gateway that sets no protocol_type.",
            RULES,
        )
    for index, pattern in enumerate(_list(_at(condition, "matchPaths", "anyOf"))):
        if isinstance(pattern, str) and _first_part(pattern) in RESERVED:
            yield Problem(
                joined(joined(path, "matchPaths.anyOf"), index),
                f"{pattern!r} begins with a path that the gateway serves itself",
                "Give /TARGET/*, with the name of a target.",
                RULES,
            )
    inbound = gateway.get("authorizerType")
    if condition.get("matchPrincipals") is not None and inbound in ("CUSTOM_JWT", "NONE"):
        yield Problem(
            joined(path, "matchPrincipals"),
            f"never matches: callers of a gateway with {inbound} have no IAM identity",
            "Set authorizer to AWS_IAM, or leave the condition out.",
            RULES,
            severity="warning",
        )
    for index, entry in enumerate(_list(_at(condition, "matchPrincipals", "anyOf"))):
        yield from _principal(joined(joined(path, "matchPrincipals.anyOf"), index), _at(entry, "iamPrincipal"))
    for index, entry in enumerate(_list(_at(condition, "matchModels", "anyOf"))):
        if isinstance(entry, Mapping) and entry.get("operator") == "StringEquals":
            yield from _wildcard(joined(joined(path, "matchModels.anyOf"), index), "value", entry)


def _principal(path: str, principal: object) -> Iterator[Problem]:
    if isinstance(principal, Mapping) and principal.get("operator") in (None, "StringEquals"):
        yield from _wildcard(joined(path, "iamPrincipal"), "arn", principal)


def _wildcard(path: str, member: str, entry: Document) -> Iterator[Problem]:
    value = entry.get(member)
    if isinstance(value, str) and ("*" in value or "?" in value):
        yield Problem(
            joined(path, member),
            f"{value!r} is compared letter by letter, so that * and ? match only themselves",
            "Set its operator to StringLike.",
            RULES,
            severity="warning",
        )


def _action(path: str, action: Document) -> Iterator[Problem]:
    yield from _weights(
        joined(path, "configurationBundle.weightedOverride.trafficSplit"),
        _at(action, "configurationBundle", "weightedOverride", "trafficSplit"),
        "error",
    )
    yield from _weights(
        joined(path, "routeToTarget.weightedRoute.trafficSplit"),
        _at(action, "routeToTarget", "weightedRoute", "trafficSplit"),
        "warning",
    )
    for where, route in _routes(path, action):
        yield from _chain(where, route)


def _weights(path: str, split: object, severity: Severity) -> Iterator[Problem]:
    """The model has the sum for configuration bundles alone; of targets it calls the weights percentages."""
    entries = _list(split)
    weights = [it.get("weight") if isinstance(it, Mapping) else None for it in entries]
    numbers = [it for it in weights if isinstance(it, (int, float)) and not isinstance(it, bool)]
    if len(entries) == len(numbers) == 2 and sum(numbers) != 100:
        yield Problem(
            path,
            f"has weights of {sum(numbers):g} percent together",
            "Give weights that sum to 100.",
            "botocore model bedrock-agentcore-control, TrafficSplitEntry",
            severity=severity,
        )


def _chain(path: str, route: Document) -> Iterator[Problem]:
    """Each combination of target and model is in a chain of fallbacks once, that of the route included."""
    tried = {_destination(route)}
    for index, one in enumerate(_list(_at(route, "fallback", "targetFallback"))):
        if not isinstance(one, Mapping):
            continue
        destination = _destination(one)
        if destination in tried and UNKNOWN not in destination:
            name, model = destination
            yield Problem(
                joined(joined(path, "fallback.targetFallback"), index),
                f"names target {name}{f' with model {model}' if model else ''} again, which has failed before",
                "Name another target or model.",
                "botocore model bedrock-agentcore-control, Fallback",
            )
        tried.add(destination)


def _destination(route: Document) -> tuple[object, object]:
    name, model = route.get("targetName"), route.get("model")
    return tuple(it if it is UNKNOWN or it is None else str(it) for it in (name, model))  # type: ignore[return-value]


def _routes(path: str, action: Document) -> Iterator[tuple[str, Document]]:
    """The routes to a target that an action has, with where they are."""
    route = _at(action, "routeToTarget", "staticRoute")
    if isinstance(route, Mapping):
        yield joined(path, "routeToTarget.staticRoute"), route
    where = joined(path, "routeToTarget.weightedRoute.trafficSplit")
    for index, entry in enumerate(_list(_at(action, "routeToTarget", "weightedRoute", "trafficSplit"))):
        if isinstance(entry, Mapping):
            yield joined(where, index), entry


def _members(document: Document, member: str) -> Iterator[tuple[str, Document]]:
    for index, one in enumerate(_list(document.get(member))):
        if isinstance(one, Mapping):
            yield joined(member, index), one


def _at(value: object, *path: str) -> object:
    for member in path:
        value = value.get(member) if isinstance(value, Mapping) else None
    return value


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _first_part(pattern: str) -> str:
    return pattern.removeprefix("/").partition("/")[0]
