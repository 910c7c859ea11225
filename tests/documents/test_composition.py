"""Composed schemas written as one."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.documents.alternatives import Irreducible
from agentcore_provider.documents.composition import Composition

_CARD = {"properties": {"kind": {"type": "string"}, "number": {"type": "string"}}, "required": ["kind", "number"]}
_SEPA = {
    "properties": {"kind": {"type": "string"}, "iban": {"type": "string"}, "note": {"type": "string"}},
    "required": ["kind", "iban"],
}
_DEFINITIONS = {
    "#/Card": {"type": "object", **_CARD},
    "#/Sepa": {"type": "object", **_SEPA},
    "#/Null": {"enum": [None]},
    "#/Loop": {"allOf": [{"$ref": "#/Loop"}]},
}
_PLACE = {"type": "object", "properties": {"street": {"type": "string"}}, "required": ["street"]}


def _written(schema: Any, *, lists_null: bool = False) -> dict[str, Any]:
    return Composition(_DEFINITIONS.__getitem__, lists_null=lists_null).written(schema)[0]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        pytest.param(
            {
                "oneOf": [{"$ref": "#/Card"}, {"$ref": "#/Sepa"}],
                "discriminator": {"propertyName": "kind", "mapping": {"card": "#/Card", "sepa": "Sepa"}},
                "description": "How to pay",
            },
            {
                "type": "object",
                "description": "How to pay. One of these: Card with kind card, number; or Sepa with kind sepa, iban "
                "and optionally note.",
                "properties": {
                    "kind": {"type": "string", "enum": ["card", "sepa"]},
                    "number": {"type": "string"},
                    "iban": {"type": "string"},
                    "note": {"type": "string"},
                },
                "required": ["kind"],
            },
            id="mapping of a discriminator",
        ),
        pytest.param(
            {"oneOf": [{"$ref": "#/Card"}, {"$ref": "#/Sepa"}], "discriminator": {"propertyName": "kind"}},
            {
                "type": "object",
                "description": "One of these: Card with kind Card, number; or Sepa with kind Sepa, iban and "
                "optionally note.",
                "properties": {
                    "kind": {"type": "string", "enum": ["Card", "Sepa"]},
                    "number": {"type": "string"},
                    "iban": {"type": "string"},
                    "note": {"type": "string"},
                },
                "required": ["kind"],
            },
            id="discriminator without a mapping",
        ),
        pytest.param(
            {
                "anyOf": [
                    {"type": "object", "title": "Cat", "properties": {"k": {"const": "cat"}}, "required": ["k"]},
                    {"type": "object", "title": "Dog", "properties": {"k": {"const": "dog"}, "n": {"type": "integer"}}},
                ]
            },
            {
                "type": "object",
                "description": "One of these: Cat with k cat; or Dog with optionally k dog, n.",
                "properties": {"k": {"type": "string", "enum": ["cat", "dog"]}, "n": {"type": "integer"}},
            },
            id="values that each alternative has",
        ),
        pytest.param(
            {
                "description": "What to do",
                "oneOf": [
                    {"type": "object", "description": "first", "properties": {"a": {"type": "string"}}},
                    {"type": "object", "description": "second", "minProperties": 1},
                ],
            },
            {
                "type": "object",
                "description": "What to do. One of these: first with optionally a; or second. At least 1 properties "
                "with any properties.",
                "properties": {"a": {"type": "string"}},
            },
            id="descriptions and limits of alternatives",
        ),
        pytest.param(
            {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}
            | {"anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
            {
                "type": "object",
                "description": "At least one of these: a; or b.",
                "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
            },
            id="alternatives that only require",
        ),
        pytest.param(
            {"anyOf": [{"type": "object", "nullable": True}, _PLACE]},
            {**_PLACE, "nullable": True},
            id="nullable object in apispec's form",
        ),
        pytest.param(
            {"anyOf": [_PLACE, {"$ref": "#/Null"}]}, {**_PLACE, "nullable": True}, id="null as an enum of its own"
        ),
        pytest.param(
            {"oneOf": [{"type": "string", "enum": ["a"]}, {"enum": [""]}, {"$ref": "#/Null"}], "nullable": True},
            {"type": "string", "enum": ["a", ""], "nullable": True},
            id="blank and null choices",
        ),
        pytest.param({"oneOf": [{"type": "integer"}, {"type": "number"}]}, {"type": "number"}, id="two numbers"),
        pytest.param(
            {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?\d*\.?\d+$"}]},
            {"type": "number"},
            id="a decimal number or its digits",
        ),
        pytest.param(
            {"anyOf": [{"type": "number"}, {"type": "string", "pattern": "^auto$"}]},
            {
                "type": "number",
                "description": "Give the number; the API also takes text. Matches the regular expression ^auto$.",
            },
            id="a number or another text",
        ),
        pytest.param(
            {"anyOf": [{"type": "number"}, {"type": "string"}]},
            {"type": "number", "description": "Give the number; the API also takes text."},
            id="a number or any text",
        ),
        pytest.param(
            {"anyOf": [{"type": "string", "description": "JSON"}, _PLACE]},
            {**_PLACE, "description": "Give the object; the API also takes text. JSON"},
            id="an object or its text",
        ),
        pytest.param(
            {"type": ["boolean", "string"]},
            {"type": "boolean", "description": "Give the boolean; the API also takes text."},
            id="a boolean or its text",
        ),
        pytest.param(
            {"anyOf": [_PLACE, {"type": "object", "properties": {"x": {"type": "integer"}}}, {"type": "string"}]},
            {
                "type": "object",
                "description": "One of these: street; or optionally x. Give the object; the API also takes text.",
                "properties": {"street": {"type": "string"}, "x": {"type": "integer"}},
            },
            id="objects or their text",
        ),
        pytest.param(
            {"minimum": 1, "anyOf": [{"type": "string", "format": "integer", "default": 0}, {"type": "integer"}]},
            {"type": "integer", "minimum": 1},
            id="a number or its digits",
        ),
        pytest.param(
            {"anyOf": [{"type": "string", "format": "numeric"}, {"type": "number", "maximum": 9}]},
            {"type": "number", "maximum": 9},
            id="a decimal number or its digits",
        ),
        pytest.param(
            {
                "description": "When to deliver",
                "anyOf": [
                    {"type": "string", "format": "date-time"},
                    {"type": "string", "format": "date"},
                    {"type": "number"},
                ],
            },
            {
                "type": "string",
                "description": "When to deliver. Format: date-time. Or: Format: date. The API also takes a number.",
            },
            id="a date or its number",
        ),
        pytest.param(
            {
                "oneOf": [
                    {"type": "string", "enum": ["open"], "description": "* `open` - open"},
                    {"type": "string", "enum": ["in_work"], "description": "* `in_work` - In work"},
                    {
                        "type": "string",
                        "enum": ["done", "void"],
                        "description": "* `done` - Done\n* `void` - Cancelled",
                    },
                    {"type": "string", "enum": ["lost"], "description": "* `lost` - Not found"},
                ]
            },
            {
                "type": "string",
                "enum": ["open", "in_work", "done", "void", "lost"],
                "description": "done or void: void (Cancelled). lost: Not found.",
            },
            id="choices with labels",
        ),
        pytest.param(
            {"anyOf": [{"type": "string", "minLength": 3}, {"type": "string", "pattern": "^x"}, {"type": "string"}]},
            {
                "type": "string",
                "description": "At least 3 characters. Or: Matches the regular expression ^x. Or: Any string.",
            },
            id="limits of texts",
        ),
        pytest.param(
            {"allOf": [{"type": "string", "pattern": "^a"}, {"pattern": "b$", "maxLength": 9}, {"maxLength": 5}]},
            {
                "type": "string",
                "pattern": "^a",
                "maxLength": 5,
                "description": "Matches the regular expression b$.",
            },
            id="limits that all hold",
        ),
    ],
)
def test_one_schema_says_the_same(schema: Any, expected: Any) -> None:
    """In keywords where there are any, in words where there are none."""
    assert _written(schema) == expected


def test_null_is_a_type_where_there_is_no_keyword() -> None:
    """JSON Schema and OpenAPI 3.1 have no `nullable`."""
    assert _written({"anyOf": [{"type": "string"}, {"type": "null"}]}, lists_null=True) == {"type": ["string", "null"]}


@pytest.mark.parametrize(
    "schema", [{"type": ["string", "integer"]}, {"oneOf": [{"type": "string"}, {"type": "integer"}]}]
)
def test_two_forms_of_one_choice_are_judged_alike(schema: Any) -> None:
    """Several types are alternatives, however they are written."""
    with pytest.raises(Irreducible, match="integer, string"):
        _written(schema)


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ({"anyOf": [{"type": "string"}, {"type": "number"}]}, "number, string"),
        ({"anyOf": [{"type": "boolean"}, {"enum": ["auto"]}]}, "boolean, string"),
        ({"anyOf": [{"type": "object"}, {"type": "array"}, {"type": "string"}]}, "array, object, string"),
        ({"$ref": "#/Loop"}, "contains itself"),
        ({"$ref": "#/Nothing"}, "points to nothing"),
        ({"allOf": [{"type": "string"}, {"type": "object"}]}, "both"),
        ({"allOf": [{"enum": ["a"]}, {"enum": ["b"]}]}, "no value in common"),
        ({"anyOf": [{"type": "null"}]}, "beside null"),
        ({"oneOf": [{"type": "object", "not": {}}, {"type": "object"}]}, "no words"),
        (
            {
                "oneOf": [
                    {"type": "object", "properties": {"a": {"type": "string"}}},
                    {"type": "object", "properties": {"a": {"type": "array"}}},
                ]
            },
            "differ in a",
        ),
    ],
)
def test_what_one_schema_cannot_say_is_refused(schema: Any, why: str) -> None:
    """Rather than lose an alternative or a limit."""
    with pytest.raises(Irreducible, match=why):
        _written(schema)


def test_what_is_received_is_not_narrowed() -> None:
    """An answer comes in every form that its schema has."""
    composition = Composition(_DEFINITIONS.__getitem__, narrows=False)
    with pytest.raises(Irreducible, match="boolean, string"):
        composition.written({"type": ["boolean", "string"]})
