"""Secrets among inputs are Pulumi secrets, even if the program typed them plain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from agentcore_provider.arguments.members import member_name
from agentcore_provider.rules import service_model


def inputs(given: Mapping[str, object], operation: str) -> dict[str, Any]:
    """The inputs of an operation, in snake_case, with a secret of every value that the service model calls sensitive."""
    members = service_model.load(service_model.CONTROL)["shapes"][service_model.input_shape(operation)]["members"]
    return {
        name: _document(value, members[member_name(name)]["shape"]) if member_name(name) in members else value
        for name, value in given.items()
    }


def _document(document: object, shape: str) -> Any:
    model = service_model.load(service_model.CONTROL)["shapes"][shape]
    if document is None:
        return None
    if model.get("sensitive"):
        return pulumi.Output.secret(document)
    if isinstance(document, pulumi.Output):
        # What is in it shows later, and then all of it becomes a secret if anything in it is one.
        return document.apply(lambda known: pulumi.Output.from_input(_document(known, shape)))
    kind = model["type"]
    if kind == "list" and isinstance(document, (list, tuple)):
        return [_document(value, model["member"]["shape"]) for value in document]
    if kind not in ("structure", "map") or not isinstance(document, Mapping):
        return document
    shapes = {
        name: model["value"]["shape"] if kind == "map" else model["members"].get(name, {}).get("shape")
        for name in document
    }
    return {name: _document(value, shapes[name]) if shapes[name] else value for name, value in document.items()}
