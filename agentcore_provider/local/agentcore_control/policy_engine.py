"""CreatePolicyEngine, GetPolicyEngine, ListPolicyEngines, UpdatePolicyEngine, DeletePolicyEngine, and their summaries.

Documented (API reference, devguide policy-limits): names are unique in the account, an account has 1,000 engines at most, and
an engine with policies cannot be deleted. Assumed: nor one that a gateway uses.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control import client_token, settled, tags
from agentcore_provider.local.agentcore_control.call import Answer, Call
from agentcore_provider.local.agentcore_control.page import age_key, page
from agentcore_provider.local.store import GatewayRecord, PolicyEngineRecord, new_id, now
from agentcore_provider.local.store.lifecycle import Lifecycle

if TYPE_CHECKING:
    from agentcore_provider.local.store.documents import (
        CreatePolicyEngine,
        OptionalText,
        PolicyDocument,
        PolicyEngineDocument,
        UpdatePolicyEngine,
    )

PAGE_SIZE = 10
_MOST_ENGINES = 1000
_NOT_DOCUMENT = ("clientToken", "tags")
_ENDS = {
    "CREATING": ("ACTIVE", "CREATE_FAILED"),
    "UPDATING": ("ACTIVE", "UPDATE_FAILED"),
    "DELETING": (None, "DELETE_FAILED"),
}
_NOT_SUMMARY = ("description", "statusReasons")


def create(call: Call, request: CreatePolicyEngine) -> Answer:
    """Starts an engine; ACTIVE after a while."""
    engines = call.store.policy_engines
    if before := client_token.created_before(call, request, engines.get):
        return _describe(before)
    name = request["name"]
    if any(engine.document["name"] == name for engine in engines.values()):
        raise service_error.conflict(f"A policy engine with name {name} already exists")
    if len(engines) >= _MOST_ENGINES:
        raise service_error.over_quota(f"The account has {_MOST_ENGINES} policy engines, as many as it may have")
    engine_id, created_at = f"{name}-{new_id()}", now()
    engine = PolicyEngineRecord(
        engine_id=engine_id,
        arn=call.store.arn(f"policy-engine/{engine_id}"),
        document=cast("PolicyEngineDocument", {k: v for k, v in request.items() if k not in _NOT_DOCUMENT}),
        lifecycle=Lifecycle(call.settings.monotonic),
        created_at=created_at,
        updated_at=created_at,
    )
    tags.start(call.store, engine.arn, request.get("tags", {}))
    begin(call, engine.lifecycle, "CREATING")
    engines[engine_id] = engine
    client_token.remember(call, request, engine_id)
    return _describe_begun(engine)


def get(call: Call, request: Mapping[str, str]) -> Answer:
    """One engine."""
    return _describe(require(call, request["policyEngineId"]))


def get_summary(call: Call, request: Mapping[str, str]) -> Answer:
    """One engine, without what its key encrypts."""
    return _summarize(require(call, request["policyEngineId"]))


def list_(call: Call, request: Mapping[str, Any]) -> Answer:
    """All engines."""
    items, following = _page(call, request)
    return {"policyEngines": [_describe(engine) for engine in items], "nextToken": following}


def list_summaries(call: Call, request: Mapping[str, Any]) -> Answer:
    """All engines, without what their keys encrypt."""
    items, following = _page(call, request)
    return {"policyEngines": [_summarize(engine) for engine in items], "nextToken": following}


def update(call: Call, request: UpdatePolicyEngine) -> Answer:
    """Changes the description."""
    engine = require(call, request["policyEngineId"])
    require_settled(engine)
    engine.document = with_description(engine.document, request.get("description"))
    engine.updated_at = now()
    begin(call, engine.lifecycle, "UPDATING")
    return _describe_begun(engine)


def delete(call: Call, request: Mapping[str, str]) -> Answer:
    """Starts a deletion; the engine is gone after a while."""
    engine = require(call, request["policyEngineId"])
    require_settled(engine)
    if engine.policies:
        raise service_error.conflict(
            f"Policy engine {engine.engine_id} has policies. Delete all policies before deleting the policy engine."
        )
    if users := sorted(it.gateway_id for it in call.store.gateways.values() if uses(it, engine)):
        raise service_error.conflict(
            f"Policy engine {engine.engine_id} is associated with gateways: {', '.join(users)}. Remove it from them "
            "before deleting it."
        )
    begin(call, engine.lifecycle, "DELETING")
    return _describe_begun(engine)


def require(call: Call, engine_id: str) -> PolicyEngineRecord:
    """The engine of this id. Raises ResourceNotFoundException."""
    engine = call.store.policy_engines.get(engine_id)
    if engine is None:
        raise service_error.not_found(f"Policy engine {engine_id} not found")
    return engine


def require_usable(call: Call, arn: str) -> None:
    """A gateway may use the engine of this ARN. Raises ValidationException or ConflictException."""
    engine = next((it for it in call.store.policy_engines.values() if it.arn == arn), None)
    if engine is None:
        raise service_error.validation(f"Policy engine {arn} does not exist")
    require_settled(engine)
    if engine.lifecycle.status == "CREATE_FAILED":
        raise service_error.validation(f"Policy engine {engine.engine_id} is CREATE_FAILED")


def require_settled(engine: PolicyEngineRecord) -> None:
    """Raises ConflictException while an operation on the engine goes on."""
    settled.require_settled(f"Policy engine {engine.engine_id}", engine.lifecycle)


def uses(gateway: GatewayRecord, engine: PolicyEngineRecord) -> bool:
    """Whether the engine decides the calls of a gateway."""
    return bool(gateway.document.get("policyEngineConfiguration", {}).get("arn") == engine.arn)


def begin(call: Call, lifecycle: Lifecycle, status: str, *, reasons: list[str] | None = None) -> None:
    """Starts an operation on an engine or a policy. reasons: why it will fail; none if it succeeds."""
    found = [call.fail_with] if call.fail_with else reasons or []
    succeeded, failed = _ENDS[status]
    lifecycle.begin(
        status,
        seconds=call.settings.seconds_until_ready("policy"),
        ends_as=failed if found else succeeded,
        reasons=found,
    )


def with_description(
    document: PolicyEngineDocument | PolicyDocument, description: OptionalText | None
) -> Any:  # a document of the same shape
    """A copy of a document with the description of an update: none there leaves it, an empty one clears it."""
    if description is None:
        return {**document}
    rest = {key: value for key, value in document.items() if key != "description"}
    return {**rest, "description": description["optionalValue"]} if "optionalValue" in description else rest


def _page(call: Call, request: Mapping[str, Any]) -> tuple[list[PolicyEngineRecord], str | None]:
    keyed = [(age_key(engine.created_at, key), engine) for key, engine in call.store.policy_engines.items()]
    return page(keyed, request.get("maxResults", PAGE_SIZE), request.get("nextToken"))


def _describe(engine: PolicyEngineRecord) -> dict[str, object]:
    return {
        **engine.document,
        "policyEngineId": engine.engine_id,
        "policyEngineArn": engine.arn,
        "createdAt": engine.created_at,
        "updatedAt": engine.updated_at,
        "status": engine.lifecycle.status,
        "statusReasons": engine.lifecycle.reasons,
    }


def _describe_begun(engine: PolicyEngineRecord) -> Answer:
    return {**_describe(engine), "status": engine.lifecycle.began_as, "statusReasons": []}


def _summarize(engine: PolicyEngineRecord) -> Answer:
    return {key: value for key, value in _describe(engine).items() if key not in _NOT_SUMMARY}
