"""Names, descriptions and fingerprints of the tools that a schema offers."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from agentcore_provider.rules import openapi, smithy
from agentcore_provider.schemas import tool_list
from agentcore_provider.schemas.builtins import catalogue

API: dict[str, Any] = {
    "paths": {
        "/orders/{id}": {
            "parameters": [{"$ref": "#/components/parameters/Id"}],
            "get": {"operationId": "getOrder", "summary": "One order", "responses": {}},
            "delete": {"operationId": "dropOrder", "description": "Drop it", "responses": {}},
        },
        "/items": {
            "post": {"operationId": "addItem", "requestBody": {"schema": {"$ref": "#/components/schemas/Item"}}},
            "get": {"summary": "no tool without a name"},
        },
    },
    "components": {
        "parameters": {"Id": {"name": "id"}},
        "schemas": {"Item": {"properties": {"part": {"$ref": "#/components/schemas/Item"}}}, "Other": {}},
    },
}


def _fingerprints(document: dict[str, Any]) -> dict[str, str]:
    return {it["name"]: it["fingerprint"] for it in tool_list.of_openapi(json.dumps(document))}


def test_an_operation_is_a_tool_with_its_words() -> None:
    found = tool_list.of_openapi(json.dumps(API))
    assert [(it["name"], it["description"]) for it in found] == [
        ("getOrder", "One order"),
        ("dropOrder", "Drop it"),
        ("addItem", ""),
    ]


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (lambda it: it["components"]["schemas"]["Item"].update(type="object"), {"addItem"}),
        (lambda it: it["components"]["parameters"]["Id"].update(required=True), {"getOrder", "dropOrder"}),
        (lambda it: it["paths"]["/orders/{id}"]["get"].update(summary="An order"), {"getOrder"}),
        (lambda it: it["components"]["schemas"]["Other"].update(type="object"), set()),
    ],
)
def test_a_fingerprint_changes_with_what_an_agent_sees_and_nothing_else(
    change: Callable[[Any], None], changed: set[str]
) -> None:
    other = copy.deepcopy(API)
    change(other)
    before, after = _fingerprints(API), _fingerprints(other)
    assert {name for name in before if before[name] != after[name]} == changed


def test_the_order_of_keys_is_not_a_change() -> None:
    turned = {"components": API["components"], "paths": dict(reversed(API["paths"].items()))}
    assert _fingerprints(turned) == _fingerprints(API)


@pytest.mark.parametrize("name", ["dynamodb", "slack"])
def test_names_are_those_that_the_rules_judge(name: str) -> None:
    document = catalogue.document(name)
    text = json.dumps(document)
    if catalogue.entry(name).kind == "smithy":
        found, judged = tool_list.of_smithy(text), smithy.tools(document)
    else:
        found, judged = tool_list.of_openapi(text), openapi.tools(document)
    assert [it["name"] for it in found] == [tool for _, tool in judged]


def test_a_mcp_server_with_fixed_tools_has_those() -> None:
    tools = [{"name": "search", "description": "Search", "inputSchema": {"type": "object"}}]
    (tool,) = tool_list.of_mcp_server(json.dumps({"tools": tools}))
    assert (tool["name"], tool["description"]) == ("search", "Search")


@pytest.mark.parametrize("text", ["", "][", "[]", "3", '{"paths": 3}', '{"shapes": []}', '{"tools": 1}'])
def test_what_cannot_be_read_has_no_tools(text: str) -> None:
    """Why it cannot be read is reported elsewhere."""
    assert tool_list.of_openapi(text) == tool_list.of_smithy(text) == tool_list.of_mcp_server(text) == []
