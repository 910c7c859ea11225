"""Tools from Python functions: type hints give the schemas, the docstring gives the words."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args, get_origin

from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem
from agentcore_provider.schemas import docstring, json_schema, type_hints

# Frameworks hand a running agent to such parameters: no caller can give it.
_FRAMEWORKS = ("fastmcp", "mcp", "strands", "langchain_core", "langchain", "langgraph")


def tool(function: object, notes: list[Problem] | None = None) -> JsonDict:
    """A tool definition: the function's name, its docstring, a schema of its parameters and one of its return type.

    function: a function, or what strands, langchain or FastMCP make of one. Required are the parameters without a
    default. A return type is a schema if its members have names: a dataclass, a TypedDict or a Pydantic model. What the
    service has no keyword for, such as enum and default, is described in words. notes: takes what was left out.
    Raises InvalidInput with every problem.
    """
    function, name, description = _undecorated(function)
    text = docstring.read(inspect.getdoc(function) if function.__doc__ else None)
    description = description or text.description
    problems: list[Problem] = []
    if not description:
        problems.append(
            Problem(name, "has no docstring, and a tool needs a description", "Describe in one what it does")
        )
    hints = type_hints.of(function, name)
    reader = type_hints.Reader()
    properties: JsonDict = {}
    required: list[str] = []
    for parameter in inspect.signature(function).parameters.values():
        hint = hints.get(parameter.name)
        if _is_of_a_framework(hint):
            continue
        try:
            words = text.parameters.get(parameter.name, "")
            properties[parameter.name], is_required = _parameter(
                reader, parameter, f"{name}({parameter.name})", words, hint
            )
            required += [parameter.name] if is_required else []
        except InvalidInput as error:
            problems += error.problems
    unknown = sorted(set(text.parameters) - set(inspect.signature(function).parameters))
    if unknown:
        problems.append(
            Problem(name, f"the docstring describes {', '.join(unknown)}, which it does not take", "Correct it")
        )
    if problems:
        raise InvalidInput.of_problems(problems)
    schema: JsonDict = {"type": "object", "properties": properties}
    schema |= {"required": required} if required else {}
    found = {"name": name, "description": description, "inputSchema": schema}
    output = _output(reader, hints.get("return"), name, notes)
    return found | ({"outputSchema": output} if output else {})


def is_function(found: object) -> bool:
    """Whether `tool` takes it: a function, or what a framework makes of one, which may not be callable itself."""
    return callable(found) or _inner(found) is not None


def _inner(found: object) -> Callable[..., Any] | None:
    """The function that a framework's object holds, None if it is not such an object."""
    held = (getattr(found, attribute, None) for attribute in ("fn", "func", "coroutine", "_tool_func"))
    return next(filter(inspect.isfunction, held), None)


def _undecorated(found: object) -> tuple[Callable[..., Any], str, str]:
    """The function, the tool's name, and the description where a decorator gives one of its own."""
    inner = _inner(found)
    if inner is None:
        name = getattr(found, "__name__", None)
        if not callable(found) or not isinstance(name, str):
            raise InvalidInput(f"{found!r} is not a function", "List functions with type hints and a docstring")
        return found, name, ""
    names = (getattr(found, attribute, None) for attribute in ("tool_name", "name"))
    name = next((one for one in names if isinstance(one, str) and one), inner.__name__)
    specification = getattr(found, "tool_spec", None)
    given = specification.get("description") if isinstance(specification, dict) else None
    given = given or getattr(found, "description", None)
    return inner, name, docstring.read(given).description if isinstance(given, str) else ""


def _is_of_a_framework(hint: object) -> bool:
    kinds = [hint, *get_args(hint)] if get_origin(hint) is not None else [hint]
    modules = [getattr(kind if isinstance(kind, type) else type(kind), "__module__", "") for kind in kinds]
    return any(module.partition(".")[0] in _FRAMEWORKS for module in modules)


def _parameter(
    reader: type_hints.Reader, parameter: inspect.Parameter, where: str, words: str, hint: Any
) -> tuple[JsonDict, bool]:
    if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD, parameter.POSITIONAL_ONLY):
        raise InvalidInput("arguments of a tool go by name", "Make it a plain parameter", path=where)
    if hint is None:
        raise InvalidInput("has no type hint", f"Give it one, such as {parameter.name}: str", path=where)
    schema, required = reader.member(hint, parameter.default, where, words)
    return _folded(schema, reader, where), required


def _folded(schema: JsonDict, reader: type_hints.Reader, where: str, *, is_output: bool = False) -> JsonDict:
    try:
        return json_schema.fold(schema | {"$defs": reader.definitions}, path=where, is_output=is_output)
    except InvalidInput as error:
        # A member of a class has no "properties" between the two.
        raise InvalidInput.of_problems(
            replace(it, path=it.path.replace(".properties.", ".")) for it in error.problems
        ) from None


def left_out(problem: Problem) -> Problem:
    """A problem of an output schema, without which a tool works too."""
    return replace(
        problem, cure=f"{problem.cure.rstrip('.')}. Left out: the tool has no output schema", severity="warning"
    )


def _output(reader: type_hints.Reader, hint: object, name: str, notes: list[Problem] | None) -> JsonDict | None:
    if not type_hints.described_object(hint):
        return None
    where = f"{name} -> {getattr(hint, '__name__', hint)}"
    try:
        return _folded(reader.schema(hint, where), reader, where, is_output=True)
    except InvalidInput as error:
        if notes is not None:
            notes += [left_out(it) for it in error.problems]
        return None
