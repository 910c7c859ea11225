"""Tools from Python functions: type hints give the schema, the docstring gives the words."""

from __future__ import annotations

import dataclasses
import inspect
import json
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID

from agentcore_provider.errors import InvalidInput
from agentcore_provider.schemas import docstring, json_schema

_PLAIN: dict[Any, tuple[str, str]] = {
    str: ("string", ""),
    int: ("integer", ""),
    float: ("number", ""),
    bool: ("boolean", ""),
    list: ("array", ""),
    tuple: ("array", ""),
    set: ("array", ""),
    dict: ("object", ""),
    Decimal: ("number", ""),
    datetime: ("string", "ISO 8601 date and time."),
    date: ("string", "ISO 8601 date."),
    time: ("string", "ISO 8601 time."),
    UUID: ("string", "UUID."),
    Path: ("string", ""),
}
_LIMITS: dict[str, str | tuple[str, str]] = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
    "pattern": "pattern",
    "min_length": ("minLength", "minItems"),
    "max_length": ("maxLength", "maxItems"),
    "examples": "examples",
}
_LISTS = (list, tuple, set, frozenset, Sequence, Iterable)


def tool(function: Callable[..., Any]) -> dict[str, Any]:
    """A tool definition: the function's name, its docstring, and a schema of its parameters.

    Required are the parameters without a default. The service takes neither enum nor default, so both are said in
    the description of their property.
    """
    name = getattr(function, "__name__", None)
    if not callable(function) or not isinstance(name, str):
        raise InvalidInput(f"{function!r} is not a function. List functions with type hints and a docstring")
    said = docstring.read(function.__doc__)
    if not said.description:
        raise InvalidInput(f"{name}: has no docstring, and a tool needs a description. Say in one what it does")
    properties: dict[str, Any] = {}
    required: list[str] = []
    hints = _hints(function, name)
    for parameter in inspect.signature(function).parameters.values():
        where = f"{name}({parameter.name})"
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD, parameter.POSITIONAL_ONLY):
            raise InvalidInput(f"{where}: arguments of a tool go by name. Make it a plain parameter")
        if parameter.name not in hints:
            raise InvalidInput(f"{where}: has no type hint. Give it one, such as {parameter.name}: str")
        schema = _schema(hints[parameter.name], where, ())
        default = None if parameter.default is parameter.empty else parameter.default
        properties[parameter.name] = _with_words(schema, said.parameters.get(parameter.name, ""), default)
        if parameter.default is parameter.empty:
            required.append(parameter.name)
    unknown = sorted(set(said.parameters) - set(properties))
    if unknown:
        raise InvalidInput(f"{name}: the docstring describes {', '.join(unknown)}, which it does not take. Correct it")
    return {"name": name, "description": said.description, "inputSchema": _object(properties, required)}


def _hints(owner: Any, name: str) -> dict[str, Any]:
    try:
        return typing.get_type_hints(owner, include_extras=True)
    except (NameError, AttributeError, TypeError) as error:
        raise InvalidInput(f"{name}: its type hints cannot be read ({error}). Import what they name") from None


