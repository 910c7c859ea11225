"""A rule that AWS has, as a stack file has it: in short keys where they mean the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agentcore_provider.documents.json_types import JsonDict, JsonObject

_SHORT = {"matchPrincipals": "principals", "matchPaths": "paths", "matchModels": "models"}


def described(found: JsonObject) -> JsonDict:
    """The stack file's entry. found: the rule as AWS has it."""
    from agentcore_provider.aws.documents import same
    from agentcore_provider.stack_config import rule_validation

    whole: JsonDict = {it: found[it] for it in ("priority", "description", "conditions", "actions") if found.get(it)}
    short = {**whole, **dict(_conditions(whole)), **dict(_route(whole))}
    for own, keys in (("conditions", _SHORT.values()), ("actions", ("route",))):
        if any(it in short for it in keys):
            del short[own]
    wanted = {it: whole.get(it) for it in ("conditions", "actions")}
    built = rule_validation.rule_document(short)
    return short if same({it: built.get(it) for it in wanted}, wanted) else whole


def _conditions(rule: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for condition in rule.get("conditions", ()):
        for kind, content in condition.items():
            if kind in _SHORT:
                yield _SHORT[kind], [_entry(it) for it in content["anyOf"]]


def _entry(entry: Any) -> object:
    if isinstance(entry, Mapping):
        return entry.get("value") or entry.get("iamPrincipal", {}).get("arn")
    return entry


def _route(rule: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    actions = rule.get("actions", ())
    route = actions[0].get("routeToTarget", {}).get("staticRoute") if len(actions) == 1 else None
    if route and route.keys() == {"targetName"}:
        yield "route", route["targetName"]
