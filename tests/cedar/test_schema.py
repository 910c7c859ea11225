"""The Cedar schema of tools: a type for each argument, whatever it is called."""

from __future__ import annotations

from typing import Any

import cedarpy
import pytest

from agentcore_provider.cedar import schema, types
from agentcore_provider.cedar.schema import CedarSchema
from agentcore_provider.documents.cedar_policy import quoted


def of_arguments(properties: dict[str, Any], **more: Any) -> CedarSchema:
    tool = {"name": "t", "inputSchema": {"type": "object", "properties": properties, **more}}
    return schema.of_targets({"a": [tool]})


@pytest.mark.parametrize(
    ("described", "cedar"),
    [
        ({"type": "string"}, "String"),
        ({"type": "integer"}, "Long"),
        ({"type": "boolean"}, "Bool"),
        ({"type": "number"}, "decimal"),
        ({"type": "string", "format": "date-time"}, "datetime"),
        ({"type": "string", "format": "ipv6"}, "ipaddr"),
        ({"type": "string", "format": "email"}, "String"),
        ({"type": "integer", "enum": [1, 2]}, "Long"),
        ({"enum": ["a"]}, "AgentCore::Unknown"),
        ({"type": "string", "enum": ["a"]}, "AgentCore::a___t::Input::x"),
        ({"type": "array", "items": {"type": "string"}}, "Set<String>"),
        ({"type": "array"}, "Set<AgentCore::Unknown>"),
        ({"type": "object", "properties": {"b-c": {"type": "integer"}}}, '{"b-c"?: Long}'),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "AgentCore::Unknown"),
        ({"type": ["string", "null"]}, "{typeChoice0?: String, typeChoice1?: AgentCore::Null}"),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, "{typeChoice0?: Long, typeChoice1?: String}"),
        ({"allOf": [{"type": "string"}]}, "AgentCore::Unknown"),
        ({}, "AgentCore::Unknown"),
        ({"$ref": "#/$defs/d"}, "{d?: AgentCore::Unknown}"),
    ],
)
def test_each_json_schema_has_its_type(described: dict[str, Any], cedar: str) -> None:
    """That of AWS's page, and for the rest of the generator that the page names; Cedar reads the whole."""
    recursive = {"d": {"type": "object", "properties": {"d": {"$ref": "#/$defs/d"}}}}
    found = of_arguments({"x": described}, **{"$defs": recursive})
    assert str(found.tools["a___t"].members["x"][0]) == cedar
    cedarpy.Schema.from_str(found.text)


@pytest.mark.parametrize(
    "name", ["X-Request-Id", "if", "a b", 'quo"te', "back\\slash", "ü", "1st", "", "a\nb", "__cedar"]
)
def test_every_name_is_taken(name: str) -> None:
    """In quotes where Cedar wants it so, of tools, arguments and enumerations alike."""
    described = {"type": "string", "enum": ["a", name]}
    tools = [{"name": name, "inputSchema": {"type": "object", "properties": {name: described}, "required": [name]}}]
    text = schema.of_targets({"tar-get": tools}).text
    statement = (
        f"permit (principal, action == AgentCore::Action::{quoted(f'tar-get___{name}')}, "
        'resource == AgentCore::Gateway::"g") '
        f"when {{ context.input{types.access(name)} == context.input{types.access(name)} }};"
    )
    found = cedarpy.validate_policies(statement, text)
    assert [it.error for it in found.errors] == []


def test_a_tool_without_a_schema_has_no_arguments() -> None:
    """It can be named all the same."""
    text = schema.of_targets({"a": [{"name": "t"}, {"name": "u", "inputSchema": True}]}).text
    assert text.count("input: {}") == 2
    cedarpy.Schema.from_str(text)


def test_schemas_that_multiply_end() -> None:
    """Each reference twice, thirty levels deep: what is too much is Unknown."""
    each = {
        f"d{level}": {"type": "object", "properties": {it: {"$ref": f"#/$defs/d{level + 1}"} for it in "ab"}}
        for level in range(30)
    }
    assert "Unknown" in of_arguments({"x": {"$ref": "#/$defs/d0"}}, **{"$defs": each}).text
