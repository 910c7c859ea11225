"""CreateGatewayRateLimit, BatchPutGatewayRateLimits, GetGatewayRateLimit, ListGatewayRateLimits, UpdateGatewayRateLimit,
DeleteGatewayRateLimit.

Documented (devguide gateway-rate-limits and its pages on dimensions and metrics, AWS blog of 2026-08-06): no two limits of
a gateway have the same dimension keys, in whatever order; an entry has a value for each of them; `*` only at the end;
tokens per minute, connections per second; what callers write themselves only beside who they are; 50 limits. Observed by
others: no key twice, at least one rate in an entry. Assumed: a batch changes the limits that have the same dimension keys
and leaves all others as they are, since the page on best practices calls it an upsert; an update leaves a description that
is left out as it is; a gateway is deleted with its limits.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control import client_token, gateway
from agentcore_provider.local.agentcore_control.call import Answer, Call
from agentcore_provider.local.agentcore_control.page import age_key, page
from agentcore_provider.local.agentcore_control.settled import require_settled
from agentcore_provider.local.store import GatewayRecord, RateLimitRecord, new_id, now
from agentcore_provider.local.store.lifecycle import Lifecycle

if TYPE_CHECKING:
    from agentcore_provider.local.store.documents import (
        BatchPutRateLimits,
        CreateRateLimit,
        PutRateLimit,
        UpdateRateLimit,
    )

_MOST = 50
_MEMBERS = ("description", "dimensionKeys", "entries")
_PERIODS = {"requests": ("second", "minute"), "tokens": ("minute",), "connections": ("second",)}
_WRITTEN_BY_CALLERS = "$.context.request."
_VERIFIED = ("$.context.jwt.", "$.context.iam.")


def create(call: Call, request: CreateRateLimit) -> Answer:
    """Starts a limit; ACTIVE after a while."""
    record = gateway.require(call, request["gatewayIdentifier"])
    if before := client_token.created_before(call, request, record.rate_limits.get):
        return _describe(record, before)
    gateway.require_settled(record)
    _require_valid(request)
    limit_id = request.get("rateLimitId") or new_id()
    if limit_id in record.rate_limits:
        raise service_error.conflict(f"Rate limit {limit_id} already exists in gateway {record.gateway_id}")
    if (other := _with_keys(record, request)) is not None:
        raise service_error.conflict(
            f"Rate limit {other.limit_id} of gateway {record.gateway_id} has the same dimension keys"
        )
    _require_room(record, 1)
    made = _add(call, record, limit_id, request)
    client_token.remember(call, request, limit_id)
    return _describe_begun(record, made)


def batch_put(call: Call, request: BatchPutRateLimits) -> Answer:
    """Updates the limits that exist and creates the others: all of them, or none after an error."""
    record = gateway.require(call, request["gatewayIdentifier"])
    gateway.require_settled(record)
    wanted = request["rateLimits"]
    found = [_existing(record, one) for one in wanted]
    for one, existing in zip(wanted, found, strict=True):
        _require_valid(one)
        if existing is None:
            continue
        _require_settled(existing)
        if _keys(existing.document) != _keys(one):
            raise service_error.validation(f"The dimension keys of rate limit {existing.limit_id} cannot be changed")
    scopes = [frozenset(one["dimensionKeys"]) for one in wanted]
    if len(set(scopes)) < len(scopes):
        raise service_error.validation("Each combination of dimension keys can appear only once")
    _require_room(record, found.count(None))
    made = [
        _add(call, record, one.get("rateLimitId") or new_id(), one)
        if existing is None
        else _change(call, existing, {"description": one.get("description", ""), "entries": one["entries"]})
        for one, existing in zip(wanted, found, strict=True)
    ]
    return {"rateLimits": [_describe_begun(record, it) for it in made]}


def get(call: Call, request: Mapping[str, str]) -> Answer:
    """One limit."""
    record = gateway.require(call, request["gatewayIdentifier"])
    return _describe(record, _require(record, request["rateLimitId"]))


def list_(call: Call, request: Mapping[str, Any]) -> Answer:
    """A gateway's limits."""
    record = gateway.require(call, request["gatewayIdentifier"])
    items, following = page(
        [(age_key(limit.created_at, key), limit) for key, limit in record.rate_limits.items()],
        request.get("maxResults"),
        request.get("nextToken"),
    )
    return {"rateLimits": [_describe(record, it) for it in items], "nextToken": following}


def update(call: Call, request: UpdateRateLimit) -> Answer:
    """Changes the entries, and the description if it is there."""
    record = gateway.require(call, request["gatewayIdentifier"])
    limit = _require(record, request["rateLimitId"])
    _require_settled(limit)
    members = {it: value for it, value in request.items() if it in ("description", "entries")}
    _require_valid({**limit.document, **members})
    return _describe_begun(record, _change(call, limit, members))


