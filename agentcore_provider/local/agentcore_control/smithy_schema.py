"""What the service rejects in a Smithy model. Source: AgentCore developer guide, gateway-building-smithy-targets.

AWS's own models need not meet all that the guide requires: its built-in models of DynamoDB and CloudWatch do not
use RestJson, and AWS's tutorial of Smithy targets deploys the model of S3, which speaks XML and streams.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from agentcore_provider.local.tool_schemas import smithy_shapes
from agentcore_provider.local.tool_schemas.smithy_shapes import Shape, Shapes

_PROTOCOLS = ("aws.protocols#restJson1", "aws.protocols#awsJson1_0", "aws.protocols#awsJson1_1")
_REST_JSON = _PROTOCOLS[0]
_AWS_SERVICE = "aws.api#service"
_HTTP = "smithy.api#http"
_STREAMING = "smithy.api#streaming"
_VERSIONS = ("1", "1.0", "2", "2.0")
_LIFECYCLE = ("create", "put", "read", "update", "delete", "list")
_PARTS = {
    "list": ("member",),
    "set": ("member",),
    "map": ("key", "value"),
    "enum": ("members",),
    "intEnum": ("members",),
}
_SINGLE = ("input", "output", "member", "key", "value", *_LIFECYCLE)
_LISTS = ("operations", "collectionOperations", "resources", "errors")
_MAPS = ("members", "identifiers", "properties")


def problems(text: str, target_name: str, longest_tool_name: int, most_tools: int) -> Iterator[str]:
    """Every problem of this model for a target."""
    try:
        model = json.loads(text)
    except (ValueError, RecursionError) as error:
        yield f"Smithy model is not JSON: {error}"
        return
    shapes = model.get("shapes") if isinstance(model, dict) else None
    if not isinstance(shapes, dict) or "smithy" not in model:
        yield "Smithy model must be a JSON AST with `smithy` and `shapes`"
        return
    if str(model["smithy"]) not in _VERSIONS:
        yield f"Smithy model must be of version 1.0 or 2.0, found {model['smithy']}"
    try:
        whole = smithy_shapes.flatten(shapes)
    except smithy_shapes.ModelError as error:
        yield str(error)
        return
    services = {shape_id: shape for shape_id, shape in whole.items() if shape["type"] == "service"}
    if not services:
        yield "Smithy model must have a service"
    for shape_id, target in _targets(whole):
        if target not in whole and not target.startswith("smithy.api#"):
            lacks = "must not be referred to as a mixin" if target in shapes else "is not in the Smithy model"
            yield f"Shape {target}, which {shape_id} refers to, {lacks}"
    yield from _incomplete(whole)
    shapes = whole
    for shape_id in services:
        yield from _service_problems(shape_id, shapes, target_name, longest_tool_name, most_tools)


def _incomplete(shapes: Shapes) -> Iterator[str]:
    """Lists, maps and enums without their parts."""
    for shape_id, shape in shapes.items():
        for part in _PARTS.get(shape["type"], ()):
            if not shape.get(part):
                yield f"Shape {shape_id} must have {part}"


def _service_problems(
    service_id: str, shapes: Shapes, target_name: str, longest_tool_name: int, most_tools: int
) -> Iterator[str]:
    traits = shapes[service_id].get("traits", {})
    of_aws = _AWS_SERVICE in traits
    if not of_aws and not any(protocol in traits for protocol in _PROTOCOLS):
        yield f"Smithy model must have a service with the protocol {_REST_JSON}, which {service_id} does not have"
    operations = dict.fromkeys(_operations(service_id, shapes, ()))
    if not operations:
        yield f"Smithy model must have operations, and {service_id} has none"
    if len(operations) > most_tools:
        yield f"Smithy model has {len(operations)} operations, more than {most_tools}"
    for operation_id in operations:
        operation = shapes[operation_id]
        if _REST_JSON in traits and not _is_http(operation.get("traits", {}).get(_HTTP)):
            yield f"Operation {operation_id} must have the trait {_HTTP} with method and uri"
        if not of_aws and (streamed := _streamed(operation, shapes)):
            yield f"Smithy model must not stream: {streamed}"
        name = f"{target_name}___{operation_id.partition('#')[2]}"
        if len(name) > longest_tool_name:
            yield f"Tool name {name} is longer than {longest_tool_name}"


def _is_http(trait: object) -> bool:
    return isinstance(trait, dict) and all(isinstance(trait.get(name), str) for name in ("method", "uri"))


def _operations(owner_id: str, shapes: Shapes, inside: tuple[str, ...]) -> Iterator[str]:
    """The operations of a service or a resource that are in the model."""
    owner = shapes.get(owner_id, {})
    references = [*owner.get("operations", ()), *owner.get("collectionOperations", ())]
    if owner.get("type") == "resource":
        references += [owner[member] for member in _LIFECYCLE if member in owner]
    yield from (it["target"] for it in references if it["target"] in shapes)
    for reference in owner.get("resources", ()):
        if reference["target"] not in inside:
            yield from _operations(reference["target"], shapes, (*inside, owner_id))


def _streamed(operation: Shape, shapes: Shapes) -> str | None:
    """The shape that an operation streams, in or out."""
    for side in ("input", "output"):
        structure = shapes.get(operation.get(side, {}).get("target"), {})
        for name, member in structure.get("members", {}).items():
            target = shapes.get(member["target"], {})
            if any(_STREAMING in shape.get("traits", {}) for shape in (member, target)):
                return f"{name}, {member['target']}"
    return None


def _targets(shapes: Shapes) -> Iterator[tuple[str, str]]:
    """Every reference of a shape to another one."""
    for shape_id, shape in shapes.items():
        references = [shape[member] for member in _SINGLE if isinstance(shape.get(member), dict)]
        for member in _LISTS:
            references += shape.get(member, ())
        for member in _MAPS:
            references += shape.get(member, {}).values()
        yield from ((shape_id, it["target"]) for it in references if isinstance(it, dict) and "target" in it)
