"""Checks the inputs of a resource and completes them: documents as text, a physical name."""

from __future__ import annotations

import json
from typing import Any

from .naming import DEFAULTED, Proposal, named
from .resource import Resource
from .wire import UNKNOWN, Properties, has_unknown


def checked(
    resource: Resource, old: Properties, new: Properties, proposal: Proposal
) -> tuple[Properties, list[tuple[str, str]]]:
    """The inputs to keep, and everything that is wrong with them as (property, reason)."""
    inputs = {key: _documents_as_text(resource, key, value) for key, value in new.items() if key != DEFAULTED}
    problems = _problems(resource, inputs)
    if resource.naming is not None:
        inputs = named(resource.naming, old, inputs, proposal)
        if resource.naming.property not in inputs:
            problems.append((resource.naming.property, "is needed, because autonaming is off for this resource."))
    return inputs, problems


def _problems(resource: Resource, inputs: Properties) -> list[tuple[str, str]]:
    problems = [
        (
            key,
            f"{key} of {resource.type_name} is not supported by local AWS's stand-in for the aws plugin "
            f"(supported: {', '.join(sorted(resource.arguments))}); leave it out, or use the official plugin.",
        )
        for key in sorted(inputs.keys() - resource.arguments)
        if not key.startswith("__")
    ]
    problems += [
        (key, f"{key} of {resource.type_name} is needed.") for key in sorted(resource.required - inputs.keys())
    ]
    problems += [
        (key, f"{key} of {resource.type_name} is not JSON: {reason}.")
        for key in sorted(resource.documents & inputs.keys())
        if (reason := _json_fault(inputs[key]))
    ]
    problems += [(key, f"{key} of {resource.type_name}: {reason}") for key, reason in resource.problems(inputs)]
    return problems


def _documents_as_text(resource: Resource, name: str, value: Any) -> Any:
    if name in resource.documents and isinstance(value, dict | list):
        return UNKNOWN if has_unknown(value) else json.dumps(value, separators=(",", ":"))
    if isinstance(value, dict):
        return {key: _documents_as_text(resource, key, item) for key, item in value.items()}
    if isinstance(value, list):
        return [_documents_as_text(resource, name, item) for item in value]
    return value


def _json_fault(text: object) -> str:
    """What is wrong with the text, without showing it: it may be secret."""
    if not isinstance(text, str):
        return ""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return f"{error.msg} in line {error.lineno}, column {error.colno}"
    return ""
