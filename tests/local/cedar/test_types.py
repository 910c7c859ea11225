"""Arguments of tools as Cedar's values: each type of JSON Schema, and what cannot be one."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from agentcore_provider.local.cedar.decisions import PolicyStatements, Principal, decide, decide_listing
from agentcore_provider.local.cedar.schema import ToolSchema
from agentcore_provider.local.cedar.types import UnfitValueError, of_arguments

TOOL = "shop-1___find-order"
GATEWAY = "arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/shop-0123456789"
NOW = datetime(2026, 11, 30, 19, 0, tzinfo=timezone.utc)


def tool(properties: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"name": TOOL, "inputSchema": {"type": "object", "properties": properties, **members}}


def allows(described: dict[str, Any], condition: str, arguments: dict[str, Any]) -> bool:
    """Whether a permit with this condition allows the call; an error is a failure of the test."""
    policies = PolicyStatements(
        {"p": f"permit(principal, action, resource is AgentCore::Gateway) when {{ {condition} }};"}
    )
    schema = ToolSchema([described])
    found = decide(policies, schema, Principal("OAuthUser", "ann"), (GATEWAY, TOOL, arguments), NOW)
    assert not found.errors, found.errors
    return found.allowed


@pytest.mark.parametrize(
    ("schema", "value", "condition"),
    [
        ({"type": "integer"}, 2**63 - 1, "context.input.x == 9223372036854775807"),
        ({"type": "boolean"}, True, "context.input.x"),
        ({"type": "string"}, 'a "b" \\ é\n', 'context.input.x like "a*\\n"'),
        ({"type": "number"}, -1.23456, 'context.input.x == decimal("-1.2345")'),
        ({"type": "number"}, 3, 'context.input.x == decimal("3.0")'),
        ({"type": "string", "enum": ["open", "shut-1"]}, "open", 'context.input.x == {enum}::"open"'),
        ({"type": "array", "items": {"type": "string"}}, ["a", "b"], 'context.input.x.contains("b")'),
        ({"type": "object", "properties": {"a-b": {"type": "integer"}}}, {"a-b": 1}, 'context.input.x["a-b"] == 1'),
        ({"type": ["string", "null"]}, None, 'context.input.x has typeChoice1'),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, "a", 'context.input.x has typeChoice1 && '
         'context.input.x.typeChoice1 == "a"'),
        ({"type": "string", "format": "date-time"}, "2026-11-30T19:00:00.123456+01:30",
         'context.input.x < datetime("2026-11-30T18:00:00Z")'),
        ({"type": "string", "format": "date"}, "2026-11-30", 'context.input.x == datetime("2026-11-30")'),
        ({"type": "string", "format": "duration"}, "P1DT2H0.5S", 'context.input.x == duration("1d2h500ms")'),
        ({"type": "string", "format": "ipv4"}, "10.0.0.7", 'context.input.x.isInRange(ip("10.0.0.0/8"))'),
        ({"$ref": "#/$defs/n"}, 4, "context.input.x == 4"),
        ({}, {"anything": [1, None, 2.5]}, "true"),
    ],
)  # fmt: skip
def test_each_type_can_be_compared(schema: dict[str, Any], value: Any, condition: str) -> None:
    """In the service's types: policies that are validated are decided."""
    described = tool({"x": schema}, required=["x"], **{"$defs": {"n": {"type": "integer"}}})
    enum = "AgentCore::shop_1___find_order::Input::x"
    assert allows(described, condition.replace("{enum}", enum), {"x": value})
    assert not allows(described, f"!({condition.replace('{enum}', enum)})", {"x": value})


@pytest.mark.parametrize(
    ("schema", "value", "reason"),
    [
        ({"type": "integer"}, 2**63, "x is not an integer of 64 bits"),
        ({"type": "integer"}, 1.0, "x is not an integer"),
        ({"type": "integer"}, True, "x is not an integer"),
        ({"type": "number"}, 1e15, "x is not a number that Cedar's decimal can hold"),
        ({"type": "number"}, float("nan"), "x is not a number"),
        ({"type": "string"}, None, "x is not a string"),
        ({"type": "string", "enum": ["a"]}, "b", "x is not one of a"),
        ({"type": "string", "format": "date-time"}, "yesterday", "x is not a date or a time"),
        ({"type": "string", "format": "duration"}, "P1Y", "x is not a duration"),
        ({"type": "string", "format": "ipv6"}, "::g", "x is not an IP address"),
        ({"type": "array", "items": {"type": "integer"}}, [1, "2"], "x[1] is not an integer"),
        ({"type": "object", "properties": {"y": {"type": "string"}}, "required": ["y"]}, {}, "x.y is missing"),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, [], "x is not of one of its types"),
    ],
)
def test_what_is_not_of_its_type_is_an_error(schema: dict[str, Any], value: Any, reason: str) -> None:
    with pytest.raises(UnfitValueError) as error:
        of_arguments(TOOL, tool({"x": schema})["inputSchema"]).encode({"x": value})
    assert str(error.value).startswith(reason)