def delete(call: Call, request: Mapping[str, str]) -> Answer:
    """Starts a deletion; the limit is gone after a while."""
    record = gateway.require(call, request["gatewayIdentifier"])
    limit = _require(record, request["rateLimitId"])
    _require_settled(limit)
    _begin(call, limit, "DELETING", None)
    return {"rateLimitId": limit.limit_id, "status": limit.lifecycle.began_as}


def _add(call: Call, record: GatewayRecord, limit_id: str, request: CreateRateLimit | PutRateLimit) -> RateLimitRecord:
    document = copy.deepcopy({it: value for it, value in request.items() if it in _MEMBERS})
    time = now()
    made = RateLimitRecord(limit_id, cast("Any", document), Lifecycle(call.settings.monotonic), time, time)
    _begin(call, made, "CREATING", "ACTIVE")
    record.rate_limits[limit_id] = made
    return made


def _change(call: Call, limit: RateLimitRecord, members: Mapping[str, Any]) -> RateLimitRecord:
    # Until the update has arrived the one before it stays in effect.
    limit.document_before = limit.document
    limit.document, limit.updated_at = cast("Any", {**limit.document, **copy.deepcopy(dict(members))}), now()
    _begin(call, limit, "UPDATING", "ACTIVE")
    return limit


def _require(record: GatewayRecord, limit_id: str) -> RateLimitRecord:
    limit = record.rate_limits.get(limit_id)
    if limit is None:
        raise service_error.not_found(f"Rate limit {limit_id} not found in gateway {record.gateway_id}")
    return limit


def _require_settled(limit: RateLimitRecord) -> None:
    require_settled(f"Rate limit {limit.limit_id}", limit.lifecycle)


def _require_room(record: GatewayRecord, more: int) -> None:
    if len(record.rate_limits) + more > _MOST:
        raise service_error.over_quota(f"Gateway {record.gateway_id} cannot have more than {_MOST} rate limits")


def _existing(record: GatewayRecord, one: PutRateLimit) -> RateLimitRecord | None:
    found = record.rate_limits.get(one.get("rateLimitId", ""))
    return found or _with_keys(record, one)


def _with_keys(record: GatewayRecord, one: Mapping[str, Any]) -> RateLimitRecord | None:
    wanted = {*one["dimensionKeys"]}
    return next((it for it in record.rate_limits.values() if {*it.document["dimensionKeys"]} == wanted), None)


def _keys(document: Mapping[str, Any]) -> list[str]:
    return [*document["dimensionKeys"]]


def _require_valid(document: Mapping[str, Any]) -> None:
    keys = _keys(document)
    found = [*_problems_of_keys(keys)]
    for index, entry in enumerate(document["entries"]):
        found += [f"entries[{index}]: {it}" for it in _problems_of_entry(keys, entry)]
    if found:
        raise service_error.validation("; ".join(dict.fromkeys(found)))


def _problems_of_keys(keys: list[str]) -> Iterator[str]:
    if len({*keys}) < len(keys):
        yield "dimensionKeys must not contain a key twice"
    written = [it for it in keys if it.startswith(_WRITTEN_BY_CALLERS)]
    if written and not any(it.startswith(_VERIFIED) for it in keys):
        yield f"dimensionKeys with {written[0]} must also contain a key of $.context.jwt or $.context.iam"


def _problems_of_entry(keys: list[str], entry: Mapping[str, Any]) -> Iterator[str]:
    dimensions = entry["dimensions"]
    if {*dimensions} != {*keys}:
        yield f"dimensions must have exactly the keys {', '.join(keys)}"
        return
    values = [dimensions[it] for it in keys]
    if "*" in values and any(it != "*" for it in values[values.index("*") :]):
        yield "* is allowed only in trailing positions, by the order of dimensionKeys"
    rates = {it: entry[it] for it in _PERIODS if it in entry}
    if not rates:
        yield "at least one of requests, tokens and connections is required"
    for metric, configured in rates.items():
        if (period := configured[0]["period"]) not in _PERIODS[metric]:
            yield f"period {period} is not supported for {metric}; use {' or '.join(_PERIODS[metric])}"


def _begin(call: Call, limit: RateLimitRecord, status: str, end: str | None) -> None:
    # A rate limit has no status in which it failed.
    limit.lifecycle.begin(status, seconds=call.settings.seconds_until_ready("rate-limit"), ends_as=end, reasons=[])


def _describe(record: GatewayRecord, limit: RateLimitRecord) -> Answer:
    return {
        **limit.document,
        "description": limit.document.get("description") or None,
        "rateLimitId": limit.limit_id,
        "gatewayIdentifier": record.gateway_id,
        "status": limit.lifecycle.status,
        "createdAt": limit.created_at,
        "updatedAt": limit.updated_at,
    }


def _describe_begun(record: GatewayRecord, limit: RateLimitRecord) -> Answer:
    return {**_describe(record, limit), "status": limit.lifecycle.began_as}
