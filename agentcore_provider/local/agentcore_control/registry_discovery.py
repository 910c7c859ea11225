"""How consumers find the approved records of a registry: SearchDiscoverableRegistryRecords and its siblings.

Local AWS ranks by the words of names, descriptions and descriptors, which it reports as KEYWORD, whatever is asked for. It
refuses filters, and registries whose callers sign in with bearer tokens.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentcore_provider.local import search as ranking
from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control import registry, registry_record
from agentcore_provider.local.agentcore_control.call import Answer, Call
from agentcore_provider.local.agentcore_control.page import age_key, page
from agentcore_provider.local.service_error import ServiceError
from agentcore_provider.local.store import Registry

_PAGE_SIZE = 10


def search(call: Call, request: Mapping[str, Any]) -> Answer:
    """The records that share a word with the query, best first; for an empty query all, latest first."""
    if request.get("filters"):
        raise service_error.validation("Local AWS does not filter registry records; filters must be left out")
    found = _approved(_require(call, request["registryIds"][0]))
    if request["searchQuery"].strip():
        texts = {it["recordId"]: it for it in found}
        ranked = ranking.rank(request["searchQuery"], [_text(it) for it in found])
        found = [texts[str(it["inputSchema"]["id"])] for it in ranked]
    else:
        found.sort(key=lambda it: it["updatedAt"], reverse=True)
    keyed = [(f"{place:06}", it) for place, it in enumerate(found)]
    items, following = page(keyed, request.get("maxResults") or _PAGE_SIZE, request.get("nextToken"))
    return {"registryRecords": items, "searchType": "KEYWORD", "nextToken": following}


def list_(call: Call, request: Mapping[str, Any]) -> Answer:
    """The approved records that all filters accept, without descriptors."""
    found = []
    for one in _approved(_require(call, request["registryId"])):
        descriptors = [*one.pop("descriptors")]
        values = {"recordType": {one["recordType"]}, "descriptorType": {*descriptors}}
        if all(values[it["name"]] & {*it["values"]} for it in request.get("filters") or ()):
            found.append({**one, "descriptorTypes": descriptors})
    keyed = [(age_key(it["createdAt"], it["recordId"]), it) for it in found]
    items, following = page(keyed, request.get("maxResults"), request.get("nextToken"))
    return {"registryRecords": items, "nextToken": following}


def batch_get(call: Call, request: Mapping[str, Any]) -> Answer:
    """Approved records by their ids, and an error for each that is none."""
    (entry,) = request["entries"]
    found = {it["recordId"]: it for it in _approved(_require(call, entry["registryId"]))}
    names = {it: it.rpartition("/")[2] for it in entry["recordIds"]}
    return {
        "registryRecords": [found[it] for it in names.values() if it in found],
        "errors": [
            {"registryId": entry["registryId"], "recordId": name, "errorCode": "RESOURCE_NOT_FOUND"}
            for name, record_id in names.items()
            if record_id not in found
        ],
    }


def _require(call: Call, identifier: str) -> Registry:
    found = registry.require(call, identifier)
    if found.document["discoveryConfiguration"]["authorizerType"] != "AWS_IAM":
        raise ServiceError(
            "AccessDeniedException", f"Registry {found.registry_id} takes bearer tokens; local AWS does not"
        )
    return found


def _approved(parent: Registry) -> list[dict[str, Any]]:
    return [registry_record.summary(parent, it) for it in parent.records.values() if it.approved is not None]


def _text(record: Mapping[str, Any]) -> dict[str, Any]:
    """The words of a record, in the form that tools are ranked in."""
    words = [record.get("displayName"), record.get("description"), *_texts(record["descriptors"])]
    return {
        "name": record["name"],
        "description": " ".join(str(it) for it in words if it),
        "inputSchema": {"id": record["recordId"]},
    }


def _texts(value: object) -> list[str]:
    if isinstance(value, Mapping):
        return [text for it in value.values() for text in _texts(it)]
    return [value] if isinstance(value, str) else []
