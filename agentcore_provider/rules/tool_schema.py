"""Tool definitions of a Lambda target: the small part of JSON Schema that the service takes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from agentcore_provider.problem import Problem, joined
from agentcore_provider.rules import service_model, tool_names

LAMBDA = "devguide gateway-add-target-lambda"
LIMITS = "devguide bedrock-agentcore-limits"
MOST_TOOLS = 1000
INLINE_BYTES = 1024 * 1024
_OUR_FORM = "Write name, description and inputSchema (JSON Schema) on top of each tool."
_SAY_IT = "Say it in the description: the service takes type, description, properties, required and items only."


def validate(tools: object, *, path: str = "", target: str | None = None) -> list[Problem]:
    """Everything the service would refuse or serve badly about a list of tool definitions.

    path: where the list is. target: the target's name, for the length of the names that clients see.
    """
    problems = list(_Validator().shape(tools, "ToolDefinitions", path))
    if not isinstance(tools, (list, tuple)):
        return problems
    foreign = {joined(path, index): recognized for index, it in enumerate(tools) if (recognized := _of_another_api(it))}
    if foreign:
        # Of another form all members are wrong, and saying so of each would hide why.
        problems = [it for it in problems if not it.path.startswith(tuple(foreign))]
        problems += [Problem(where, message, cure, LAMBDA) for where, (message, cure) in foreign.items()]
    problems += _sizes(tools, path)
    problems += _names(tools, path)
    for index, tool in enumerate(tools):
        if not isinstance(tool, Mapping):
            continue
        for member in ("inputSchema", "outputSchema"):
            schema, below = tool.get(member), joined(joined(path, index), member)
            if isinstance(schema, Mapping):
                problems += _top(schema, below)
                problems += _schema(schema, below)
    return problems + tool_names.validate(target, tool_names.paths(tools, path))


def _of_another_api(tool: object) -> tuple[str, str] | None:
    """Which API a definition is made for, such as a model's, and its cure; None for none that is known."""
    if not isinstance(tool, Mapping) or "inputSchema" in tool:
        return None
    if isinstance(tool.get("toolSpec"), Mapping):
        return (
            "is a tool of Bedrock's Converse API",
            f"{_OUR_FORM} They are in toolSpec, the schema in inputSchema.json.",
        )
    if tool.get("type") == "function" and isinstance(tool.get("function"), Mapping):
        return "is a function of OpenAI's API", f"{_OUR_FORM} They are in function, the schema in parameters."
    if "name" in tool and "parameters" in tool:
        return "is a function of a model's API", f"{_OUR_FORM} The schema is in parameters."
    return None


class _Validator(service_model.Validator):
    """The model's rules, with the cures that fit a tool schema."""

    def unknown_member(self, path: str, name: str, member: str, meant: str | None) -> Problem:
        if name == "SchemaDefinition" and meant is None:
            return Problem(path, f"the keyword {member} is not supported", _SAY_IT, LAMBDA)
        return super().unknown_member(path, name, member, meant)

    def wrong_type(self, value: object, name: str, path: str, wanted: str, cure: str = "") -> Problem:
        if name == "SchemaType" and isinstance(value, (list, tuple)):
            cure = "Use one type; leave the property out of required if it may be absent."
        return super().wrong_type(value, name, path, wanted, cure)


def _sizes(tools: Sequence[object], path: str) -> Iterator[Problem]:
    if len(tools) > MOST_TOOLS:
        message = f"has {len(tools)} tools, over the {MOST_TOOLS} of a target"
        yield Problem(path, message, "Spread them over several targets.", LIMITS, code="tool-count")
    if not tools:
        yield Problem(path, "has no tools", "Define at least one tool.", LAMBDA, code="tool-count", severity="warning")
    size = len(json.dumps(tools, default=lambda _: "", separators=(",", ":")).encode())
    if size > INLINE_BYTES:
        yield Problem(
            path, f"is {size} bytes, over 1 MB", "Put the schema in S3, which takes 10 MB.", LIMITS, code="schema-size"
        )


def _names(tools: Sequence[object], path: str) -> Iterator[Problem]:
    names: dict[str, str] = {}
    for where, name in tool_names.paths(tools, path):
        if not name:
            yield Problem(where, "is empty", "Give the tool a name.", LAMBDA, code="tool-name")
        elif name in names:
            message = f"{name!r} is the name of {names[name].removesuffix('.name')} too"
            yield Problem(where, message, "Give each tool of a target a name of its own.", LAMBDA, code="tool-name")
        elif tool_names.SEPARATOR in name:
            yield Problem(
                where,
                f"{name!r} has three underscores, which part the target's name from the tool's",
                "Use two at most.",
                "devguide gateway-tool-naming",
                code="tool-name",
                severity="warning",
            )
        names.setdefault(name, where)


def _top(schema: Mapping[str, object], path: str) -> Iterator[Problem]:
    kind = schema.get("type")
    if isinstance(kind, str) and kind != "object" and kind in service_model.enum("SchemaType"):
        yield Problem(
            joined(path, "type"),
            f"is {kind}, but a tool's schema is an object on top",
            "Make it an object and this a property of it.",
            LAMBDA,
            code="object-on-top",
        )


def _schema(schema: Mapping[str, object], path: str) -> Iterator[Problem]:
    """Schemas that are taken but say nothing: keywords that do not fit the type, unknown required names."""
    kind, properties, required = (schema.get(member) for member in ("type", "properties", "required"))
    for member, wanted in (("properties", "object"), ("required", "object"), ("items", "array")):
        if member in schema and isinstance(kind, str) and kind != wanted:
            message = f"has no meaning for type {kind}"
            yield Problem(
                joined(path, member),
                message,
                f"Set type to {wanted}.",
                LAMBDA,
                code="meaningless-keyword",
                severity="warning",
            )
    if isinstance(required, (list, tuple)) and kind == "object" and isinstance(properties, (Mapping, type(None))):
        known = properties or {}
        for index, name in enumerate(required):
            if isinstance(name, str) and name not in known:
                message = f"{name!r} is not one of the properties, so no client can know it"
                where = joined(joined(path, "required"), index)
                yield Problem(where, message, "Add it to properties.", LAMBDA, code="required-name", severity="warning")
    if isinstance(properties, Mapping):
        for name, below in properties.items():
            if isinstance(below, Mapping):
                yield from _schema(below, joined(joined(path, "properties"), str(name)))
    items = schema.get("items")
    if isinstance(items, Mapping):
        yield from _schema(items, joined(path, "items"))
