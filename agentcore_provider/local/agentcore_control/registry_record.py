"""The operations on records of a registry, their approval included.

Documented (devguide registry-record-lifecycle): a change makes a draft, while the approved revision stays discoverable; a draft
is submitted, and approved at once where the registry approves all; curators approve, reject and deprecate, and what is
deprecated stays so. Names are unique in the registry. Assumed: the texts of the errors. Local AWS does not synchronize records
from a URL, and states so as the reason of their failure.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control import registry, registry_patch, tags
from agentcore_provider.local.agentcore_control.call import Answer, Call
from agentcore_provider.local.agentcore_control.page import age_key, page
from agentcore_provider.local.agentcore_control.settled import require_settled
from agentcore_provider.local.store import Registry, RegistryEntry, now
from agentcore_provider.local.store.lifecycle import Lifecycle

_FAILED = {"CREATING": "CREATE_FAILED", "UPDATING": "UPDATE_FAILED"}
_NOT_KEPT = ("tags", "clientToken", "registryId", "recordId")
_SUMMARY = ("registryArn", "recordArn", "recordId", "name", "displayName", "description", "recordType", "recordVersion")
_DECISIONS = {"PENDING_APPROVAL": ("APPROVED", "REJECTED"), "REJECTED": ("APPROVED",), "APPROVED": ("REJECTED",)}
_FIRST_VERSION = "1.0"
# The type of record whose descriptor it is; other descriptors go with more than one type.
_KINDS = {
    "mcpServer": "MCP",
    "a2aAgentCard": "AGENT",
    "agentSkillsDefinition": "SKILL",
    "custom": "CUSTOM",
    "signatureAgentCard": "WEB_BOT",
}


def create(call: Call, request: Mapping[str, Any]) -> Answer:
    """Starts a record; a DRAFT after a while."""
    parent = registry.require(call, request["registryId"])
    require_settled(f"Registry {parent.registry_id}", parent.lifecycle)
    document = {member: copy.deepcopy(it) for member, it in request.items() if member not in _NOT_KEPT}
    document.setdefault("recordVersion", _FIRST_VERSION)
    _require_free(parent, document["name"], None)
    _require_descriptors(document)
    record_id, created_at = registry.unique_id(12), now()
    arn, lifecycle = f"{parent.arn}/record/{record_id}", Lifecycle(call.settings.monotonic)
    entry = RegistryEntry(record_id, arn, document, lifecycle, created_at, created_at, call.store.account_id)
    tags.start(call.store, arn, request.get("tags") or {})
    _begin(call, entry, "CREATING")
    parent.records[record_id] = entry
    return {"recordArn": arn, "status": "CREATING"}


def get(call: Call, request: Mapping[str, str]) -> Answer:
    """One record in its latest revision."""
    return _describe(*_require(call, request))


def list_(call: Call, request: Mapping[str, Any]) -> Answer:
    """The records that all filters accept, in their latest revisions."""
    parent = registry.require(call, request["registryId"])
    found = [it for it in parent.records.values() if _matches(it, request.get("filters") or ())]
    keyed = [(age_key(it.created_at, it.record_id), it) for it in found]
    items, following = page(keyed, request.get("maxResults"), request.get("nextToken"))
    kept = (*_SUMMARY, "status", "createdAt", "updatedAt", "createdBy")
    summaries = [{name: it for name, it in _describe(parent, one).items() if name in kept} for one in items]
    return {"registryRecords": summaries, "nextToken": following}


def update(call: Call, request: Mapping[str, Any]) -> Answer:
    """Makes a draft of what the request changes; the rest stays."""
    parent, entry = _require_changeable(call, request)
    changes = {name: copy.deepcopy(it) for name, it in request.items() if name not in _NOT_KEPT}
    document = registry_patch.apply("UpdateRegistryRecord", entry.document, changes)
    _require_free(parent, document["name"], entry)
    _require_descriptors(document)
    entry.document, entry.updated_at, entry.reason = document, now(), None
    _begin(call, entry, "UPDATING")
    return {**_describe(parent, entry), "status": "UPDATING", "statusReason": None}


def delete(call: Call, request: Mapping[str, str]) -> Answer:
    """Deletes a record."""
    parent, entry = _require(call, request)
    require_settled(f"Registry record {entry.record_id}", entry.lifecycle)
    del parent.records[entry.record_id]
    call.store.tags.pop(entry.arn, None)
    return {}


def submit(call: Call, request: Mapping[str, str]) -> Answer:
    """Submits a draft; approved at once where the registry approves all."""
    parent, entry = _require_changeable(call, request)
    if entry.lifecycle.status != "DRAFT":
        raise service_error.conflict(f"Registry record {entry.record_id} is {entry.lifecycle.status}, not DRAFT")
    rules = parent.document.get("approvalConfiguration", {}).get("autoApprovalRules", ())
    _decide(entry, "APPROVED" if "APPROVE_ALL" in rules else "PENDING_APPROVAL", None)
    return _answer(parent, entry)


def update_status(call: Call, request: Mapping[str, str]) -> Answer:
    """Approves, rejects or deprecates a record."""
    parent, entry = _require_changeable(call, request)
    before, wanted = entry.lifecycle.status, request["status"]
    if wanted != "DEPRECATED" and wanted not in _DECISIONS.get(before, ()):
        raise service_error.conflict(f"Registry record {entry.record_id} is {before} and cannot become {wanted}")
    if wanted == "DEPRECATED" or (wanted == "REJECTED" and before == "APPROVED"):
        entry.approved = None
    _decide(entry, wanted, request["statusReason"])
    return {**_answer(parent, entry), "statusReason": request["statusReason"]}


def summary(parent: Registry, entry: RegistryEntry) -> dict[str, Any]:
    """The approved revision of a record, as those who search get it."""
    found = {**_describe(parent, entry), **(entry.approved or {}), "status": "APPROVED"}
    return {name: it for name, it in found.items() if name not in ("statusReason", "createdBy")}


def _require(call: Call, request: Mapping[str, str]) -> tuple[Registry, RegistryEntry]:
    parent = registry.require(call, request["registryId"])
    record_id = request["recordId"].rpartition("/")[2]
    entry = parent.records.get(record_id)
    if entry is None:
        raise service_error.not_found(f"Registry record {record_id} not found")
    return parent, entry


def _require_changeable(call: Call, request: Mapping[str, str]) -> tuple[Registry, RegistryEntry]:
    parent, entry = _require(call, request)
    require_settled(f"Registry record {entry.record_id}", entry.lifecycle)
    if entry.lifecycle.status == "DEPRECATED":
        raise service_error.conflict(f"Registry record {entry.record_id} is DEPRECATED, which is final")
    return parent, entry


def _require_free(parent: Registry, name: str, of: RegistryEntry | None) -> None:
    if any(it.document["name"] == name and it is not of for it in parent.records.values()):
        raise service_error.conflict(f"A registry record with name {name} already exists in {parent.registry_id}")


def _require_descriptors(document: Mapping[str, Any]) -> None:
    if "provenance" in document:
        raise service_error.validation("provenance is reserved for AWS Agent Registry")
    if len(document.get("descriptors") or {}) != 1:
        raise service_error.validation("descriptors must have exactly one descriptor")
    ((name, descriptor),) = document["descriptors"].items()
    kind = _KINDS.get(name, document["recordType"])
    if document["recordType"] != kind:
        raise service_error.validation(f"descriptors.{name} is for records of the type {kind}")
    for path, data in (
        (f"{name}.data", descriptor.get("data")),
        (f"{name}.additionalData.tools.data", descriptor.get("additionalData", {}).get("tools", {}).get("data")),
    ):
        if data is not None and not _is_object(data):
            raise service_error.validation(f"descriptors.{path} must be the JSON of an object")


def _is_object(data: str) -> bool:
    try:
        return isinstance(json.loads(data), dict)
    except (ValueError, RecursionError):
        return False


def _matches(entry: RegistryEntry, filters: Any) -> bool:
    document = entry.document
    values = {"name": document["name"], "status": entry.lifecycle.status, "recordType": document["recordType"]}
    return all(values[it["name"]] in it["values"] for it in filters)


def _begin(call: Call, entry: RegistryEntry, status: str) -> None:
    (descriptor,) = entry.document["descriptors"].values()
    url = descriptor.get("source", {}).get("fromUrl", {}).get("url")
    reason = call.fail_with or (f"Local AWS does not synchronize records from {url}" if url else None)
    entry.lifecycle.begin(
        status,
        seconds=call.settings.seconds_until_ready("registry"),
        ends_as=_FAILED[status] if reason else "DRAFT",
        reasons=[reason] if reason else [],
    )


def _decide(entry: RegistryEntry, status: str, reason: str | None) -> None:
    entry.lifecycle.begin(status, seconds=0.0, ends_as=status, reasons=[])
    entry.updated_at, entry.reason = now(), reason
    if status == "APPROVED":
        entry.approved = {**copy.deepcopy(entry.document), "updatedAt": entry.updated_at}


def _describe(parent: Registry, entry: RegistryEntry) -> dict[str, Any]:
    return {
        **entry.document,
        "registryArn": parent.arn,
        "recordArn": entry.arn,
        "recordId": entry.record_id,
        "status": entry.lifecycle.status,
        "statusReason": "; ".join(entry.lifecycle.reasons) or entry.reason,
        "createdBy": entry.created_by,
        "createdAt": entry.created_at,
        "updatedAt": entry.updated_at,
    }


def _answer(parent: Registry, entry: RegistryEntry) -> dict[str, Any]:
    kept = ("registryArn", "recordArn", "recordId", "status", "updatedAt")
    return {name: it for name, it in _describe(parent, entry).items() if name in kept}
