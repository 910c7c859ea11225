"""Registries that a stack describes, with their records: declared and validated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agentcore_provider.arguments import registry as documents
from agentcore_provider.problem import errors
from agentcore_provider.resources.gateway import Gateway
from agentcore_provider.resources.registry import Registry
from agentcore_provider.resources.registry_record import RegistryRecord
from agentcore_provider.rules import registry as rules
from agentcore_provider.rules import registry_record as record_rules
from agentcore_provider.rules.unknown import UNKNOWN
from agentcore_provider.stack_config import beside, keys
from agentcore_provider.stack_config.keys import Keys
from agentcore_provider.stack_config.places import GATEWAYS, PlacedProblem, place_of_member

KEY = "registries"

Document = Mapping[str, object]

# Where a member of AWS's document is in the stack file, longest first.
_PLACES = {
    "discoveryConfiguration.authorizerConfiguration.customJWTAuthorizer": "authorizer.jwt",
    "discoveryConfiguration": "authorizer",
    "approvalConfiguration": "auto_approve",
    "encryptionConfiguration.kmsKeyArn": "kms_key_arn",
    "encryptionConfiguration": "kms_key_arn",
}


def declare(described: Mapping[str, Any], gateways: Mapping[str, Gateway]) -> None:
    """Declare all of them. described: valid descriptions by key. gateways: those that records may name."""
    for name, it in described.get(KEY, {}).items():
        access = keys.access(it)
        if "registry_id" in it:
            there: Keys = {"registry_id": it["registry_id"].rpartition("/")[2], **access}
            region = _region(it["registry_id"])
            if region is not None:
                there.setdefault("region", region)
        else:
            there = {"registry": Registry(name, **{**_arguments(it), **access})}
        for record, content in it.get("records", {}).items():
            gateway = {"gateway": gateways[content["gateway"]]} if "gateway" in content else {}
            RegistryRecord(f"{name}-{record}", **{**content, **gateway, **there})


def problems(described: Document) -> Iterator[PlacedProblem]:
    """Everything about them that AWS would reject. What is UNKNOWN causes no problem."""
    gateways = described.get(GATEWAYS)
    known = [*map(str, gateways)] if isinstance(gateways, Mapping) else []
    for name, it in _mappings(described.get(KEY)):
        for problem in _registry(it):
            yield problem.below((KEY, name))
        for record, content in _mappings(it.get("records")):
            for problem in _record(content, known):
                yield problem.below((KEY, name, "records", record))


def _mappings(value: object) -> Iterator[tuple[str, Document]]:
    for name, it in value.items() if isinstance(value, Mapping) else ():
        if isinstance(it, Mapping):
            yield str(name), it


def _registry(described: Document) -> Iterator[PlacedProblem]:
    yield from beside.access_problems(described)
    if "registry_id" in described:
        there, wanted = _region(described["registry_id"]), described.get("region")
        if there is not None and isinstance(wanted, str) and wanted != there:
            message = f"is {wanted}, and registry_id names a registry in {there}"
            yield PlacedProblem(("region",), message, "remove region")
        return
    members = {name: it for name, it in _arguments(described).items() if name != "adopt"}
    for problem in errors(rules.validate(documents.document(members))):
        place = place_of_member(problem.path, _PLACES, described)
        yield PlacedProblem((place,) if place else (), problem.message, problem.cure, problem.source, problem.code)


def _arguments(described: Document) -> Keys:
    """The arguments of a Registry except where it is and whether it is adopted."""
    written = {
        name: it for name, it in described.items() if name not in ("records", "region", "profile", "assume_role")
    }
    authorizer, more = written.get("authorizer"), written.get("more")
    if isinstance(authorizer, Mapping) and isinstance(authorizer.get("jwt"), Mapping):
        written["authorizer"] = keys.jwt_authorizer(authorizer["jwt"])
    elif isinstance(authorizer, str):
        written["authorizer"] = authorizer.upper()
    else:
        # None, or one of which the schema reports what is wrong with it.
        written.pop("authorizer", None)
    return {**written, "more": more if isinstance(more, Mapping) else None}


def _record(described: Document, gateways: list[str]) -> Iterator[PlacedProblem]:
    gateway, members = described.get("gateway"), dict(described)
    if ("gateway" in members) == ("record_type" in members):
        return  # the schema reports it
    if "gateway" in members:
        del members["gateway"]
        members |= {"record_type": "MCP", "descriptors": UNKNOWN}
        if isinstance(gateway, str) and gateway not in gateways:
            cure = f"name one of {', '.join(gateways)}" if gateways else f"describe it under agentcore:{GATEWAYS}"
            yield PlacedProblem(("gateway",), f"the stack has no gateway {gateway}", cure)
    for problem in errors(record_rules.validate(beside.aws_document(members, registry_id=UNKNOWN))):
        yield beside.placed_problem(problem)


def _region(registry: object) -> str | None:
    """The Region that an ARN names."""
    return registry.split(":")[3] if isinstance(registry, str) and registry.startswith("arn:") else None
