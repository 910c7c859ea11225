"""Which changes of tools break those who call them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from agentcore_provider.schemas import schema_changes
from agentcore_provider.schemas.tool_changes import ToolChange, compare

TEXT, NUMBER, WHOLE = {"type": "string"}, {"type": "number"}, {"type": "integer"}


def _schema(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, **({"required": list(required)} if required else {})}


def _tool(name: str, inputs: Any = None, outputs: Any = None, description: str = "Find orders") -> dict[str, Any]:
    tool = {"name": name, "description": description, "inputSchema": inputs or _schema(id=TEXT)}
    return {**tool, "outputSchema": outputs} if outputs else tool


class TestTools:
    """Tools come, go, and change their names."""

    def test_nothing_changed(self) -> None:
        """Another order changes nothing."""
        tools = [_tool("find"), _tool("list")]
        assert compare(tools, tools[::-1]) == []

    def test_a_removed_tool_breaks(self) -> None:
        """And a new one does not."""
        found = compare([_tool("find")], [_tool("buy", _schema(sku=TEXT))])
        assert found == [ToolChange("find", "removed", ("is removed",)), ToolChange("buy", "added")]

    def test_a_tool_with_another_name_is_renamed(self) -> None:
        """Where exactly one new tool is the same otherwise."""
        [found] = compare([_tool("find")], [_tool("search")])
        assert (found.kind, found.now, found.breaking) == ("renamed", "search", ("is renamed to search",))
        kinds = [it.kind for it in compare([_tool("find")], [_tool("search"), _tool("seek")])]
        assert kinds == ["removed", "added", "added"]

    def test_words_do_not_break(self) -> None:
        """A description that changes is a change, which callers survive."""
        [found] = compare([_tool("find")], [_tool("find", description="Search orders")])
        assert (found.kind, found.breaking) == ("changed", ())


BREAKING = {
    "a new required argument": (
        _schema(id=TEXT),
        _schema("sku", id=TEXT, sku=TEXT),
        "argument sku is new and required",
    ),
    "an argument that becomes required": (_schema(id=TEXT), _schema("id", id=TEXT), "argument id is now required"),
    "an argument that is removed": (_schema(id=TEXT, sku=TEXT), _schema(id=TEXT), "argument sku is removed"),
    "another type": (_schema(id=TEXT), _schema(id=WHOLE), "argument id must be integer, not string"),
    "a type where there was none": (_schema(id={}), _schema(id=TEXT), "argument id must be string"),
    "one of two types": (
        _schema(id={"type": ["string", "null"]}),
        _schema(id=TEXT),
        "argument id must be string, not null",
    ),
    "null of OpenAPI 3.0": (
        _schema(id={**TEXT, "nullable": True}),
        _schema(id=TEXT),
        "argument id must be string, not null",
    ),
    "whole numbers only": (_schema(n=NUMBER), _schema(n=WHOLE), "argument n must be integer, not number"),
    "a value that is removed": (
        _schema(s={**TEXT, "enum": ["open", "paid"]}),
        _schema(s={**TEXT, "enum": ["paid", "sent"]}),
        "argument s no longer accepts 'open'",
    ),
    "only certain values": (
        _schema(s=TEXT),
        _schema(s={**TEXT, "enum": ["a"]}),
        "argument s accepts only certain values",
    ),
    "a tighter limit": (
        _schema(n={**WHOLE, "maximum": 100}),
        _schema(n={**WHOLE, "maximum": 10}),
        "argument n has tighter limits",
    ),
    "a pattern": (_schema(s=TEXT), _schema(s={**TEXT, "pattern": "^a"}), "argument s has tighter limits"),
    "deep below": (
        _schema(order=_schema(lines={"type": "array", "items": _schema(sku=TEXT)})),
        _schema(order=_schema(lines={"type": "array", "items": _schema("sku", sku=TEXT)})),
        "argument order.lines[].sku is now required",
    ),
    "one alternative less": (
        _schema(id={"anyOf": [TEXT, WHOLE]}),
        _schema(id={"anyOf": [TEXT]}),
        "argument id accepts other kinds of values",
    ),
    "a map that is closed": (
        _schema(tags={"type": "object", "additionalProperties": TEXT}),
        _schema(tags={"type": "object", "additionalProperties": False}),
        "argument tags.* is removed",
    ),
    "conditions": (
        _schema(id=TEXT),
        _schema(id={**TEXT, "not": {"const": ""}}),
        "argument id has other conditions, which cannot be compared",
    ),
    "no properties any more": (_schema(id=TEXT), {"type": "object"}, "argument id is removed"),
    "no schema any more": (_schema(id=TEXT), {"description": "None"}, "argument id is removed"),
    "alternatives with conditions of their own": (
        {**_schema("a", a=TEXT, b=TEXT)},
        {**_schema("b", a=TEXT, b=TEXT), "anyOf": [{"required": ["a"]}]},
        "the input accepts other kinds of values",
    ),
    "a keyword of newer drafts": (
        _schema(id={"type": "array"}),
        _schema(id={"type": "array", "contains": TEXT}),
        "argument id has other conditions, which cannot be compared",
    ),
    "an argument nobody can set": (_schema(id=TEXT), _schema(id=False), "argument id can no longer be set"),
}
FITTING = {
    "null as an alternative": (_schema(id={**TEXT, "nullable": True}), _schema(id={"anyOf": [TEXT, {"type": "null"}]})),
    "the type of its values": (_schema(s={"enum": ["a", "b"]}), _schema(s={**TEXT, "enum": ["a", "b"]})),
    "a bound that is included": (_schema(n={"exclusiveMinimum": 5}), _schema(n={"minimum": 5})),
    "a new argument": (_schema(id=TEXT), _schema(id=TEXT, sku=TEXT)),
    "an argument that becomes optional": (_schema("id", id=TEXT), _schema(id=TEXT)),
    "a wider number": (_schema(n=WHOLE), _schema(n=NUMBER)),
    "any value": (_schema(s={**TEXT, "enum": ["a"]}), _schema(s=TEXT)),
    "one more value": (_schema(s={"enum": ["a"]}), _schema(s={"enum": ["a", "b"]})),
    "no type": (_schema(id=TEXT), _schema(id={"description": "Any"})),
    "one more alternative": (_schema(id=TEXT), _schema(id={"anyOf": [WHOLE, TEXT]})),
    "a looser limit": (_schema(n={"minimum": 3}), _schema(n={"minimum": 0})),
    "a length that everything has": (_schema(s=TEXT), _schema(s={**TEXT, "minLength": 0})),
    "words and formats": (_schema(id=TEXT), _schema(id={**TEXT, "title": "Id", "format": "uuid"})),
    "a list that says it is complete": (_schema(id=TEXT), {**_schema(id=TEXT), "additionalProperties": False}),
    "arguments in a map": (_schema(id=TEXT), {"type": "object", "additionalProperties": TEXT}),
}


@pytest.mark.parametrize(("before", "now", "reason"), BREAKING.values(), ids=BREAKING)
def test_a_breaking_change_is_named(before: Any, now: Any, reason: str) -> None:
    """With the argument and what about it."""
    [found] = compare([_tool("find", before)], [_tool("find", now)])
    assert found.breaking == (reason,)


@pytest.mark.parametrize(("before", "now"), FITTING.values(), ids=FITTING)
def test_a_change_that_callers_survive_breaks_nobody(before: Any, now: Any) -> None:
    """What was right before is right now."""
    [found] = compare([_tool("find", before)], [_tool("find", now)])
    assert (found.kind, found.breaking) == ("changed", ())


@pytest.mark.parametrize(
    ("before", "now", "reasons"),
    [
        (_schema("id", id=TEXT), _schema(id=TEXT), ("its answer may lack id",)),
        (_schema(id=TEXT, sum=WHOLE), _schema(id=TEXT), ("its answer no longer has sum",)),
        (_schema(sum=WHOLE), _schema(sum=NUMBER), ("sum of its answer may be number, not only integer",)),
        (_schema(s={"enum": ["a"]}), _schema(s={"enum": ["a", "b"]}), ("s of its answer may have other values",)),
        (_schema(id=TEXT), None, ("its answer has no schema any more",)),
        (_schema(id={"anyOf": [TEXT]}), _schema(id=TEXT), ()),
        (_schema(id={"type": ["string", "null"]}), _schema(id={"anyOf": [TEXT, {"type": "null"}]}), ()),
        (
            _schema(tags={"additionalProperties": TEXT}),
            _schema(tags={"additionalProperties": WHOLE}),
            ("tags.* of its answer may be integer, not only string",),
        ),
        (_schema(id={"anyOf": [TEXT]}), _schema(id=WHOLE), ("id of its answer may have other kinds of values",)),
        (
            {"type": "array", "items": TEXT},
            {"type": "array"},
            ("[] of its answer may be of any type, not only string",),
        ),
        (None, _schema(id=TEXT), ()),
        (_schema(id=TEXT), _schema("id", id=TEXT, sum=WHOLE), ()),
        (_schema(sum=NUMBER), _schema(sum=WHOLE), ()),
    ],
)
def test_an_answer_keeps_what_it_promised(before: Any, now: Any, reasons: tuple[str, ...]) -> None:
    """More in an answer breaks no reader, less does."""
    [found] = compare([_tool("find", None, before)], [_tool("find", None, now)])
    assert found.breaking == reasons


def test_schemas_that_multiply_end() -> None:
    """Alternatives of alternatives are cut off and reported, not compared for ever."""
    deep: dict[str, Any] = TEXT
    other: dict[str, Any] = WHOLE
    for _ in range(30):
        deep, other = {"anyOf": [deep, {"items": deep}]}, {"anyOf": [other, {"items": other}]}
    assert [*schema_changes.narrowed(_schema(id=deep), _schema(id=other))][
        -1
    ] == "its arguments are too large to be compared"


_LEAVES = st.one_of(
    st.sampled_from([{}, TEXT, WHOLE, NUMBER, {"type": "boolean"}, {"type": ["string", "null"]}]),
    st.lists(st.sampled_from(["a", "b", 1]), min_size=1, max_size=3, unique=True).map(lambda it: {"enum": it}),
    st.integers(0, 3).map(lambda it: {"type": "integer", "minimum": it}),
    st.integers(0, 3).map(lambda it: {"type": "string", "maxLength": it}),
)
_SCHEMAS = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.dictionaries(st.sampled_from("xyz"), inner, max_size=3).flatmap(
            lambda it: st.lists(st.sampled_from(sorted(it) or ["x"]), unique=True, max_size=2).map(
                lambda required: {"type": "object", "properties": it, "required": required}
            )
        ),
        inner.map(lambda it: {"type": "array", "items": it}),
        st.lists(inner, min_size=1, max_size=2).map(lambda it: {"anyOf": it}),
    ),
    max_leaves=6,
)
_VALUES = st.recursive(
    st.sampled_from(["a", "b", "abcd", "", 0, 1, 2.5, True, None]),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from("xyz"), inner, max_size=3)),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(_SCHEMAS, _SCHEMAS, _VALUES)
def test_what_is_called_compatible_accepts_every_old_call(before: Any, now: Any, value: Any) -> None:
    """Judged by jsonschema: a value that fitted before fits now, wherever no reason is found."""
    old, new = _schema(x=before), _schema(x=now)
    if not [*schema_changes.narrowed(old, new)] and Draft202012Validator(old).is_valid({"x": value}):
        assert Draft202012Validator(new).is_valid({"x": value})


@settings(max_examples=100, deadline=None)
@given(_SCHEMAS)
def test_a_schema_fits_itself(schema: Any) -> None:
    """Also when it is another object."""
    assert [*schema_changes.narrowed(schema, {**schema, "description": "The same"})] == []