def deep(levels: int) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "string"}
    for _ in range(levels):
        found = {"type": "object", "properties": {"a": found}}
    return found


RECURSIVE = {"$ref": "#/$defs/node"}


@pytest.mark.parametrize(
    "schema",
    [
        None,
        True,
        {"type": "object"},
        deep(900),
        {"type": "object", "properties": {"x": RECURSIVE}, "$defs": {"node": {"type": "object", "properties": {"next": RECURSIVE}}}},
        {"type": "object", "properties": {"x": {"$ref": "https://elsewhere.example/schema"}}},
        {"type": "object", "properties": {"": {"enum": []}, "if": {"type": "string", "enum": ["\u0000", '"', "a\nb"]}}},
        {"type": "object", "properties": {"x": {"anyOf": "no list"}}, "required": "no list"},
        {"type": "object", "properties": "none", "additionalProperties": {"type": "string"}},
    ],
)  # fmt: skip
def test_any_schema_gives_one_that_the_engine_takes(schema: object) -> None:
    """A tool with a strange schema hides no other."""
    schemas = ToolSchema([{"name": TOOL, "inputSchema": schema}, {"name": 't___é "x"', "inputSchema": schema}])
    assert schemas.parsed is not None
    policies = PolicyStatements({"p": "permit(principal, action, resource is AgentCore::Gateway);"})
    ann = Principal("OAuthUser", 'a"n\\n')
    assert all(decide_listing(policies, schemas, ann, GATEWAY, name).allowed for name in schemas.arguments)


def test_a_tool_may_have_several_enumerations() -> None:
    """Beside each other, in each other, and in lists."""
    one, other = {"type": "string", "enum": ["a", "b"]}, {"type": "string", "enum": ["b", "c"]}
    inner = {"type": "object", "properties": {"x": other, "if": one}}
    described = tool({"x": one, "y": other, "in": inner, "many": {"type": "array", "items": other}})
    namespace = "AgentCore::shop_1___find_order::Input"
    condition = (
        f'context.input has x && context.input.x == {namespace}::x::"b" && context.input has "in" && '
        f'context.input["in"] has x && context.input["in"].x == {namespace}::_in::x::"b" && context.input has many && '
        f'context.input.many.contains({namespace}::many::"c")'
    )
    assert allows(described, condition, {"x": "b", "y": "c", "in": {"x": "b"}, "many": ["c"]})


def test_alike_names_share_the_values_of_their_enumerations() -> None:
    """Characters that a namespace does not have make two names one."""
    kinds = [{"type": "object", "properties": {"x": {"type": "string", "enum": [it]}}} for it in ("a", "b")]
    schemas = ToolSchema([{"name": n, "inputSchema": k} for n, k in zip(("t___a-b", "t___a_b"), kinds, strict=True)])
    assert 'entity x enum ["a", "b"]' in schemas.text
    assert schemas.parsed is not None


@pytest.mark.parametrize("group", ["CallTool", "Mcp", "shop-1"])
def test_actions_are_in_their_groups(group: str) -> None:
    """And in no list that does not name them, for listings too."""
    schema, ann = ToolSchema([tool({})]), Principal("OAuthUser", "ann")

    def listed(scope: str) -> bool:
        statement = f"permit(principal, action in {scope}, resource is AgentCore::Gateway);"
        return decide_listing(PolicyStatements({"p": statement}), schema, ann, GATEWAY, TOOL).allowed

    assert listed(f'AgentCore::Action::"{group}"')
    assert not listed('[AgentCore::Action::"shop-1___other"]')
    assert not listed('AgentCore::Action::"shop-2"')