def _object(properties: Mapping[str, Any], required: Sequence[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object", "properties": dict(properties)}
    return schema | ({"required": list(required)} if required else {})


def _with_words(schema: dict[str, Any], said: str, default: Any) -> dict[str, Any]:
    """The schema with its description: what was said, then what the type says, then the default."""
    parts = [said or "", schema.get("description", "")]
    if default is not None:
        parts.append(f"Default: {_shown(default)}.")
    sentences = [part.strip() for part in parts if part and part.strip()]
    if not sentences:
        return schema
    if len(sentences) > 1:
        sentences = [one if one.endswith((".", "!", "?")) else f"{one}." for one in sentences]
    words = {"description": " ".join(sentences)}
    return {"type": schema["type"]} | words | {k: v for k, v in schema.items() if k not in ("type", "description")}


def _schema(hint: Any, where: str, seen: tuple[Any, ...]) -> dict[str, Any]:  # noqa: PLR0911 - one for each kind
    """The schema of a type hint."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is typing.Annotated:
        words = next((one for one in map(_annotation, arguments[1:]) if one), "")
        schema = _schema(arguments[0], where, seen)
        limits = " ".join(limit for one in arguments[1:] for limit in _limits(one, schema["type"]))
        return _with_words(_with_words(schema, limits, None), words, None)
    if origin in (Union, types.UnionType):
        alternatives = [one for one in arguments if one is not type(None)]
        if len(alternatives) != 1:
            raise InvalidInput(f"{where}: has several types ({hint}), and the service takes one. Choose one type")
        return _schema(alternatives[0], where, seen)
    if origin in (typing.Required, typing.NotRequired) if hasattr(typing, "Required") else False:
        return _schema(arguments[0], where, seen)
    if origin is Literal:
        return _choice(arguments, where)
    if origin in _LISTS or hint in _LISTS:
        return _list(origin, arguments, where, seen)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(arguments, where, seen)
    if isinstance(hint, type):
        return _class(hint, where, seen)
    supertype = getattr(hint, "__supertype__", None)
    if supertype is not None:
        return _schema(supertype, where, seen)
    raise InvalidInput(f"{where}: {hint} says no type that the service takes. Use str, int, float, bool, list or dict")


def _annotation(annotation: Any) -> str:
    """The description that Annotated carries: plain text, or an object with one."""
    if isinstance(annotation, str):
        return annotation
    for attribute in ("description", "documentation"):
        words = getattr(annotation, attribute, None)
        if isinstance(words, str):
            return words
    return ""


def _limits(annotation: Any, kind: str) -> Iterator[str]:
    """What an annotation says of the values, as annotated-types and Pydantic write it, in words."""
    for one in (annotation, *(getattr(annotation, "metadata", None) or ())):
        for attribute, keyword in _LIMITS.items():
            value = getattr(one, attribute, None)
            if value is not None and not callable(value):
                said = keyword[kind == "array"] if isinstance(keyword, tuple) else keyword
                yield json_schema.words(said, value)


def _choice(values: Iterable[Any], where: str) -> dict[str, Any]:
    listed = [value for value in values if value is not None]
    kinds = {_PLAIN[type(value)][0] for value in listed if type(value) in _PLAIN}
    if len(kinds) != 1:
        raise InvalidInput(f"{where}: has choices of several types, and the service takes one. Choose one type")
    return {"type": kinds.pop(), "description": f"One of: {', '.join(map(_shown, listed))}."}


def _list(origin: Any, arguments: tuple[Any, ...], where: str, seen: tuple[Any, ...]) -> dict[str, Any]:
    items = {one for one in arguments if one is not Ellipsis} if origin is tuple else set(arguments[:1])
    if len(items) > 1:
        raise InvalidInput(f"{where}: is a tuple of several types, and the service takes lists of one. Use a dataclass")
    return {"type": "array"} | ({"items": _schema(items.pop(), where, seen)} if items else {})


def _mapping(arguments: tuple[Any, ...], where: str, seen: tuple[Any, ...]) -> dict[str, Any]:
    """The service has no schema for the values of a dictionary, so their type is said in words."""
    if not arguments:
        return {"type": "object"}
    if arguments[0] is not str:
        raise InvalidInput(f"{where}: has keys that are not text, which JSON does not know. Use dict[str, ...]")
    if arguments[1] is Any:
        return {"type": "object"}
    kind = _schema(arguments[1], where, seen)["type"]
    return {"type": "object", "description": f"Any keys, each with a value of type {kind}."}


def _class(kind: type, where: str, seen: tuple[Any, ...]) -> dict[str, Any]:  # noqa: PLR0911 - one for each kind
    if kind in _PLAIN:
        name, words = _PLAIN[kind]
        return {"type": name} | ({"description": words} if words else {})
    if kind in seen:
        raise InvalidInput(f"{where}: {kind.__name__} contains itself, which the service cannot take. Limit its depth")
    below = (*seen, kind)
    if issubclass(kind, Enum):
        return _choice([member.value for member in kind], where)
    if dataclasses.is_dataclass(kind):
        return _dataclass(kind, where, below)
    if typing.is_typeddict(kind):
        return _typed_dict(kind, where, below)
    if callable(getattr(kind, "model_json_schema", None)):
        return json_schema.fold(kind.model_json_schema(), path=where)  # type: ignore[attr-defined]
    for plain, (name, words) in _PLAIN.items():
        if issubclass(kind, plain):
            return {"type": name} | ({"description": words} if words else {})
    if issubclass(kind, Mapping):
        return {"type": "object"}
    raise InvalidInput(
        f"{where}: {kind.__name__} is no type that the service takes. Use str, int, float, bool, list, dict, a "
        "dataclass or a TypedDict"
    )


def _dataclass(kind: Any, where: str, seen: tuple[Any, ...]) -> dict[str, Any]:
    hints, said = _hints(kind, where), _class_words(kind)
    properties, required = {}, []
    for one in dataclasses.fields(kind):
        if not one.init:
            continue
        default = None if one.default is dataclasses.MISSING else one.default
        words = str(one.metadata.get("description", "")) or said.parameters.get(one.name, "")
        properties[one.name] = _with_words(_schema(hints[one.name], f"{where}.{one.name}", seen), words, default)
        if one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING:
            required.append(one.name)
    return _with_words(_object(properties, required), said.description, None)


def _typed_dict(kind: Any, where: str, seen: tuple[Any, ...]) -> dict[str, Any]:
    said = _class_words(kind)
    properties = {
        name: _with_words(_schema(hint, f"{where}.{name}", seen), said.parameters.get(name, ""), None)
        for name, hint in _hints(kind, where).items()
    }
    return _with_words(
        _object(properties, [name for name in properties if name in kind.__required_keys__]), said.description, None
    )


def _class_words(kind: type) -> docstring.Docstring:
    """The class's own docstring, not the signature that dataclass writes when there is none."""
    text = kind.__dict__.get("__doc__")
    if isinstance(text, str) and dataclasses.is_dataclass(kind) and text.startswith(f"{kind.__name__}("):
        return docstring.Docstring()
    return docstring.read(text)


def _shown(value: Any) -> str:
    if isinstance(value, Enum):
        return _shown(value.value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = dataclasses.asdict(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
