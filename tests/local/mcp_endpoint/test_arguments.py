"""Arguments that fit a schema pass; one wrong value anywhere is found and named."""

from __future__ import annotations

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentcore_provider.local.mcp_endpoint.arguments import problems

NAMES = st.text("abc", min_size=1, max_size=2)
LEAVES = st.one_of(
    st.sampled_from(["string", "number", "integer", "boolean", ["string", "null"]]).map(lambda name: {"type": name}),
    st.lists(st.sampled_from([0, 1.0, True, False, "x", None]), min_size=1).map(lambda values: {"enum": values}),
)
SCHEMAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda items: {"type": "array", "items": items}, inner),
        st.builds(
            lambda properties, required: {"type": "object", "properties": properties, "required": required},
            st.dictionaries(NAMES, inner, max_size=3),
            st.lists(NAMES, max_size=2, unique=True),
        ),
    ),
    max_leaves=6,
)
VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-9, 9), st.floats(allow_nan=False, allow_infinity=False), st.text("xy")
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=8,
)


@given(SCHEMAS, VALUES)
def test_it_finds_a_problem_exactly_where_json_schema_does(schema, value):
    assert bool(problems(schema, value)) == (not jsonschema.Draft202012Validator(schema).is_valid(value))


@pytest.mark.parametrize(
    ("schema", "value", "reported"),
    [
        ({"type": "object"}, [], ["Field '/' has invalid type: array found, object expected"]),
        (
            {"type": "object", "properties": {"a": {"type": "object", "required": ["b"]}}, "required": ["a", "c", "d"]},
            {"a": {}},
            ["Missing required field(s): 'c', 'd', '/a/b'"],  # B8, B27
        ),
        (
            {"type": "object", "properties": {"size": {"enum": ["s", "l", 1]}, "at": {"items": {"enum": [2]}}}},
            {"size": True, "at": [2, 3]},
            ["Field 'size' validation failed: enum", "Field '/at/1' validation failed: enum"],  # B28
        ),
        ({"type": "object", "properties": {"size": {"enum": ["s", 1]}}}, {"size": 1.0}, []),
        (
            {"type": "object", "properties": {"n": {"type": ["string", "null"]}, "o": {"type": ["string", "null"]}}},
            {"n": None, "o": 1},
            ["Field '/o' has invalid type: integer found, [string, null] expected"],
        ),
        (
            {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "integer"}}}},
            {"a": [1, "x", None]},
            [
                "Field '/a/1' has invalid type: string found, integer expected",
                "Field '/a/2' has invalid type: null found, integer expected",
            ],
        ),
        (
            {"type": "object", "additionalProperties": False},
            {"x": 1},
            [
                "additionalProperties validation failed: property 'x' is not defined in the schema and the schema "
                "does not allow additional properties"
            ],
        ),
        ({"type": "object", "properties": {"n": {"type": "integer"}}}, {"n": 3.0, "other": 1}, []),
        ({}, {"anything": 1}, []),
    ],
)
def test_problems_are_worded_as_the_service_words_them(schema, value, reported):
    assert problems(schema, value) == reported
