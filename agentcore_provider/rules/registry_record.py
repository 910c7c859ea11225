"""What the service accepts as a record of a registry: CreateRegistryRecord's input, and descriptors that fit its type."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from agentcore_provider.problem import Problem
from agentcore_provider.rules import service_model
from agentcore_provider.rules.registry import SERVICE
from agentcore_provider.rules.unknown import UNKNOWN

IMMUTABLE = {"registryId": f"botocore model {SERVICE}, UpdateRegistryRecordRequest"}
"""Top-level members that UpdateRegistryRecord cannot change, and where that is written."""
APPROVALS = ("DRAFT", "SUBMIT", "APPROVE")
"""What a deployment does about the approval of a record."""
# The type of record whose descriptor it is; other descriptors go with more than one type.
_TYPES = {
    "mcpServer": "MCP",
    "a2aAgentCard": "AGENT",
    "agentSkillsDefinition": "SKILL",
    "custom": "CUSTOM",
    "signatureAgentCard": "WEB_BOT",
}
_DESCRIPTORS = f"botocore model {SERVICE}, Descriptors"


def validate(document: Mapping[str, object]) -> list[Problem]:
    """Everything the service would refuse. The name may be absent: it is chosen later."""
    request = {name: it for name, it in document.items() if name != "approval"}
    found = service_model.validate(request, "CreateRegistryRecord", service=SERVICE, absent=("name",))
    return [*found, *_approval(document), *_descriptors(document), *_provenance(document)]


def replaces(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """Top-level members whose change needs a new record. A value not known yet counts as changed."""
    before, now = ({**it, "registryId": registry_id(it.get("registryId"))} for it in (old, new))
    return service_model.changed(IMMUTABLE, before, now)


def registry_id(identifier: object) -> object:
    """The id of a registry that is named by its id or ARN."""
    return identifier.rpartition("/")[2] if isinstance(identifier, str) else identifier


def _approval(document: Mapping[str, object]) -> Iterator[Problem]:
    approval = document.get("approval")
    if approval is not UNKNOWN and approval not in (None, *APPROVALS):
        yield Problem(
            "approval",
            f"is {approval!r}",
            f"Pass one of {', '.join(APPROVALS)}.",
            "this package: what a deployment does",
        )


def _descriptors(document: Mapping[str, object]) -> Iterator[Problem]:
    descriptors, kind = document.get("descriptors"), document.get("recordType")
    if not isinstance(descriptors, Mapping):
        return
    if len(descriptors) != 1:
        has = " and ".join(map(str, descriptors)) or "nothing"
        yield Problem("descriptors", f"has {has}", "Pass the one descriptor of the record's type.", _DESCRIPTORS)
    for name, descriptor in descriptors.items():
        fits = _TYPES.get(str(name))
        if len(descriptors) == 1 and fits and isinstance(kind, str) and kind in _TYPES.values() and kind != fits:
            yield Problem(
                "descriptors",
                f"has {name}, and the record is of the type {kind}",
                f"Pass the type {fits}.",
                _DESCRIPTORS,
            )
        yield from _json(descriptor, f"descriptors.{name}")
        if isinstance(descriptor, Mapping) and isinstance(descriptor.get("additionalData"), Mapping):
            yield from _json(descriptor["additionalData"].get("tools"), f"descriptors.{name}.additionalData.tools")


def _json(descriptor: object, path: str) -> Iterator[Problem]:
    data = descriptor.get("data") if isinstance(descriptor, Mapping) else None
    if not isinstance(data, str):
        return
    try:
        is_object = isinstance(json.loads(data), dict)
    except (ValueError, RecursionError):
        is_object = False
    if not is_object:
        yield Problem(f"{path}.data", "is not the JSON of an object", "Pass what json.dumps makes of it.", _DESCRIPTORS)


def _provenance(document: Mapping[str, object]) -> Iterator[Problem]:
    if "provenance" in document:
        cure = "Leave it out: AWS sets it on records that it detects itself."
        yield Problem(
            "provenance", "is reserved for AWS", cure, f"botocore model {SERVICE}, CreateRegistryRecordRequest"
        )
