"""Targets of stack files: the key that is their kind, and their record of `targets`."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from agentcore_provider import target_kinds
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem
from agentcore_provider.resources import targets
from agentcore_provider.rules.unknown import UNKNOWN
from agentcore_provider.stack_config.places import walked
from agentcore_provider.target_kinds.source import checked_s3_uri, is_s3_uri

# Key of the stack file, and what its short form, a text, stands for.
SHORT = {**{kind.key: kind.short_key for kind in target_kinds.KINDS if kind.short_key}, "builtin": "name"}
KINDS = ("lambda", *SHORT, "target_configuration")

# Keys below a kind that hold a schema: a file, or an address in S3.
_SCHEMAS = {kind.schema.key for kind in target_kinds.KINDS if kind.schema}

# Keys that a record needs to build the document. All others are passed to AWS as they are.
_BUILT = {*_SCHEMAS, "filters"}


def kind_of(target: Mapping[str, object]) -> str | None:
    """The key that is the kind of a target; None if it has none."""
    return next((kind for kind in KINDS if kind in target), None)


def outline(kind: str) -> object:
    """AWS's targetConfiguration of a kind, of which nothing else is known."""
    return target_kinds.BY_KEY[kind].configuration(UNKNOWN) if kind in target_kinds.BY_KEY else UNKNOWN


def record(target: Mapping[str, Any], folder: Path) -> targets.Target | None:
    """The record of a target that has a kind with a short form and whose values are known, else None.

    folder: what relative paths begin at. For validation, values may be UNKNOWN: the record then does without those that it
    does not need.
    """
    kind = kind_of(target)
    if kind not in SHORT:
        return None
    value = target[kind]
    keys: dict[str, Any] = dict(value) if isinstance(value, Mapping) else {SHORT[kind]: value}
    unknown = {key for key, value in keys.items() if any(it is UNKNOWN for _, it in walked(value))}
    if kind == "builtin":
        if unknown & {"name", "operations", "only", "without", "settings"}:
            return None
        return _builtin(**keys)
    needed = {it.name for it in fields(targets.RECORDS[kind]) if it.default is MISSING}
    # What is left out may have the problem.
    if unknown & {*(needed & _BUILT), "only", "without"} or needed - keys.keys():
        return None
    parts = target_kinds.BY_KEY[kind].parts
    for key, value in [*keys.items()]:
        if key == "fix" and key in unknown:
            keys[key] = True
        elif key in unknown - needed:
            del keys[key]
        elif key in _SCHEMAS:
            keys[key] = _source(value, folder)
        elif key in parts:
            build = functools.partial(target_kinds.BY_KEY[kind].part, key)
            keys[key] = [build(one) for one in value] if isinstance(value, list) else build(value)
    made: targets.Target = targets.RECORDS[kind](**keys)
    return made


def _builtin(
    name: str,
    operations: list[str] | None = None,
    settings: Mapping[str, Any] = MappingProxyType({}),
    upload: bool = False,
    **further: Any,
) -> targets.Builtin:
    wrong = [it for it in settings if it in ("name", "operations", "upload", "hosted", "only", "without", "accept")]
    if wrong:
        # They would reach the record as arguments of its own.
        raise InvalidInput.of_problems(
            Problem("", f"there is no setting {it}", "remove it from settings") for it in wrong
        )
    return targets.Builtin(name, operations=operations, upload=upload, **further, **settings)


def _source(value: object, folder: Path) -> object:
    if not isinstance(value, str):
        return value
    return checked_s3_uri(value, "address") if is_s3_uri(value) else folder / value
