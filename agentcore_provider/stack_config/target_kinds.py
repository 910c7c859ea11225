"""Kinds of targets in stack files, turned into records of `targets`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from agentcore_provider import target_kinds
from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources import targets
from agentcore_provider.rules.problem import UNKNOWN
from agentcore_provider.schemas import s3_uri
from agentcore_provider.stack_config.places import walked

# Key of the stack file, and what its short form, a text, stands for.
SHORT = {**{kind.key: kind.short_key for kind in target_kinds.KINDS if kind.short_key}, "builtin": "name"}
KINDS = ("lambda", *SHORT, "target_configuration")

# Keys below a kind that hold a schema: a file, or an address in S3.
_SCHEMAS = ("schema", "model", "tool_schema")

# Keys whose value a record hands on to AWS as it is.
_HANDED_ON = {"endpoint", "arn", "connector_id", "rest_api_id", "stage", "protocol_type"}

# Keys that hold a list of parts, or one, with records of their own.
_PARTS: dict[tuple[str, str], Callable[..., Any]] = {
    ("api_gateway", "overrides"): targets.ToolOverride,
    ("connector", "configurations"): targets.ConnectorTool,
    ("inference", "operations"): targets.InferenceOperation,
    ("passthrough", "stickiness"): targets.Stickiness,
}


def kind_of(target: Mapping[str, Any]) -> str | None:
    """The key that says what kind of target it is; None for a target that does not say it."""
    return next((kind for kind in KINDS if kind in target), None)


def outline(kind: str) -> Any:
    """AWS's targetConfiguration of a kind, of which nothing else is known."""
    if kind not in target_kinds.BY_KEY:
        return UNKNOWN
    family, member = target_kinds.BY_KEY[kind].path
    return {family: {member: UNKNOWN}}


def record(target: Mapping[str, Any], folder: Path) -> targets.Target | None:
    """The record of a target that has a kind with a short form and whose values are known, else None.

    folder: what relative paths begin at. For judging a target, values may be UNKNOWN: the record then goes without
    those that it does not need.
    """
    kind = kind_of(target)
    if kind not in SHORT:
        return None
    said = target[kind]
    told: dict[str, Any] = dict(said) if isinstance(said, Mapping) else {SHORT[kind]: said}
    unknown = {key for key, value in told.items() if any(it is UNKNOWN for _, it in walked(value))}
    if kind == "builtin":
        if unknown & {"name", "operations", "only", "without", "settings"}:
            return None
        return _builtin(**told)
    needed = {it.name for it in fields(targets.RECORDS[kind]) if it.default is MISSING}
    # What is left out may be what is wrong.
    if unknown & {*(needed - _HANDED_ON), "only", "without"} or needed - told.keys():
        return None
    for key, value in [*told.items()]:
        part = _PARTS.get((kind, key))
        if key == "fix" and key in unknown:
            told[key] = True
        elif key in unknown - needed:
            del told[key]
        elif key in _SCHEMAS:
            told[key] = _source(value, folder)
        elif part is not None:
            told[key] = [part(**one) for one in value] if isinstance(value, list) else part(**value)
    made: targets.Target = targets.RECORDS[kind](**told)
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
        problems = tuple(f"there is no setting {it}; remove it from settings" for it in wrong)
        raise InvalidInput("; ".join(problems), problems)
    return targets.Builtin(name, operations=operations, upload=upload, **further, **settings)


def _source(given: Any, folder: Path) -> Any:
    if not isinstance(given, str):
        return given
    return s3_uri.checked(given, "address") if s3_uri.is_meant(given) else folder / given
