"""Between values of pulumi-aws and those of AWS's API, by botocore's service model: names (`vpcConfig`, `VpcConfig`) and types.

Pulumi's values are loosely typed (`8080` or `True` where AWS wants a text); the service model knows which type is wanted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from .wire import Properties

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from botocore.model import Shape

Members: TypeAlias = dict[str, Any]
"""Members of a request or response, by AWS's names."""


def as_members(client: BaseClient, operation: str, inputs: Properties, names: Iterable[str]) -> Members:
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


def fitted(value: Any, shape: Shape) -> Any:
    """A request with texts, whole numbers and booleans where the service model has them."""
    kind = shape.type_name
    if isinstance(value, dict) and kind in {"structure", "map"}:
        shapes = shape.members if kind == "structure" else dict.fromkeys(value, shape.value)
        return {key: fitted(item, shapes[key]) if key in shapes else item for key, item in value.items()}
    if isinstance(value, list) and kind == "list":
        return [fitted(item, shape.member) for item in value]
    if kind == "string" and isinstance(value, bool | int | float):
        return as_text(value)
    if kind in {"integer", "long"} and isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    return value == "true" if kind == "boolean" and value in ("true", "false") else value


def as_texts(values: Properties) -> dict[str, str]:
    """The same mapping with AWS's texts as values."""
    return {key: as_text(value) for key, value in values.items()}


def as_text(value: object) -> str:
    """A value as AWS writes it: `true`, `8080`."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _member(value: Any, shape: Shape) -> Any:
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
