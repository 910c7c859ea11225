"""CreatePolicy, GetPolicy, ListPolicies, UpdatePolicy, DeletePolicy, and their summaries.

Documented (API reference, devguide policy-limits, policy-create-update-validation): names are unique in the account, an
engine has 1,000 policies at most, and a policy that does not fit the tools is accepted and ends as CREATE_FAILED or
UPDATE_FAILED with the reasons. Assumed: after UPDATE_FAILED the former definition stays in effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control import (
    client_token,
    policy_engine,
    policy_generation,
    policy_validation,
)
from agentcore_provider.local.agentcore_control.call import Answer, Call
from agentcore_provider.local.agentcore_control.page import age_key, page
from agentcore_provider.local.agentcore_control.settled import require_settled
from agentcore_provider.local.store import PolicyEngineRecord, PolicyRecord, new_id, now
from agentcore_provider.local.store.lifecycle import Lifecycle

if TYPE_CHECKING:
    from agentcore_provider.local.store.documents import CreatePolicy, PolicyDocument, UpdatePolicy

_MOST_POLICIES = 1000
_NOT_DOCUMENT = ("clientToken", "policyEngineId", "validationMode")
_NOT_SUMMARY = ("definition", "description", "statusReasons")


def create(call: Call, request: CreatePolicy) -> Answer:
    """Starts a policy; ACTIVE after a while, or CREATE_FAILED with the reasons."""
    engine = policy_engine.require(call, request["policyEngineId"])
    if before := client_token.created_before(call, request, engine.policies.get):
        return _describe(engine, before)
    policy_engine.require_settled(engine)
    name = request["name"]
    if any(it.document["name"] == name for one in call.store.policy_engines.values() for it in one.policies.values()):
        raise service_error.conflict(f"A policy with name {name} already exists")
    if len(engine.policies) >= _MOST_POLICIES:
        raise service_error.over_quota(
            f"Policy engine {engine.engine_id} has {_MOST_POLICIES} policies, as many as it may"
        )
    document = {key: value for key, value in request.items() if key not in _NOT_DOCUMENT}
    document["definition"] = _definition(engine, request["definition"])
    policy_id, created_at = f"{name}-{new_id()}", now()
    policy = PolicyRecord(
        policy_id=policy_id,
        arn=f"{engine.arn}/policy/{policy_id}",
        document=cast("PolicyDocument", document),
        lifecycle=Lifecycle(call.settings.monotonic),
        created_at=created_at,
        updated_at=created_at,
    )
    found = policy_validation.problems(
        call, engine, policy_validation.statement_of(policy.document), request.get("validationMode")
    )
    policy_engine.begin(call, policy.lifecycle, "CREATING", reasons=found)
    engine.policies[policy_id] = policy
    client_token.remember(call, request, policy_id)
    return _describe_begun(engine, policy)


def get(call: Call, request: Mapping[str, str]) -> Answer:
    """One policy."""
    return _describe(*_require(call, request))


def get_summary(call: Call, request: Mapping[str, str]) -> Answer:
    """One policy, without what the engine's key encrypts."""
    return _summarize(*_require(call, request))


def list_(call: Call, request: Mapping[str, Any]) -> Answer:
    """An engine's policies."""
    engine, items, following = _page(call, request)
    return {"policies": [_describe(engine, policy) for policy in items], "nextToken": following}


def list_summaries(call: Call, request: Mapping[str, Any]) -> Answer:
    """An engine's policies, without what its key encrypts."""
    engine, items, following = _page(call, request)
    return {"policies": [_summarize(engine, policy) for policy in items], "nextToken": following}


def update(call: Call, request: UpdatePolicy) -> Answer:
    """Changes the members that are there."""
    engine, policy = _require(call, request)
    policy_engine.require_settled(engine)
    _require_settled(policy)
    document = cast("PolicyDocument", policy_engine.with_description(policy.document, request.get("description")))
    if "enforcementMode" in request:
        document["enforcementMode"] = request["enforcementMode"]
    found: list[str] = []
    if "definition" in request:
        document["definition"] = _definition(engine, request["definition"])
        mode = request.get("validationMode")
        found = policy_validation.problems(call, engine, policy_validation.statement_of(document), mode, changed=policy)
    if not found and not call.fail_with:
        policy.document = document
    policy.updated_at = now()
    policy_engine.begin(call, policy.lifecycle, "UPDATING", reasons=found)
    return {**_describe_begun(engine, policy), **document}


def delete(call: Call, request: Mapping[str, str]) -> Answer:
    """Starts a deletion; the policy is gone after a while."""
    engine, policy = _require(call, request)
    policy_engine.require_settled(engine)
    _require_settled(policy)
    policy_engine.begin(call, policy.lifecycle, "DELETING")
    return _describe_begun(engine, policy)


def _definition(engine: PolicyEngineRecord, definition: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    generated = definition.get("policyGeneration")
    return definition if generated is None else policy_generation.definition_of(engine, generated)


def _require(call: Call, request: Mapping[str, Any]) -> tuple[PolicyEngineRecord, PolicyRecord]:
    engine = policy_engine.require(call, request["policyEngineId"])
    policy = engine.policies.get(request["policyId"])
    if policy is None:
        raise service_error.not_found(f"Policy {request['policyId']} not found in policy engine {engine.engine_id}")
    return engine, policy


def _require_settled(policy: PolicyRecord) -> None:
    require_settled(f"Policy {policy.policy_id}", policy.lifecycle)


def _page(call: Call, request: Mapping[str, Any]) -> tuple[PolicyEngineRecord, list[PolicyRecord], str | None]:
    engine = policy_engine.require(call, request["policyEngineId"])
    scope = request.get("targetResourceScope")
    found = [
        (age_key(policy.created_at, key), policy)
        for key, policy in engine.policies.items()
        if scope is None or f'"{scope}"' in policy_validation.statement_of(policy.document)
    ]
    return engine, *page(found, request.get("maxResults", policy_engine.PAGE_SIZE), request.get("nextToken"))


def _describe(engine: PolicyEngineRecord, policy: PolicyRecord) -> dict[str, object]:
    return {
        "enforcementMode": "ACTIVE",
        **policy.document,
        "policyId": policy.policy_id,
        "policyEngineId": engine.engine_id,
        "policyArn": policy.arn,
        "createdAt": policy.created_at,
        "updatedAt": policy.updated_at,
        "status": policy.lifecycle.status,
        "statusReasons": policy.lifecycle.reasons,
    }


def _describe_begun(engine: PolicyEngineRecord, policy: PolicyRecord) -> Answer:
    return {**_describe(engine, policy), "status": policy.lifecycle.began_as, "statusReasons": []}


def _summarize(engine: PolicyEngineRecord, policy: PolicyRecord) -> Answer:
    return {key: value for key, value in _describe(engine, policy).items() if key not in _NOT_SUMMARY}
