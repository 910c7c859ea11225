"""From the properties of a template to the members of an operation, by the service's model.

Names of properties begin with a capital letter; texts may stand for numbers and booleans, and tags may be a list.
"""

from __future__ import annotations

from botocore.model import ListShape, MapShape, Shape, StructureShape

from agentcore_provider.local import service_error, validation

_NUMBERS = {"integer": int, "long": int, "float": float, "double": float}
_BOOLEANS = {"true": True, "false": False}


def to_members(shape: Shape, value: object, path: str = "Properties") -> object:
    """The value as the operation takes it. Raises ValidationException for a property that the model does not have."""
    if isinstance(shape, StructureShape) and not shape.is_document_type and isinstance(value, dict):
        # Some names have another case here: OAuth2.
        members = {name.lower(): (name, member) for name, member in shape.members.items()}
        unknown = [name for name in value if name.lower() not in members]
        if unknown:
            raise service_error.validation(f"{path}.{unknown[0]} is not a property that the service's model has")
        found = {}
        for name, item in value.items():
            member_name, member = members[name.lower()]
            location = member.serialization.get("location")
            key = member_name if location else validation.wire_name(member_name, member)
            found[key] = to_members(member, item, f"{path}.{name}")
        return found
    if isinstance(shape, MapShape):
        if isinstance(value, list) and all(isinstance(it, dict) and it.keys() == {"Key", "Value"} for it in value):
            value = {it["Key"]: it["Value"] for it in value}
        if isinstance(value, dict):
            return {name: to_members(shape.value, item, f"{path}.{name}") for name, item in value.items()}
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [to_members(shape.member, item, f"{path}[{index}]") for index, item in enumerate(value)]
    return _scalar(shape, value)


def _scalar(shape: Shape, value: object) -> object:
    if shape.type_name == "string" and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        return value
    if shape.type_name == "boolean":
        return _BOOLEANS.get(value.lower(), value)
    if shape.type_name in _NUMBERS:
        try:
            return _NUMBERS[shape.type_name](value)
        except ValueError:
            return value
    return value
