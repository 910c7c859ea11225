"""CreateRegistry, GetRegistry, ListRegistries, UpdateRegistry, DeleteRegistry of AWS Agent Registry.

Documented (API reference, devguide registry): names are unique; creates, updates and deletes take their time; a delete removes
the records; the type of authorizer and the key stay. Assumed: the texts of the errors. Nothing is detected here.
"""

from __future__ import annotations

import copy
import secrets
import string
from collections.abc import Mapping
from typing import Any

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control import registry_patch, tags
from agentcore_provider.local.agentcore_control.call import Answer, Call
from agentcore_provider.local.agentcore_control.page import age_key, page
from agentcore_provider.local.agentcore_control.settled import require_settled
from agentcore_provider.local.store import Registry, now
from agentcore_provider.local.store.lifecycle import Lifecycle

_ENDS = {
    "CREATING": ("READY", "CREATE_FAILED"),
    "UPDATING": ("READY", "UPDATE_FAILED"),
    "DELETING": (None, "DELETE_FAILED"),
}
_NOT_KEPT = ("tags", "clientToken", "registryId")
_SUMMARY = ("name", "description", "registryId", "registryArn", "discoveryConfiguration", "status", "statusReason")


def create(call: Call, request: Mapping[str, Any]) -> Answer:
    """Starts a registry; READY after a while."""
    _require_free(call, request["name"], None)
    registry_id, created_at = unique_id(16), now()
    document = {member: copy.deepcopy(it) for member, it in request.items() if member not in _NOT_KEPT}
    document.setdefault("discoveryConfiguration", {}).setdefault("authorizerType", "AWS_IAM")
    _require_authorizer(document)
    store = call.store
    arn = f"arn:{store.partition}:agent-registry:{store.region}:{store.account_id}:registry/{registry_id}"
    registry = Registry(registry_id, arn, document, Lifecycle(call.settings.monotonic), created_at, created_at)
    tags.start(store, arn, request.get("tags") or {})
    _begin(call, registry, "CREATING")
    store.registries[registry_id] = registry
    return {"registryArn": arn}


def get(call: Call, request: Mapping[str, str]) -> Answer:
    """One registry."""
    return _describe(require(call, request["registryId"]))


def list_(call: Call, request: Mapping[str, Any]) -> Answer:
    """The registries that all filters accept."""
    found = [it for it in call.store.registries.values() if _matches(it, request.get("filters") or ())]
    keyed = [(age_key(it.created_at, it.registry_id), it) for it in found]
    items, following = page(keyed, request.get("maxResults"), request.get("nextToken"))
    kept = (*_SUMMARY, "createdAt", "updatedAt")
    summaries = [{name: it for name, it in _describe(one).items() if name in kept} for one in items]
    return {"registries": summaries, "nextToken": following}


def update(call: Call, request: Mapping[str, Any]) -> Answer:
    """Changes what the request has; the rest stays."""
    registry = require(call, request["registryId"])
    require_settled(f"Registry {registry.registry_id}", registry.lifecycle)
    changes = {name: copy.deepcopy(it) for name, it in request.items() if name not in _NOT_KEPT}
    document = registry_patch.apply("UpdateRegistry", registry.document, changes)
    _require_free(call, document["name"], registry)
    _require_authorizer(document)
    registry.document, registry.updated_at = document, now()
    _begin(call, registry, "UPDATING")
    return {**_describe(registry), "status": "UPDATING", "statusReason": None}


def delete(call: Call, request: Mapping[str, str]) -> Answer:
    """Starts a deletion; the registry and its records are gone after a while."""
    registry = require(call, request["registryId"])
    require_settled(f"Registry {registry.registry_id}", registry.lifecycle)
    _begin(call, registry, "DELETING")
    return {"status": "DELETING"}


def require(call: Call, identifier: str) -> Registry:
    """The registry of an id or ARN. Raises ResourceNotFoundException."""
    registry_id = identifier.rpartition("/")[2]
    found = call.store.registries.get(registry_id)
    if found is None:
        raise service_error.not_found(f"Registry {registry_id} not found")
    return found


def unique_id(length: int) -> str:
    """Random letters and digits."""
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(length))


def _require_free(call: Call, name: str, of: Registry | None) -> None:
    if any(it.document["name"] == name and it is not of for it in call.store.registries.values()):
        raise service_error.conflict(f"A registry with name {name} already exists")


def _require_authorizer(document: Mapping[str, Any]) -> None:
    discovery = document["discoveryConfiguration"]
    if (discovery["authorizerType"] == "CUSTOM_JWT") != ("authorizerConfiguration" in discovery):
        raise service_error.validation(
            "authorizerConfiguration is for the authorizer type CUSTOM_JWT, which requires it"
        )


def _matches(registry: Registry, filters: Any) -> bool:
    values = {
        "status": registry.lifecycle.status,
        "discoveryConfiguration.authorizerType": registry.document["discoveryConfiguration"]["authorizerType"],
    }
    return all(values[it["name"]] in it["values"] for it in filters)


def _begin(call: Call, registry: Registry, status: str) -> None:
    succeeded, failed = _ENDS[status]
    registry.lifecycle.begin(
        status,
        seconds=call.settings.seconds_until_ready("registry"),
        ends_as=failed if call.fail_with else succeeded,
        reasons=[call.fail_with] if call.fail_with else [],
    )


def _describe(registry: Registry) -> dict[str, Any]:
    detection = registry.document.get("autoDetectionConfiguration")
    inactive = {"configuration": detection, "status": "INACTIVE", "statusReason": "Local AWS detects nothing"}
    return {
        **registry.document,
        "autoDetection": inactive if detection else None,
        "registryId": registry.registry_id,
        "registryArn": registry.arn,
        "status": registry.lifecycle.status,
        "statusReason": "; ".join(registry.lifecycle.reasons) or None,
        "createdAt": registry.created_at,
        "updatedAt": registry.updated_at,
    }
