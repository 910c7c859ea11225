"""Keys of gateways and targets, and the arguments of McpGateway and the records of `targets` that they stand for."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypedDict, cast

from agentcore_provider import target_kinds
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem
from agentcore_provider.resources import targets
from agentcore_provider.resources.authorizers import JwtAuthorizer
from agentcore_provider.resources.aws_access import AssumeRole
from agentcore_provider.rules.unknown import UNKNOWN
from agentcore_provider.stack_config.places import walked
from agentcore_provider.target_kinds.source import checked_s3_uri, is_s3_uri

Keys = dict[str, Any]
"""Keyword arguments, whose types the constructors have."""


_Function = TypedDict("_Function", {"lambda": Keys}, total=False)


class TargetDescription(_Function, total=False):
    """The keys of a target that are read by name; all others are its kind, or arguments of GatewayTarget."""

    credentials: Mapping[str, Mapping[str, object]]
    credential_provider_configurations: list[Mapping[str, object]]
    target_configuration: Mapping[str, object]


class GatewayDescription(TypedDict, total=False):
    """The keys of a gateway that are read by name; all others are arguments of McpGateway."""

    gateway_id: str
    authorizer: str | Mapping[str, Mapping[str, object]]
    search: bool
    targets: Mapping[str, TargetDescription]
    credential_providers: Mapping[str, Mapping[str, Mapping[str, object]]]
    policies: Mapping[str, Mapping[str, object]]
    rules: Mapping[str, Keys]
    consent_portal: Mapping[str, object]
    protect: bool


# Key of the stack file, and what its short form, a text, stands for.
SHORT = {
    **{kind.key: kind.short_key for kind in target_kinds.KINDS if kind.short_key},
    "knowledge_base": "knowledge_base_id",
    "builtin": "name",
}
KINDS = ("lambda", *SHORT, "web_search", "target_configuration")

_RECORDS = {**targets.RECORDS, **targets.SHORTCUTS}

# Keys that are not arguments of McpGateway under the same name.
_OTHERS = (
    "gateway_id",
    "authorizer",
    "search",
    "targets",
    "policies",
    "rules",
    "consent_portal",
    "credential_providers",
    "protect",
)

# Keys below a kind that hold a schema: a file, or an address in S3.
_SCHEMAS = {kind.schema.key for kind in target_kinds.KINDS if kind.schema}

# Keys that a record needs to build the document. All others are passed to AWS as they are.
_BUILT = {*_SCHEMAS, "filters"}


def gateway_arguments(gateway: Mapping[str, object]) -> Keys:
    """The arguments of McpGateway, without targets and an existing gateway's id.

    Values may be UNKNOWN, to validate them.
    """
    return {
        **{key: value for key, value in gateway.items() if key not in _OTHERS},
        **access(gateway),
        **_authorizer(gateway.get("authorizer", "ez_auth")),
        "semantic_search": gateway.get("search", True),
    }


def policy(described: Mapping[str, object], folder: Path) -> Keys:
    """The arguments of a Policy. folder: what relative paths begin at."""
    file = described.get("file")
    return {**described, "file": folder / file} if isinstance(file, str) else dict(described)


def access(described: Mapping[str, object]) -> Keys:
    """The arguments of a resource, or of all parts of a gateway, that state where they are, and who signs in."""
    found: Keys = {name: described[name] for name in ("region", "profile", "assume_role") if name in described}
    role = found.get("assume_role")
    return {**found, "assume_role": AssumeRole(**role)} if isinstance(role, Mapping) else found


def _authorizer(authorizer: object) -> Keys:
    if authorizer == "ez_auth":
        return {}
    if isinstance(authorizer, str):
        return {"authorizer": authorizer.upper()}
    if isinstance(authorizer, Mapping) and isinstance(authorizer.get("jwt"), Mapping):
        return {"authorizer": jwt_authorizer(authorizer["jwt"])}
    if isinstance(authorizer, Mapping) and authorizer:
        return {"ez_auth_arguments": authorizer.get("ez_auth")}
    return {"authorizer": UNKNOWN}


def jwt_authorizer(described: Mapping[str, Any]) -> JwtAuthorizer:
    """The record of an authorizer of tokens, some of whose values may be UNKNOWN."""
    more = described.get("more")
    return JwtAuthorizer(**{**described, "more": more if isinstance(more, Mapping) else None})


def kind_of(target: Iterable[str]) -> str | None:
    """The key that is the kind of a target; None if it has none."""
    return next((kind for kind in KINDS if kind in target), None)


def outline(kind: str) -> object:
    """AWS's targetConfiguration of a kind, of which nothing else is known."""
    if kind == "builtin":
        # An OpenAPI document or a Smithy model.
        return {"mcp": UNKNOWN}
    return _RECORDS[kind].kind.configuration(UNKNOWN) if kind in _RECORDS else UNKNOWN


def record(target: Mapping[str, object], folder: Path) -> targets.Target | None:
    """The record of a target whose kind has one and whose values are known, else None.

    folder: what relative paths begin at. For validation, values may be UNKNOWN: the record then does without those that it
    does not need.
    """
    kind = kind_of(target)
    if kind is None or kind in ("lambda", "target_configuration"):
        return None
    value = target[kind]
    if not isinstance(value, Mapping) and kind not in SHORT:
        # The schema reports it.
        return None
    keys: Keys = dict(value) if isinstance(value, Mapping) else {SHORT[kind]: value}
    unknown = {key for key, value in keys.items() if any(it is UNKNOWN for _, it in walked(value))}
    if kind == "builtin":
        if unknown & {"name", "operations", "only", "without", "settings"}:
            return None
        return _builtin(**keys)
    needed = {it.name for it in fields(_RECORDS[kind]) if it.default is MISSING}
    # What is left out may have the problem.
    if unknown & {*(needed & _BUILT), "only", "without"} or needed - keys.keys():
        return None
    parts = _RECORDS[kind].kind.parts
    for key, value in [*keys.items()]:
        if key == "fix" and key in unknown:
            keys[key] = True
        elif key in unknown - needed:
            del keys[key]
        elif key in _SCHEMAS:
            keys[key] = _source(value, folder)
        elif key in parts:
            build = functools.partial(_RECORDS[kind].kind.part, key)
            keys[key] = [build(one) for one in value] if isinstance(value, list) else build(value)
    return cast(targets.Target, _RECORDS[kind](**keys))


def _builtin(
    name: str,
    operations: list[str] | None = None,
    settings: Mapping[str, object] = MappingProxyType({}),
    **further: object,
) -> targets.Builtin:
    wrong = [it for it in settings if it in ("name", "operations", "upload", "hosted", "only", "without", "accept")]
    if wrong:
        # They would reach the record as arguments of its own.
        raise InvalidInput.of_problems(
            Problem("", f"there is no setting {it}", "remove it from settings") for it in wrong
        )
    arguments: Keys = {**further, **settings}
    return targets.Builtin(name, operations=operations, **arguments)


def _source(value: object, folder: Path) -> object:
    if not isinstance(value, str):
        return value
    return checked_s3_uri(value, "address") if is_s3_uri(value) else folder / value
