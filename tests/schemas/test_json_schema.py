"""JSON Schema folded to the service's six types and five keywords."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentcore_provider.errors import InvalidInput
from agentcore_provider.rules import service_model
from agentcore_provider.schemas import json_schema


@pytest.mark.parametrize(
    ("schema", "folded"),
    [
        ({"type": "string", "format": "email"}, {"type": "string", "description": "Format: email."}),
        ({"type": ["integer", "null"], "minimum": 1}, {"type": "integer", "description": "At least 1."}),
        ({"enum": ["a", "b", None]}, {"type": "string", "description": "One of: a, b."}),
        ({"const": 3}, {"type": "integer", "description": "Always 3."}),
        ({"anyOf": [{"type": "number"}, {"type": "null"}], "default": None}, {"type": "number"}),
        (
            {"type": "string", "description": "A name", "examples": ["Ada"]},
            {"type": "string", "description": "A name. For example Ada."},
        ),
        ({"type": "string", "description": "as it stands"}, {"type": "string", "description": "as it stands"}),
        ({"items": {"type": "string"}}, {"type": "array", "items": {"type": "string"}}),
        (
            {"allOf": [{"type": "object", "properties": {"a": {"type": "string"}}}, {"required": ["a"]}]},
            {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
        ),
        (
            {"$defs": {"B": {"type": "boolean"}}, "properties": {"b": {"$ref": "#/$defs/B", "description": "B"}}},
            {"type": "object", "properties": {"b": {"type": "boolean", "description": "B"}}},
        ),
        (
            {"oneOf": [{"const": "a", "description": "First"}, {"const": "b", "description": "Second"}]},
            {"type": "string", "description": "a: First. b: Second. One of: a, b."},
        ),
        (
            {"type": "object", "additionalProperties": {"type": "integer"}},
            {"type": "object", "description": "Any keys, each with a value of type integer."},
        ),
        (
            {
                "allOf": [
                    {"properties": {"n": {"type": "integer", "minimum": 1}}},
                    {"properties": {"n": {"minimum": 3, "description": "How many"}}},
                ]
            },
            {
                "type": "object",
                "properties": {"n": {"type": "integer", "description": "How many. At least 3."}},
            },
        ),
        (
            {"type": "array", "items": {}},
            {"type": "array"},
        ),
        (
            {"type": "object", "propertyNames": {"type": "string"}, "additionalProperties": {"type": "string"}},
            {"type": "object", "description": "Any keys, each with a value of type string."},
        ),
        (
            {"type": "object", "propertyNames": {"pattern": "^x-"}, "patternProperties": {"^x-a": {"type": "integer"}}},
            {
                "type": "object",
                "description": "Of each key: Matches the regular expression ^x-. Keys that match ^x-a, each with a "
                "value of type integer.",
            },
        ),
        (
            {"$defs": {"I": {"properties": {"n": {"type": "integer", "minimum": 1}}}}}
            | {"type": "object", "additionalProperties": {"$ref": "#/$defs/I"}},
            {
                "type": "object",
                "description": "Any keys, each with a value of JSON Schema "
                '{"type": "object", "properties": {"n": {"type": "integer", "description": "At least 1."}}}.',
            },
        ),
        (
            {"type": "array", "prefixItems": [{"type": "number", "title": "Lat"}, {"type": "string"}], "maxItems": 2},
            {"type": "array", "description": "At most 2 items. In this order: type number; type string."},
        ),
        (
            {"properties": {"first_name": {"type": "string", "title": "First Name", "default": ""}}},
            {"type": "object", "properties": {"first_name": {"type": "string"}}},
        ),
        ({"type": "object", "title": "findArguments"}, {"type": "object"}),
        ({"type": "object", "dependentRequired": {"a": ["b"]}}, {"type": "object", "description": "a requires b."}),
    ],
)
def test_nothing_is_lost(schema: dict[str, Any], folded: dict[str, Any]) -> None:
    """What the keywords cannot say stands in the description, and the service takes the result."""
    assert json_schema.fold(schema) == folded
    assert service_model.validate(folded, "SchemaDefinition") == []


@pytest.mark.parametrize(
    "maybe",
    [
        {"anyOf": [{"type": "string"}, {"type": "null"}]},
        {"type": ["string", "null"]},
        {"type": "string", "nullable": True},
        {"$ref": "#/$defs/Maybe"},
    ],
)
def test_what_may_be_null_may_be_left_out(maybe: dict[str, Any]) -> None:
    """The service has no null: a required property that may be null becomes one that may be absent."""
    schema = {
        "type": "object",
        "properties": {"a": maybe, "b": {"type": "string"}},
        "required": ["a", "b"],
        "$defs": {"Maybe": {"oneOf": [{"type": "string"}, {"type": "null"}]}},
    }
    assert json_schema.fold(schema)["required"] == ["b"]


def test_everything_that_cannot_be_reported_is_reported_at_once() -> None:
    schema = {"type": "object", "properties": {"a": {"not": {}}, "b": {"type": "object", "properties": {"c": {}}}}}
    with pytest.raises(InvalidInput) as caught:
        json_schema.fold(schema, path="find.inputSchema")
    assert [problem.path for problem in caught.value.problems] == [
        "find.inputSchema.properties.a.type",
        "find.inputSchema.properties.b.properties.c.type",
    ]


def test_folding_twice_changes_nothing() -> None:
    """A folded schema is already what the service takes."""
    schema = {"type": "object", "properties": {"a": {"type": "string", "enum": ["x"]}}, "required": ["a"]}
    once = json_schema.fold(schema)
    assert json_schema.fold(once) == once


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"properties": {"a": {}}}, "inputSchema.properties.a.type"),
        ({"type": ["string", "integer"]}, "inputSchema.type"),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, "inputSchema"),
        ({"type": "string", "not": {"const": "a"}}, "inputSchema.not"),
        ({"$ref": "#/$defs/None"}, "inputSchema"),
        ({"$ref": "other.json"}, "inputSchema"),
        (
            {"$defs": {"A": {"properties": {"a": {"$ref": "#/$defs/A"}}}}, "$ref": "#/$defs/A"},
            "inputSchema.properties.a",
        ),
        ({"type": "object", "properties": {"a": True}}, "inputSchema.properties.a"),
        ("text", "inputSchema"),
    ],
)
def test_what_cannot_be_reported_is_refused_with_its_path(schema: Any, place: str) -> None:
    """Rather than lose a rule silently."""
    with pytest.raises(InvalidInput) as refused:
        json_schema.fold(schema)
    assert str(refused.value).startswith(f"{place}:")


def _schemas() -> st.SearchStrategy[Any]:
    words = st.fixed_dictionaries(
        {},
        optional={
            "description": st.text("ab .", max_size=5),
            "default": st.none() | st.integers() | st.text(max_size=3),
            "enum": st.lists(st.sampled_from(["a", "b", None]), min_size=1, max_size=3),
            "format": st.just("date"),
            "minimum": st.integers(0, 9),
            "nullable": st.booleans(),
            "title": st.just("T"),
        },
    )
    kinds = st.sampled_from(["string", "integer", "boolean", ["string", "null"], ["number"], "null", None])
    leaf = st.builds(lambda kind, reported: {**({"type": kind} if kind else {}), **reported}, kinds, words)
    names = st.sampled_from(["a", "b", "c"])

    def grown(below: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        members = st.fixed_dictionaries(
            {"type": st.just("object"), "properties": st.dictionaries(names, below, max_size=3)},
            optional={
                "required": st.lists(names, unique=True),
                "additionalProperties": st.booleans() | below,
                "allOf": st.lists(below, max_size=2),
            },
        )
        lists = st.fixed_dictionaries({"type": st.just("array")}, optional={"items": below, "minItems": st.just(1)})
        several = st.builds(
            lambda key, parts: {key: parts}, st.sampled_from(["anyOf", "oneOf"]), st.lists(below, max_size=3)
        )
        return members | lists | several

    return st.recursive(leaf, grown, max_leaves=8)


@given(_schemas())
def test_a_schema_is_either_reported_or_folded_into_what_the_service_takes(schema: Any) -> None:
    """Whatever comes in, the service takes what comes out, and folding that again changes nothing."""
    try:
        folded = json_schema.fold(schema)
    except InvalidInput as error:
        report = [str(it) for it in error.problems]
    else:
        report = ()
        assert service_model.validate(folded, "SchemaDefinition") == []
        assert json_schema.fold(folded) == folded
    assert all(line.startswith("inputSchema") for line in report)


@pytest.mark.parametrize(
    "broken",
    [{"properties": []}, {"required": "a"}, {"enum": 3}, {"anyOf": {}}, {"allOf": ["a"]}, {"oneOf": [3]}, {"items": 3}],
)
def test_what_is_not_a_schema_is_reported_with_its_place(broken: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match=r"^inputSchema"):
        json_schema.fold({"type": "array" if "items" in broken else "object", **broken})
