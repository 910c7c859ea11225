"""Which inference target a request is for, by the `model` in its body (devguide gateway-target-inference-provider).

`target/model` goes to that target. A plain model goes to the target that lists it, or else to one whose pattern fits
it; several of the same rank take turns.
"""

from __future__ import annotations

import fnmatch
import itertools
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from agentcore_provider.local import json_document
from agentcore_provider.local.outbound import HttpCall
from agentcore_provider.local.store import Target

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control import type_defs

PREFIX = "inference"
_turns = itertools.count()


class NoTargetError(Exception):
    """No target serves the request. `status`: the HTTP status to answer with."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Route:
    """A target, the path on it, and the model as it knows it."""

    target: Target
    path: str
    model: str


def models(targets: list[Target]) -> dict[str, object]:
    """The answer to GET /inference/v1/models: the models that targets list by name."""
    listed = [
        {"id": f"{target.name}/{model}", "object": "model", "owned_by": target.name}
        for target in targets
        if "provider" in target.target_configuration.get("inference", {})
        for model in dict.fromkeys(
            entry["model"] for operation in _operations(target) for entry in operation.get("models", ())
        )
        if not _is_pattern(model)
    ]
    return {"object": "list", "data": listed}


def route(targets: list[Target], path: str, body: bytes) -> Route:
    """The target of a request. Raises NoTargetError."""
    return route_in(targets, path, model_of(body))


def model_of(body: bytes) -> str:
    """The model that a request names. Raises NoTargetError."""
    try:
        model = json_document.read(body).get("model")
    except (ValueError, AttributeError):
        model = None
    if not isinstance(model, str) or not model:
        raise NoTargetError(400, 'The body must be a JSON object whose "model" is a string.')
    return model


def route_in(targets: list[Target], path: str, model: str) -> Route:
    """The target of a request for a model. Raises NoTargetError."""
    candidates = [target for target in targets if "inference" in target.target_configuration]
    name, _, rest = model.partition("/")
    named = [target for target in candidates if target.name == name and rest]
    if named:
        candidates, model = named, rest
    found = [
        match
        for target in candidates
        if "provider" in target.target_configuration["inference"]
        for match in _matches(target, path, model)
    ]
    if not found:
        connectors = [target.name for target in candidates if "connector" in target.target_configuration["inference"]]
        note = f" ({', '.join(connectors)} run inside AWS and are not available on local AWS)" if connectors else ""
        raise NoTargetError(404, f"No inference target of this gateway serves {path} with model {model}{note}.")
    best = min(rank for rank, _ in found)
    alike = [match for rank, match in found if rank == best]
    return alike[next(_turns) % len(alike)]


def rewritten(call: HttpCall, model: str) -> HttpCall:
    """The request with the model's name as the provider knows it."""
    document = json_document.read(call.body)
    if document.get("model") == model:
        return call
    return replace(call, body=json.dumps({**document, "model": model}, ensure_ascii=False).encode())


def _matches(target: Target, path: str, model: str) -> list[tuple[int, Route]]:
    operations = _operations(target)
    if not operations:
        return [(3, Route(target, path, model))]
    found = []
    for operation in operations:
        if not _is_path(operation["path"], path):
            continue
        where = operation.get("providerPath") or path
        listed = [entry["model"] for entry in operation.get("models", ())]
        if not listed:
            found.append((2, Route(target, where, model)))
        for pattern in listed:
            if (full := _full_name(target, pattern, model)) is not None:
                found.append((1 if _is_pattern(pattern) else 0, Route(target, where, full)))
    return sorted(found, key=lambda match: match[0])[:1]


def _full_name(target: Target, pattern: str, model: str) -> str | None:
    if fnmatch.fnmatchcase(model, pattern):
        return model
    prefix = target.target_configuration["inference"]["provider"].get("modelMapping", {}).get("providerPrefix", {})
    separator = prefix.get("separator") or "."
    head, found, tail = pattern.partition(separator)
    if prefix.get("strip") and found and fnmatch.fnmatchcase(model, tail):
        return f"{head}{separator}{model}"
    return None


def _operations(target: Target) -> list[type_defs.InferenceOperationConfigurationOutputTypeDef]:
    return target.target_configuration["inference"]["provider"].get("operations", [])


def _is_path(pattern: str, path: str) -> bool:
    parts, segments = pattern.strip("/").split("/"), path.strip("/").split("/")
    return len(parts) == len(segments) and all(
        part == own or (part.startswith("{") and part.endswith("}")) for part, own in zip(parts, segments, strict=True)
    )


def _is_pattern(model: str) -> bool:
    return "*" in model or "?" in model
