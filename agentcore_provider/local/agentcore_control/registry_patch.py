"""Requests of the Agent Registry that patch: a wrapper replaces a member, an empty one removes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.model import Shape

from agentcore_provider.local import service_model

SERVICE = "agent-registry-control"
_VALUE = "optionalValue"


def apply(operation: str, document: Mapping[str, Any], request: Mapping[str, Any]) -> dict[str, Any]:
    """The document after the request of an operation, without the members that the document does not have."""
    shape = service_model.load(SERVICE).operation_model(operation).input_shape
    assert shape is not None
    changed = {name: _value(shape.members[name], document.get(name), it) for name, it in request.items()}
    return {name: it for name, it in {**document, **changed}.items() if it is not None}


def _value(shape: Shape, before: Any, change: Any) -> Any:
    members = getattr(shape, "members", {})
    if set(members) == {_VALUE}:
        return _value(members[_VALUE], before, change[_VALUE]) if _VALUE in change else None
    if not any(set(getattr(it, "members", ())) == {_VALUE} for it in members.values()):
        return change
    after = dict(before or {})
    for name, it in change.items():
        after[name] = _value(members[name], after.get(name), it)
    return {name: it for name, it in after.items() if it is not None}
