"""JSON Schema of Python's type hints."""

from __future__ import annotations

import dataclasses
import inspect
import types
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin
from uuid import UUID

import typing_extensions

from agentcore_provider.documents import in_words
from agentcore_provider.documents.json_types import JsonDict as Schema
from agentcore_provider.errors import InvalidInput
from agentcore_provider.schemas import annotated, docstring, pydantic_types

Hint: TypeAlias = Any
"""A type hint: a class, or one of the many kinds of objects that `typing` makes."""
Bound: TypeAlias = Mapping[Hint, Hint]
"""What the type variables of a generic class stand for."""
Classes: TypeAlias = tuple[Hint, ...]
"""The classes that a hint is part of, the outermost first."""

_PLAIN: dict[Hint, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    Decimal: {"type": "number"},
    list: {"type": "array"},
    tuple: {"type": "array"},
    set: {"type": "array", "uniqueItems": True},
    frozenset: {"type": "array", "uniqueItems": True},
    dict: {"type": "object"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    time: {"type": "string", "format": "time"},
    UUID: {"type": "string", "format": "uuid"},
    bytes: {"type": "string", "contentEncoding": "base64"},
    Path: {"type": "string"},
}
_LISTS = (list, tuple, set, frozenset, Sequence, Iterable)
_WRAPPERS = tuple(
    getattr(module, name)
    for module in (typing, typing_extensions)
    for name in ("Required", "NotRequired", "ReadOnly")
    if hasattr(module, name)
)


def of(owner: object, name: str) -> dict[str, Hint]:
    """The type hints of a function or class by name. Raises InvalidInput."""
    try:
        return typing_extensions.get_type_hints(owner, include_extras=True)
    except (NameError, AttributeError, TypeError, SyntaxError) as error:
        raise InvalidInput(f"its type hints cannot be read ({error})", "Import what they name", path=name) from None


def described_object(hint: Any) -> bool:
    """Whether a type has members with names of their own: a dataclass, a TypedDict or a Pydantic model."""
    kind = get_origin(hint) or hint
    return isinstance(kind, type) and (
        dataclasses.is_dataclass(kind) or typing_extensions.is_typeddict(kind) or pydantic_types.is_model(kind)
    )


class Reader:
    """Reads the type hints of one function.

    definitions: schemas of the classes that it met, by name; the schemas that it gives refer to them as "#/$defs/NAME".
    """

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def schema(self, hint: Hint, where: str) -> Schema:
        """The schema of a type hint. where: for errors. Raises InvalidInput."""
        return self._schema(hint, where, (), {})

    def member(self, hint: Hint, default: object, where: str, words: str = "") -> tuple[Schema, bool]:
        """The schema of a parameter, and whether it has to be given. Raises InvalidInput.

        default: inspect.Parameter.empty if there is none; Pydantic's Field(...) may be one. words: what the docstring
        says of it.
        """
        return self._member(self.schema(hint, where), default, words)

    def _schema(  # noqa: PLR0911 - one for each kind of hint
        self, hint: Any, where: str, around: Classes, bound: Bound
    ) -> Schema:
        """around: the classes that the hint is part of."""
        origin, arguments = get_origin(hint), get_args(hint)
        if isinstance(hint, typing.TypeVar):
            return self._variable(hint, where, around, bound)
        if origin is typing.Annotated:
            return annotated.limited(self._schema(arguments[0], where, around, bound), arguments[1:])
        if origin in (Union, types.UnionType):
            alternatives = [self._schema(one, where, around, bound) for one in arguments if one is not type(None)]
            return alternatives[0] if len(alternatives) == 1 else {"anyOf": alternatives}
        if origin in _WRAPPERS:
            return self._schema(arguments[0], where, around, bound)
        if origin is Literal:
            return _choice(arguments, where)
        alias: Hint = hint if origin is None else origin
        if isinstance(alias, _alias_types()):
            value = getattr(alias, "__value__")  # noqa: B009 - its type is only known to newer Pythons
            value = value[arguments] if arguments else value
            return self._schema(value, where, _inside(around, alias, where), bound)
        if hasattr(hint, "__supertype__"):
            return self._schema(hint.__supertype__, where, around, bound)
        if origin in _LISTS or hint in _LISTS:
            return self._list(hint if origin is None else origin, arguments, where, around, bound)
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return self._mapping(arguments, where, around, bound)
        parameters = getattr(origin, "__parameters__", ())
        if isinstance(origin, type) and parameters:
            named = dict(zip(parameters, (_bound(it, bound) for it in arguments), strict=False))
            return self._class(origin, where, around, named)
        if isinstance(hint, type):
            return self._class(hint, where, around, {})
        return self._by_pydantic(hint, where)

    def _variable(self, hint: Hint, where: str, around: Classes, bound: Bound) -> Schema:
        if hint in bound:
            return self._schema(bound[hint], where, around, {})
        if hint.__constraints__:
            return {"anyOf": [self._schema(one, where, around, bound) for one in hint.__constraints__]}
        if hint.__bound__ is not None:
            return self._schema(hint.__bound__, where, around, bound)
        raise InvalidInput(f"{hint} can be any type, and the service needs one", "Name one, as in Box[int]", path=where)

    def _list(self, origin: Hint, arguments: tuple[Hint, ...], where: str, around: Classes, bound: Bound) -> Schema:
        schema = dict(_PLAIN.get(origin, {"type": "array"}))
        if origin is tuple and arguments and Ellipsis not in arguments:
            places = [self._schema(one, where, around, bound) for one in arguments]
            return schema | {"prefixItems": places, "minItems": len(places), "maxItems": len(places)}
        return schema | ({"items": self._schema(arguments[0], where, around, bound)} if arguments else {})

    def _mapping(self, arguments: tuple[Hint, ...], where: str, around: Classes, bound: Bound) -> Schema:
        if len(arguments) < 2:
            return {"type": "object"}
        keys = self._schema(arguments[0], where, around, bound)
        if keys.get("type") != "string":
            raise InvalidInput("has keys that are not text, which JSON does not know", "Use dict[str, ...]", path=where)
        schema: Schema = {"type": "object"} | ({"propertyNames": keys} if len(keys) > 1 else {})
        if arguments[1] in (Any, object):
            return schema
        return schema | {"additionalProperties": self._schema(arguments[1], where, around, bound)}

    def _class(  # noqa: PLR0911 - one for each kind of class
        self, kind: type, where: str, around: Classes, bound: Bound
    ) -> Schema:
        if kind in _PLAIN:
            return dict(_PLAIN[kind])
        below = _inside(around, kind, where)
        if issubclass(kind, Enum):
            return _choice([entry.value for entry in kind], where)
        if dataclasses.is_dataclass(kind):
            return self._defined(kind, self._dataclass(kind, where, below, bound))
        if typing_extensions.is_typeddict(kind):
            return self._defined(kind, self._typed_dict(kind, where, below, bound))
        if issubclass(kind, tuple) and hasattr(kind, "_fields"):
            return self._named_tuple(kind, where, below, bound)
        if pydantic_types.is_model(kind):
            return self._model(kind)
        for plain, schema in _PLAIN.items():
            if issubclass(kind, plain):
                return dict(schema)
        if issubclass(kind, Mapping):
            return {"type": "object"}
        return self._by_pydantic(kind, where)

    def _dataclass(self, kind: Hint, where: str, around: Classes, bound: Bound) -> Schema:
        hints, text = of(kind, where), _class_words(kind)
        fields = {one.name: one for one in dataclasses.fields(kind)}
        properties, required = {}, []
        # The signature has what the class is made with: InitVars too, and no field with init=False.
        for parameter in inspect.signature(kind).parameters.values():
            hint = hints.get(parameter.name, parameter.annotation)
            hint = hint.type if isinstance(hint, dataclasses.InitVar) else hint
            one = fields.get(parameter.name)
            words = str(one.metadata.get("description", "")) if one else ""
            words = words or text.parameters.get(parameter.name, "")
            default = parameter.default
            if one and one.default_factory is not dataclasses.MISSING:
                default = None
            schema = self._schema(hint, f"{where}.{parameter.name}", around, bound)
            properties[parameter.name], is_required = self._member(schema, default, words)
            required += [parameter.name] if is_required else []
        return _object(properties, required, text.description)

    def _typed_dict(self, kind: Hint, where: str, around: Classes, bound: Bound) -> Schema:
        text = _class_words(kind)
        properties, required = {}, []
        for name, hint in of(kind, where).items():
            schema = self._schema(hint, f"{where}.{name}", around, bound)
            properties[name], _ = self._member(schema, inspect.Parameter.empty, text.parameters.get(name, ""))
            # Under postponed annotations the class itself cannot tell: it never looks into its hints.
            marks = [one for one in _wrappers(hint) if one in ("Required", "NotRequired")]
            if marks[0] == "Required" if marks else name in kind.__required_keys__:
                required.append(name)
        return _object(properties, required, text.description)

    def _model(self, kind: type) -> Schema:
        schema = pydantic_types.model(kind, self.definitions)
        self.definitions |= schema.pop("$defs", {})
        return schema if "$ref" in schema else self._defined(kind, schema)

    def _defined(self, kind: type, schema: Schema) -> Schema:
        """A reference to the schema, which carries the name of its class."""
        name, number = kind.__name__, 2
        while self.definitions.get(name, schema) != schema:
            name, number = f"{kind.__name__}_{number}", number + 1
        self.definitions[name] = schema
        return {"$ref": f"#/$defs/{name}"}

    def _member(self, schema: Schema, default: Any, words: str) -> tuple[Schema, bool]:
        required = default is inspect.Parameter.empty
        if callable(getattr(default, "is_required", None)) and hasattr(default, "metadata"):
            schema = annotated.limited(schema, [default])
            required, default = default.is_required(), default.default
        about = schema.get("description") or self.definitions.get(schema.get("$ref", "")[8:], {}).get("description", "")
        if words:
            schema = {**schema, "description": in_words.joined(*dict.fromkeys((words, about)))}
        if not required and annotated.has_default(default):
            schema = {**schema, "default": annotated.default(default)}
        return schema, required

    def _named_tuple(self, kind: Hint, where: str, around: Classes, bound: Bound) -> Schema:
        hints, places = of(kind, where), []
        for name in kind._fields:
            schema = self._schema(hints.get(name, Any), f"{where}.{name}", around, bound)
            places.append({**schema, "description": in_words.joined(name, schema.get("description", ""))})
        least = len(places) - len(kind._field_defaults)
        return {"type": "array", "prefixItems": places, "minItems": least, "maxItems": len(places)}

    def _by_pydantic(self, hint: Hint, where: str) -> Schema:
        schema = pydantic_types.adapted(hint)
        if schema:
            self.definitions |= schema.pop("$defs", {})
            return schema
        name = getattr(hint, "__name__", None) or str(hint)
        raise InvalidInput(
            f"{name} is not a type that the service takes",
            "Use str, int, float, bool, list, dict, a dataclass, a TypedDict or a Pydantic model",
            path=where,
        )


def _alias_types() -> tuple[type, ...]:
    kinds = [typing_extensions.TypeAliasType, getattr(typing, "TypeAliasType", None)]
    return tuple(kind for kind in kinds if isinstance(kind, type))


def _bound(hint: Hint, bound: Bound) -> Hint:
    return bound.get(hint, hint) if isinstance(hint, typing.TypeVar) else hint


def _inside(around: Classes, kind: Hint, where: str) -> Classes:
    if kind in around:
        raise InvalidInput(
            f"{kind.__name__} contains itself, which the service does not support", "Limit its depth", path=where
        )
    return (*around, kind)


def _choice(values: Iterable[object], where: str) -> Schema:
    listed = [value.value if isinstance(value, Enum) else value for value in values if value is not None]
    kinds = {_PLAIN[type(value)]["type"] for value in listed if type(value) in _PLAIN}
    if len(kinds) != 1:
        raise InvalidInput("has choices of several types, and the service takes one", "Choose one type", path=where)
    return {"type": kinds.pop(), "enum": listed}


def _wrappers(hint: Any) -> Iterator[str]:
    """Names of what is put around the type of a TypedDict's member."""
    while get_origin(hint) is not None:
        origin = get_origin(hint)
        yield str(getattr(origin, "_name", None) or getattr(origin, "__name__", ""))
        if origin is not typing.Annotated and origin not in _WRAPPERS:
            return
        hint = get_args(hint)[0]


def _object(properties: Schema, required: Sequence[str], description: str) -> Schema:
    schema: Schema = {"type": "object"} | ({"description": description} if description else {})
    return schema | {"properties": dict(properties)} | ({"required": list(required)} if required else {})


def _class_words(kind: type) -> docstring.Docstring:
    """The class's own docstring, not the signature that dataclass writes when there is none."""
    text = kind.__dict__.get("__doc__")
    if isinstance(text, str) and dataclasses.is_dataclass(kind) and text.startswith(f"{kind.__name__}("):
        return docstring.Docstring()
    return docstring.read(text)
