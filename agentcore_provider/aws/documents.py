"""Between a resource's properties and the members of an operation.

Top-level names are snake_case in properties and the service model's own on the wire; everything below is AWS's
document unchanged. Everything here follows the service model, so a new member of the API needs no code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.model import OperationModel, Shape

Properties = dict[str, Any]
"""The inputs or outputs of a resource by their snake_case names, or a document of the service by the service's own."""
Document = Mapping[str, Any]
"""The same, to read only."""

# Added by the service itself when a policy engine is attached; it refuses them when they are sent back.
# https://github.com/hashicorp/terraform-provider-aws/issues/49374
SERVER_ADDED_HEADERS = frozenset({"x-amzn-bedrock-agentcore-policy-session-id"})

# Lists whose order counts. All others of the API are sets, which JSON does not have: scopes, clients, tools.
ORDERED = frozenset(
    {
        "interceptor_configurations",
        "interceptorConfigurations",
        "compositeIdentifier",
        "parameterValues",
        "targetFallback",
        "dimension_keys",
        "dimensionKeys",
    }
)


def property_names(operation: OperationModel) -> dict[str, str]:
    """The operation's input members by property name."""
    from botocore import xform_name

    return {xform_name(member): member for member in operation.input_shape.members}


def to_wire(properties: Document, operation: OperationModel) -> Properties:
    """The operation's parameters out of properties: what it does not take is left out, numbers become its numbers."""
    members = operation.input_shape.members
    return {
        member: _coerce(members[member], properties[name])
        for name, member in property_names(operation).items()
        if properties.get(name) is not None
    }


def from_wire(answer: Document) -> Properties:
    """Properties out of an answer: snake_case on top, times as ISO 8601 text, without what the service added."""
    from botocore import xform_name

    return {xform_name(name): _plain(value) for name, value in answer.items() if name != "ResponseMetadata"}


def carry_over(old: Any, new: Any, current: Any, shape: Shape | None = None) -> Any:
    """What to send when the service replaces whole documents: the new, plus whatever nobody here ever managed.

    old and new are what the program declared before and declares now, current is what AWS has. A member that only AWS
    has is kept; one that the program dropped is dropped. A union takes one member: the program's wins.
    """
    if not (isinstance(new, Mapping) and isinstance(current, Mapping)):
        return new
    before = old if isinstance(old, Mapping) else {}
    members = getattr(shape, "members", {})
    kept = {
        name: value
        for name, value in current.items()
        if name not in new
        and name not in before
        and not (new and getattr(shape, "is_tagged_union", False))
        # The service returns [] where nothing is, and rejects it in a request.
        and not (value == [] and getattr(members.get(name), "metadata", {}).get("min"))
    }
    return kept | {
        name: carry_over(before.get(name), value, current.get(name), members.get(name)) for name, value in new.items()
    }


def managed(current: object, inputs: object) -> object:
    """What AWS has of what the program manages: values that only the service knows are no drift."""
    if isinstance(inputs, Mapping) and isinstance(current, Mapping):
        return {name: managed(current[name], value) for name, value in inputs.items() if name in current}
    if isinstance(inputs, list) and isinstance(current, list) and len(inputs) == len(current):
        items = [managed(one, other) for one, other in zip(current, inputs, strict=True)]
        return inputs if same(items, inputs) or same(current, inputs) else items
    return current


def same(one: object, other: object, *, ordered: bool = False) -> bool:
    """Whether two documents mean the same: absent and None are one, 3 and 3.0, lists whose order means nothing, and
    texts of one JSON document."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return all(
            same(one.get(name), other.get(name), ordered=ordered or name in ORDERED)
            or (name in ("inlinePayload", "data") and _same_json(one.get(name), other.get(name)))
            for name in one.keys() | other.keys()
        )
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return _same_items(list(one), list(other), ordered=ordered)
    return bool(one == other)


def _same_json(one: object, other: object) -> bool:
    """Whether two texts are the same JSON but for blanks and line ends: a file may be laid out otherwise.

    Tools of an MCP server are the same as a list and under `tools`, as MCP's tools/list answers.
    """
    texts = [it for it in (one, other) if isinstance(it, str) and it.lstrip().startswith(("{", "["))]
    if len(texts) < 2:
        return False
    try:
        first, second = (json.loads(it) for it in texts)
        return json.dumps(_listed(first)) == json.dumps(_listed(second))
    except (ValueError, RecursionError):
        return False


def _listed(value: object) -> object:
    return value["tools"] if isinstance(value, dict) and value.keys() == {"tools"} else value


def _same_items(ones: list[object], others: list[object], *, ordered: bool) -> bool:
    if len(ones) != len(others):
        return False
    if all(same(one, other, ordered=ordered) for one, other in zip(ones, others, strict=True)):
        return True
    if ordered:
        return False
    for one in ones:
        index = next((i for i, other in enumerate(others) if same(one, other)), None)
        if index is None:
            return False
        del others[index]
    return True


def _coerce(shape: Any, value: object) -> object:
    kind = shape.type_name
    if kind == "structure" and getattr(shape, "is_document_type", False):
        return _whole_numbers(value)
    if kind == "structure" and isinstance(value, Mapping):
        return {
            name: _coerce(shape.members[name], item) if name in shape.members else item
            for name, item in value.items()
            if item is not None
        }
    if kind == "map" and isinstance(value, Mapping):
        return {name: _coerce(shape.value, item) for name, item in value.items() if item is not None}
    if kind == "list" and isinstance(value, (list, tuple)):
        return [_coerce(shape.member, item) for item in value]
    if kind in ("integer", "long"):
        return _whole_numbers(value)
    return value


def _whole_numbers(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {name: _whole_numbers(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_whole_numbers(item) for item in value]
    return value


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        plain = {name: _plain(item) for name, item in value.items()}
        headers: Any = plain.get("allowedRequestHeaders")
        if headers and SERVER_ADDED_HEADERS.issuperset(headers):
            del plain["allowedRequestHeaders"]
        return plain
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
