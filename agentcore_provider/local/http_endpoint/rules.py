"""The rules of a gateway: which target serves a request (devguide gateway-rules).

Documented: rules are evaluated by priority, the lowest number first, and the first match with a route decides; a rule
without conditions matches everything, all conditions have to match, and of each condition one entry. Assumed: a role's
ARN matches whoever has assumed the role, and a rule whose targets cannot serve the kind of request is passed over.
The first match with a configuration bundle decides that; it reaches the target in the header baggage (devguide
gateway-rules-propagation).
"""

from __future__ import annotations

import fnmatch
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agentcore_provider.local.store import Target

if TYPE_CHECKING:
    from agentcore_provider.local.store.documents import RuleDocument

Route = Mapping[str, Any]
"""AWS's staticRoute, or a member of trafficSplit: targetName, and perhaps model and fallback."""

_ASSUMED = re.compile(r"arn:(?P<partition>[^:]+):sts::(?P<account>\d+):assumed-role/(?P<role>[^/]+)/.*")
# What spreads requests evenly: the multiples of it modulo 1 never cluster.
_GOLDEN_RATIO = 0.6180339887498949
_counts: defaultdict[tuple[str, int], Iterator[int]] = defaultdict(itertools.count)


@dataclass(frozen=True)
class Asked:
    """What conditions look at. principal: ARN of a caller who signed, else None. model: of an inference request."""

    principal: str | None
    path: str
    model: str | None = None


def route(gateway_id: str, rules: Iterable[RuleDocument], targets: Iterable[Target], asked: Asked) -> Route | None:
    """Where the rules send a request; None if no rule does.

    targets: those that can serve this kind of request.
    """
    names = {it.name for it in targets}
    for rule in rules:
        action = next((it["routeToTarget"] for it in rule["actions"] if "routeToTarget" in it), None)
        if action is None or not all(_matches(it, asked) for it in rule.get("conditions", ())):
            continue
        routes = [action["staticRoute"]] if "staticRoute" in action else action["weightedRoute"]["trafficSplit"]
        if any(it["targetName"] in names for it in routes):
            return _chosen((gateway_id, rule["priority"]), routes)
    return None


def bundle(gateway_id: str, rules: Iterable[RuleDocument], asked: Asked) -> Mapping[str, str] | None:
    """The bundleArn and bundleVersion that the rules choose for a request; None if no rule does."""
    for rule in rules:
        action = next((it["configurationBundle"] for it in rule["actions"] if "configurationBundle" in it), None)
        if action is None or not all(_matches(it, asked) for it in rule.get("conditions", ())):
            continue
        if "staticOverride" in action:
            found: Mapping[str, str] = action["staticOverride"]
            return found
        chosen = _chosen((f"{gateway_id} bundle", rule["priority"]), action["weightedOverride"]["trafficSplit"])
        return dict(chosen["configurationBundle"])
    return None


def with_baggage(headers: tuple[tuple[str, str], ...], chosen: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    """The headers of a request with the bundle in its baggage, beside what the client put there."""
    if chosen is None:
        return headers
    keys = {"aws.agentcore.configbundle_arn": chosen["bundleArn"]}
    keys["aws.agentcore.configbundle_version"] = chosen["bundleVersion"]
    theirs = [entry.strip() for name, value in headers if name.lower() == "baggage" for entry in value.split(",")]
    kept = [entry for entry in theirs if entry and entry.partition("=")[0].strip() not in keys]
    baggage = ",".join([*kept, *(f"{key}={value}" for key, value in keys.items())])
    return (*((name, value) for name, value in headers if name.lower() != "baggage"), ("baggage", baggage))


def _chosen(rule: tuple[str, int], routes: list[Route]) -> Route:
    """One of the routes, each as often as its weight has it."""
    if len(routes) == 1:
        return routes[0]
    turn = (next(_counts[rule]) * _GOLDEN_RATIO) % 1 * sum(it["weight"] for it in routes)
    for one in routes:
        turn -= one["weight"]
        if turn < 0:
            return one
    return routes[-1]


def _matches(condition: Mapping[str, Any], asked: Asked) -> bool:
    ((kind, content),) = condition.items()
    entries = content["anyOf"]
    if kind == "matchPaths":
        return any(f"{asked.path}/".startswith(it.removesuffix("*")) for it in entries)
    if kind == "matchModels":
        return asked.model is not None and any(
            _equals(asked.model, it["value"], it.get("operator", "StringLike")) for it in entries
        )
    principals = _principals(asked.principal)
    members = [it["iamPrincipal"] for it in entries]
    return any(_equals(one, it["arn"], it.get("operator", "StringEquals")) for one in principals for it in members)


def _principals(arn: str | None) -> list[str]:
    """The ARNs by which a rule may name a caller."""
    if arn is None:
        return []
    assumed = _ASSUMED.fullmatch(arn)
    role = [f"arn:{assumed['partition']}:iam::{assumed['account']}:role/{assumed['role']}"] if assumed else []
    return [arn, *role]


def _equals(value: str, pattern: str, operator: str) -> bool:
    if operator == "StringEquals":
        return value == pattern
    # Square brackets mean themselves in IAM. Each * of a regular expression would multiply the time that it takes.
    return fnmatch.fnmatchcase(value, pattern.replace("[", "[[]"))
