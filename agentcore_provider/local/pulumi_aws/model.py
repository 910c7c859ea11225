"""Between a property of pulumi-aws (`vpcConfig`) and a member of AWS's API (`VpcConfig`), by botocore's service model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .wire import Properties


def as_members(client: Any, operation: str, inputs: Properties, names: Iterable[str]) -> dict[str, Any]:
    """The named properties, as the operation's request takes them."""
    shape = client.meta.service_model.operation_model(operation).input_shape
    return {
        member: _member(inputs[name], shape.members[member])
        for name in names
        if name in inputs and (member := _upper(name)) in shape.members
    }


def as_properties(members: Any) -> Any:
    """An answer of AWS with property names; empty texts, lists and structures left out."""
    if isinstance(members, dict):
        properties = {_lower(name): as_properties(value) for name, value in members.items()}
        return {name: value for name, value in properties.items() if value not in (None, "", [], {})}
    if isinstance(members, list):
        return [as_properties(item) for item in members]
    return members


def _member(value: Any, shape: Any) -> Any:
    if shape.type_name == "structure" and isinstance(value, dict):
        return {
            _upper(name): _member(item, shape.members[_upper(name)])
            for name, item in value.items()
            if _upper(name) in shape.members
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [_member(item, shape.member) for item in value]
    return value


def _upper(name: str) -> str:
    return name[:1].upper() + name[1:]


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
