"""CreateGatewayRule, GetGatewayRule, ListGatewayRules, UpdateGatewayRule, DeleteGatewayRule.

Documented (devguide gateway-rules, gateway-rules-fallback): priorities are unique in a gateway, paths name existing HTTP
targets that are READY, and only inference targets have a model and fallbacks. Assumed: an update leaves what is left out
as it is, since it is a PATCH; a rule may name a target that is removed later; and a gateway is deleted with its rules.
"""

from __future__ import annotations

import copy
import uuid
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control import client_token, gateway
from agentcore_provider.local.agentcore_control.call import Answer, Call
from agentcore_provider.local.agentcore_control.page import age_key, page
from agentcore_provider.local.agentcore_control.settled import require_settled
from agentcore_provider.local.store import GatewayRecord, RuleRecord, kind_of, now
from agentcore_provider.local.store.lifecycle import Lifecycle

if TYPE_CHECKING:
    from agentcore_provider.local.store.documents import CreateRule, RuleDocument, UpdateRule

_NOT_DOCUMENT = ("clientToken", "gatewayIdentifier", "ruleId")
_RESERVED = ("mcp", "a2a", "responses", "converse", ".well-known")


def create(call: Call, request: CreateRule) -> Answer:
    """Starts a rule; ACTIVE after a while."""
    record = gateway.require(call, request["gatewayIdentifier"])
    if before := client_token.created_before(call, request, record.rules.get):
        return _describe(record, before)
    gateway.require_settled(record)
    document = cast("RuleDocument", _document(request))
    _require_free(record, document["priority"], "")
    _require_valid(record, document)
    rule = RuleRecord(str(uuid.uuid4()), document, Lifecycle(call.settings.monotonic), now())
    _begin(call, rule, "CREATING", "ACTIVE")
    record.rules[rule.rule_id] = rule
    client_token.remember(call, request, rule.rule_id)
    return _describe_begun(record, rule)


def get(call: Call, request: Mapping[str, str]) -> Answer:
    """One rule."""
    record = gateway.require(call, request["gatewayIdentifier"])
    return _describe(record, _require(record, request["ruleId"]))


def list_(call: Call, request: Mapping[str, Any]) -> Answer:
    """A gateway's rules."""
    record = gateway.require(call, request["gatewayIdentifier"])
    items, following = page(
        [(age_key(rule.created_at, key), rule) for key, rule in record.rules.items()],
        request.get("maxResults"),
        request.get("nextToken"),
    )
    return {"gatewayRules": [_describe(record, rule) for rule in items], "nextToken": following}


def update(call: Call, request: UpdateRule) -> Answer:
    """Changes the members that are there."""
    record = gateway.require(call, request["gatewayIdentifier"])
    rule = _require(record, request["ruleId"])
    _require_settled(rule)
    document = cast("RuleDocument", {**rule.document, **_document(request)})
    _require_free(record, document["priority"], rule.rule_id)
    _require_valid(record, document)
    rule.document, rule.updated_at = document, now()
    _begin(call, rule, "UPDATING", "ACTIVE")
    return _describe_begun(record, rule)


def delete(call: Call, request: Mapping[str, str]) -> Answer:
    """Starts a deletion; the rule is gone after a while."""
    record = gateway.require(call, request["gatewayIdentifier"])
    rule = _require(record, request["ruleId"])
    _require_settled(rule)
    _begin(call, rule, "DELETING", None)
    return {"ruleId": rule.rule_id, "status": rule.lifecycle.began_as}


def _document(request: CreateRule | UpdateRule) -> dict[str, Any]:
    return {key: copy.deepcopy(value) for key, value in request.items() if key not in _NOT_DOCUMENT}


def _require(record: GatewayRecord, rule_id: str) -> RuleRecord:
    rule = record.rules.get(rule_id)
    if rule is None:
        raise service_error.not_found(f"Rule with ID {rule_id} not found in gateway {record.gateway_id}")
    return rule


