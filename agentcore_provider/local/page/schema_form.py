"""A form made from a tool's input schema, and the arguments made from what was typed into it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from agentcore_provider.local import json_document
from agentcore_provider.local.json_document import JsonObject

_T = TypeVar("_T")
PREFIX = "argument:"
DOCUMENT = "document"
"""The field with all arguments as JSON, which counts in place of the others where `as` is `json`."""


class UnreadableArgumentsError(Exception):
    """What was typed is not JSON where it has to be; the text names the field."""


@dataclass(frozen=True)
class Field:
    """An argument.

    control: `text`, `number`, `choice` or `json`. choices: their values as JSON. value: what is typed in already.
    """

    name: str
    control: str
    type: str
    description: str
    is_required: bool
    value: str = ""
    choices: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The name of the form's field."""
        return PREFIX + self.name


def fields(schema: JsonObject, arguments: JsonObject) -> list[Field]:
    """The fields of a tool's form. arguments: what they hold."""
    # MCP servers write what they like.
    properties, required = _of_type(schema.get("properties"), dict), _of_type(schema.get("required"), list)
    found = [(name, _of_type(it, dict)) for name, it in properties.items()]
    return [_field(name, it, is_required=name in required, arguments=arguments) for name, it in found]


def read(schema: JsonObject, form: Mapping[str, str]) -> JsonObject:
    """The arguments that were typed; an empty field is left out. Raises UnreadableArgumentsError."""
    if form.get("as") == "json":
        document = _json("Arguments as JSON", form.get(DOCUMENT, ""))
        if not isinstance(document, dict):
            raise UnreadableArgumentsError("Arguments as JSON: write an object, such as {}")
        return document
    typed = {it.name: (it, form.get(it.key, "")) for it in fields(schema, {})}
    return {name: _value(it, text) for name, (it, text) in typed.items() if text != ""}


def _field(name: str, schema: JsonObject, *, is_required: bool, arguments: JsonObject) -> Field:
    kind = schema.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    named = next((it for it in kinds if it != "null"), None)
    choices = [json.dumps(it, ensure_ascii=False) for it in _of_type(schema.get("enum"), list)]
    if named == "boolean" and not choices:
        choices = ["true", "false"]
    control = (
        "choice" if choices else {"string": "text", "integer": "number", "number": "number"}.get(str(named), "json")
    )
    value = arguments.get(name, schema.get("default"))
    text = (
        ""
        if value is None
        else value
        if control == "text" and isinstance(value, str)
        else json.dumps(value, ensure_ascii=False)
    )
    description = schema.get("description")
    return Field(
        name=name,
        control=control,
        type=" or ".join(map(str, kinds)) if kind else "any",
        description=description if isinstance(description, str) else "",
        is_required=is_required,
        value=text,
        choices=choices,
    )


def _of_type(value: object, kind: type[_T]) -> _T:
    return value if isinstance(value, kind) else kind()


def _value(it: Field, text: str) -> object:
    if it.control == "text":
        # Browsers send a line's end as two characters.
        return text.replace("\r\n", "\n")
    if it.control == "number":
        try:
            return json_document.read(text.encode())
        except ValueError:
            # As it is: the gateway's own answer explains it.
            return text
    return _json(it.name, text)


def _json(name: str, text: str) -> object:
    try:
        return json_document.read(text.encode())
    except ValueError as error:
        raise UnreadableArgumentsError(f"{name} is not JSON: {error}") from None
