"""StartPolicyGeneration, GetPolicyGeneration, ListPolicyGenerations, ListPolicyGenerationAssets, and their summaries.

The service generates with a language model; local AWS has none. A text that is a Cedar policy itself is its own translation:
the asset is that policy, so a program that generates and creates policies runs to its end offline. Any other text gets an
asset without a definition and the finding NOT_TRANSLATABLE. Assets are kept for as long as their engine, not for 7 days.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control import client_token, policy_engine
from agentcore_provider.local.agentcore_control.call import Answer, Call
from agentcore_provider.local.agentcore_control.page import age_key, page
from agentcore_provider.local.store import GenerationRecord, PolicyEngineRecord, new_id, now
from agentcore_provider.local.store.lifecycle import Lifecycle

if TYPE_CHECKING:
    from agentcore_provider.local.store.documents import StartGeneration

_CEDAR = re.compile(r"(permit|forbid)\s*\(.*\).*;", re.DOTALL)
_SHORTEST_STATEMENT = 35
_NO_MODEL = (
    "Local AWS has no language model and does not translate text into policies. Generate the policy on AWS, or write "
    "it in Cedar: a Cedar policy as the text is returned as it is."
)
_AS_WRITTEN = "The text is a Cedar policy: local AWS returns it as it is, and validates it in CreatePolicy."


def start(call: Call, request: StartGeneration) -> Answer:
    """Starts a generation; GENERATED after a while."""
    engine = policy_engine.require(call, request["policyEngineId"])
    if before := client_token.created_before(call, request, engine.generations.get):
        return _describe(engine, before)
    policy_engine.require_settled(engine)
    _require_gateway(call, request["resource"]["arn"])
    generation_id, created_at = f"{request['name']}-{new_id()}", now()
    generation = GenerationRecord(
        generation_id=generation_id,
        arn=f"{engine.arn}/policy-generation/{generation_id}",
        request=request,
        asset_id=f"asset-{new_id()}",
        lifecycle=Lifecycle(call.settings.monotonic),
        created_at=created_at,
        updated_at=created_at,
    )
    reasons = [call.fail_with] if call.fail_with else []
    generation.lifecycle.begin(
        "GENERATING",
        seconds=call.settings.seconds_until_ready("policy"),
        ends_as="GENERATE_FAILED" if reasons else "GENERATED",
        reasons=reasons,
    )
    engine.generations[generation_id] = generation
    client_token.remember(call, request, generation_id)
    return {**_describe(engine, generation), "status": generation.lifecycle.began_as, "statusReasons": []}


def get(call: Call, request: Mapping[str, str]) -> Answer:
    """One generation."""
    return _describe(*_require(call, request))


def get_summary(call: Call, request: Mapping[str, str]) -> Answer:
    """One generation, without what the engine's key encrypts."""
    return _summarize(*_require(call, request))


def list_(call: Call, request: Mapping[str, Any]) -> Answer:
    """An engine's generations."""
    engine, items, following = _page(call, request)
    return {"policyGenerations": [_describe(engine, it) for it in items], "nextToken": following}


def list_summaries(call: Call, request: Mapping[str, Any]) -> Answer:
    """An engine's generations, without what its key encrypts."""
    engine, items, following = _page(call, request)
    return {"policyGenerations": [_summarize(engine, it) for it in items], "nextToken": following}


def list_assets(call: Call, request: Mapping[str, Any]) -> Answer:
    """What a generation made: one asset once it is GENERATED."""
    _, generation = _require(call, request)
    assets = [(generation.asset_id, _asset(generation))] if generation.lifecycle.status == "GENERATED" else []
    items, following = page(assets, request.get("maxResults", policy_engine.PAGE_SIZE), request.get("nextToken"))
    return {"policyGenerationAssets": items, "nextToken": following}


def definition_of(engine: PolicyEngineRecord, generated: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The definition that a policy takes over from an asset. Raises a ServiceError if there is none."""
    generation = engine.generations.get(generated["policyGenerationId"])
    asset_id = generated["policyGenerationAssetId"]
    if generation is None or generation.asset_id != asset_id or generation.lifecycle.status != "GENERATED":
        raise service_error.not_found(
            f"Policy generation asset {asset_id} not found in policy generation {generated['policyGenerationId']}"
        )
    if not _is_cedar(_text(generation)):
        raise service_error.validation(f"Policy generation asset {asset_id} has no policy: {_NO_MODEL}")
    return {"cedar": {"statement": _text(generation)}}


def _asset(generation: GenerationRecord) -> dict[str, object]:
    text = _text(generation)
    finding = ("VALID", _AS_WRITTEN) if _is_cedar(text) else ("NOT_TRANSLATABLE", _NO_MODEL)
    return {
        "policyGenerationAssetId": generation.asset_id,
        "rawTextFragment": text,
        "findings": [{"type": finding[0], "description": finding[1]}],
        "definition": {"cedar": {"statement": text}} if _is_cedar(text) else None,
    }


def _text(generation: GenerationRecord) -> str:
    return generation.request["content"]["rawText"]


def _is_cedar(text: str) -> bool:
    return len(text) >= _SHORTEST_STATEMENT and _CEDAR.fullmatch(text.strip()) is not None


def _require_gateway(call: Call, arn: str) -> None:
    if not any(gateway.arn == arn for gateway in call.store.gateways.values()):
        raise service_error.not_found(f"Gateway {arn} not found")


def _require(call: Call, request: Mapping[str, Any]) -> tuple[PolicyEngineRecord, GenerationRecord]:
    engine = policy_engine.require(call, request["policyEngineId"])
    generation = engine.generations.get(request["policyGenerationId"])
    if generation is None:
        raise service_error.not_found(
            f"Policy generation {request['policyGenerationId']} not found in policy engine {engine.engine_id}"
        )
    return engine, generation


def _page(call: Call, request: Mapping[str, Any]) -> tuple[PolicyEngineRecord, list[GenerationRecord], str | None]:
    engine = policy_engine.require(call, request["policyEngineId"])
    found = [(age_key(it.created_at, key), it) for key, it in engine.generations.items()]
    return engine, *page(found, request.get("maxResults", policy_engine.PAGE_SIZE), request.get("nextToken"))


def _describe(engine: PolicyEngineRecord, generation: GenerationRecord) -> dict[str, object]:
    status, text = generation.lifecycle.status, _text(generation)
    return {
        "policyEngineId": engine.engine_id,
        "policyGenerationId": generation.generation_id,
        "policyGenerationArn": generation.arn,
        "name": generation.request["name"],
        "resource": generation.request["resource"],
        "createdAt": generation.created_at,
        "updatedAt": generation.updated_at,
        "status": status,
        "statusReasons": generation.lifecycle.reasons,
        "findings": (_AS_WRITTEN if _is_cedar(text) else _NO_MODEL) if status == "GENERATED" else None,
    }


def _summarize(engine: PolicyEngineRecord, generation: GenerationRecord) -> Answer:
    return {key: value for key, value in _describe(engine, generation).items() if key != "statusReasons"}