def _require_settled(rule: RuleRecord) -> None:
    require_settled(f"Rule {rule.rule_id}", rule.lifecycle)


def _require_free(record: GatewayRecord, priority: int, rule_id: str) -> None:
    if any(it.document["priority"] == priority and it.rule_id != rule_id for it in record.rules.values()):
        raise service_error.conflict(f"A rule with priority {priority} already exists in gateway {record.gateway_id}")


def _require_valid(record: GatewayRecord, document: RuleDocument) -> None:
    found = [*_problems_of_conditions(record, document.get("conditions", []))]
    for member in ("conditions", "actions"):
        kinds = [next(iter(one)) for one in cast("list[dict[str, Any]]", document.get(member, []))]
        found += [f"{member} must not have more than one {it}" for it in sorted({*kinds}) if kinds.count(it) > 1]
    for action in document["actions"]:
        # Documented of configuration bundles alone.
        split = action.get("configurationBundle", {}).get("weightedOverride", {}).get("trafficSplit")
        if split and sum(it["weight"] for it in split) != 100:
            found.append("Weights of a traffic split must sum to 100")
        for route in _routes(action):
            found += _problems_of_route(record, route)
    if found:
        raise service_error.validation("; ".join(dict.fromkeys(found)))


def _problems_of_conditions(record: GatewayRecord, conditions: list[dict[str, Any]]) -> Iterator[str]:
    for pattern in (it for one in conditions for it in one.get("matchPaths", {}).get("anyOf", ())):
        name = pattern.split("/")[1]
        target = record.target_named(name)
        if name in _RESERVED:
            yield f"Path pattern {pattern} is reserved"
        elif target is None or not kind_of(target.document["targetConfiguration"]).startswith("http."):
            yield f"Path pattern {pattern} must name an HTTP target of the gateway"
        elif target.lifecycle.status != "READY":
            yield f"Target {name} of path pattern {pattern} is {target.lifecycle.status}, not READY"


def _problems_of_route(record: GatewayRecord, route: dict[str, Any]) -> Iterator[str]:
    chain = route.get("fallback", {}).get("targetFallback", [])
    if len({(it["targetName"], it.get("model")) for it in (route, *chain)}) <= len(chain):
        yield "Each combination of target and model can appear only once in a fallback chain"
    for one in (route, *chain):
        name = one["targetName"]
        target = record.target_named(name)
        family = kind_of(target.document["targetConfiguration"]).split(".")[0] if target else None
        if family is None:
            yield f"Target {name} does not exist in gateway {record.gateway_id}"
        elif family == "mcp":
            yield f"Target {name} is an MCP target; rules route to HTTP and inference targets"
        elif family != "inference" and (chain or "model" in one):
            yield f"Target {name} is not an inference target: it cannot have a model or a fallback"


def _routes(action: dict[str, Any]) -> Iterator[dict[str, Any]]:
    route = action.get("routeToTarget", {})
    if "staticRoute" in route:
        yield route["staticRoute"]
    yield from route.get("weightedRoute", {}).get("trafficSplit", [])


def _begin(call: Call, rule: RuleRecord, status: str, end: str | None) -> None:
    # A rule has no status in which it failed.
    rule.lifecycle.begin(status, seconds=call.settings.seconds_until_ready("rule"), ends_as=end, reasons=[])


def _describe(record: GatewayRecord, rule: RuleRecord) -> Answer:
    return {
        "conditions": [],
        **rule.document,
        "ruleId": rule.rule_id,
        "gatewayArn": record.arn,
        "status": rule.lifecycle.status,
        "createdAt": rule.created_at,
        "updatedAt": rule.updated_at,
    }


def _describe_begun(record: GatewayRecord, rule: RuleRecord) -> Answer:
    return {**_describe(record, rule), "status": rule.lifecycle.began_as}
