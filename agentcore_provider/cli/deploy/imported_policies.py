"""The policy engine of a gateway with its policies, as a stack file has them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agentcore_provider.documents.json_types import JsonDict, JsonObject

_GATEWAY = re.compile(r'AgentCore::Gateway\s*::\s*"([^"]*)"')
_OF_THE_ENGINE = ("name", "description", "encryption_key_arn", "tags")


def described(found: JsonObject) -> JsonDict:
    """The keys of a gateway for its engine and policies, as they are in AWS.

    found: the gateway, with its policy_engine and policies. Of an engine whose policies name other gateways, AWS's document
    that names the engine alone: one stack would take it from the others.
    """
    engine, policies, configuration = (found[it] for it in ("policy_engine", "policies", "policy_engine_configuration"))
    named = {arn for it in policies for arn in _GATEWAY.findall(_statement(it))}
    if named - {found["gateway_arn"]}:
        return {"policy_engine_configuration": configuration}
    own = {it: engine[it] for it in _OF_THE_ENGINE if engine.get(it)}
    mode = configuration.get("mode")
    return {
        "policy_engine": {**own, "adopt": True},
        **({"policy_mode": mode} if mode != "ENFORCE" else {}),
        "policies": {_key(str(it["name"])): _policy(it) for it in policies},
    }


def _policy(found: JsonObject) -> JsonDict:
    statement = _statement(found) if "cedar" in found["definition"] else ""
    described = {it: found[it] for it in ("name", "description") if found.get(it)}
    described |= {"statement": statement} if statement else {"definition": found["definition"]}
    # AWS does not keep whether its findings were ignored, and has accepted the policy.
    described |= {"validation_mode": "IGNORE_ALL_FINDINGS", "adopt": True}
    mode = found.get("enforcement_mode")
    return described | ({"enforcement_mode": mode} if mode not in (None, "ACTIVE") else {})


def _statement(found: JsonObject) -> str:
    content = next(iter(found["definition"].values()), None)
    return str(content.get("statement") or "") if isinstance(content, Mapping) else ""


def _key(name: str) -> str:
    """The key of a policy: names in AWS have underscores, keys have single hyphens."""
    return re.sub(r"_+", "-", name).strip("-")
