"""What tools cost an agent: their number, and an estimate of their tokens."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agentcore_provider.schemas import tool_cost
from agentcore_provider.schemas.builtins import catalogue
from agentcore_provider.schemas.tool_cost import Cost

TOOL: dict[str, Any] = {
    "name": "find",
    "description": "Find an order",
    "inputSchema": {"type": "object", "properties": {"id": {"type": "string"}}},
}


def _api(schema: Any, **components: Any) -> str:
    operation = {
        "operationId": "find",
        "description": "Find an order",
        "requestBody": {"content": {"application/json": {"schema": schema}}},
        "responses": {"200": {"description": "An answer that no agent sees before it calls" * 100}},
    }
    return json.dumps({"openapi": "3.0.3", "paths": {"/a": {"post": operation}}, "components": {"schemas": components}})


def test_the_list_is_counted_as_compact_json() -> None:
    """With the name that clients see, and a comma after each tool."""
    listed = [{**TOOL, "name": "orders___find"}] * 3
    assert tool_cost.of_tools([TOOL] * 3, "orders").characters == len(json.dumps(listed, separators=(",", ":"))) + 1 - 2
    assert tool_cost.of_tools(listed).characters == tool_cost.of_tools([TOOL] * 3, "orders").characters


def test_what_it_is_written_as_makes_no_difference() -> None:
    """A tool costs the same as a definition, an MCP tool and an operation, whether with a reference or without."""
    schema = {"type": "object", "properties": {"id": {"type": "string"}}}
    plain = tool_cost.of_tools([TOOL], "orders")
    assert tool_cost.of_schema("MCP tools", json.dumps({"tools": [TOOL]}), "orders") == plain
    assert tool_cost.of_openapi(_api(schema), "orders") == plain
    assert tool_cost.of_openapi(_api({"$ref": "#/components/schemas/A"}, A=schema), "orders") == plain


def test_references_that_lead_back_or_nowhere_end() -> None:
    """And those that multiply are cut off, so that no document takes long."""
    assert (
        tool_cost.of_openapi(_api({"$ref": "#/components/schemas/A"}, A={"$ref": "#/components/schemas/A"})).tools == 1
    )
    node = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}}}
    assert tool_cost.of_openapi(_api({"$ref": "#/components/schemas/Node"}, Node=node)).characters < 400
    wide = {
        f"S{n}": {"properties": {f"p{k}": {"$ref": f"#/components/schemas/S{n + 1}"} for k in range(9)}}
        for n in range(40)
    }
    assert tool_cost.of_openapi(_api({"$ref": "#/components/schemas/S0"}, **wide)).characters < 2_000_000


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"paths": 7}', '{"paths": {"/a": {"get": 1}}}', '{"shapes": []}']
)
def test_what_has_no_tools_costs_nothing(text: str) -> None:
    """Whatever it is."""
    assert tool_cost.of_openapi(text).tools == tool_cost.of_smithy(text).tools == 0
    assert tool_cost.of_schema("MCP tools", text) in (None, tool_cost.Cost(0, 0))


def test_a_model_is_counted_with_all_that_its_inputs_are_made_of() -> None:
    """More operations cost more, and the built-in schema of DynamoDB costs thousands."""
    few, every = (
        tool_cost.of_smithy(json.dumps(catalogue.document("dynamodb", operations=it))) for it in (["GetItem"], None)
    )
    assert few.tools == 1
    assert every.tools == len(catalogue.entry("dynamodb").operations)
    assert every.tokens > 10_000 > few.tokens > 500


def test_tokens_are_reported_to_two_digits() -> None:
    """More would pretend that an estimate is a measurement."""
    assert str(Cost(1, 42)) == "1 tool, about 10 tokens of tools/list"
    assert str(Cost(61, 173_456)) == "61 tools, about 41,000 tokens of tools/list"


def test_what_shapes_inherit_costs_as_much_as_their_own() -> None:
    """A model with mixins is as dear as the same one without; a mixin of a service is not a second service."""
    traits = {"smithy.api#http": {"method": "GET", "uri": "/"}, "smithy.api#documentation": "Get it"}
    key = {"type": "structure", "members": {"id": {"target": "smithy.api#String"}}}
    plain = {
        "a#S": {"type": "service", "operations": [{"target": "a#Get"}]},
        "a#Get": {"type": "operation", "input": {"target": "a#In"}, "traits": traits},
        "a#In": key,
    }
    mixin = {"traits": {"smithy.api#mixin": {}}}
    mixed = {
        "a#Base": {**plain["a#S"], **mixin},
        "a#S": {"type": "service", "mixins": [{"target": "a#Base"}]},
        "a#Get": plain["a#Get"],
        "a#Key": {**key, **mixin},
        "a#In": {"type": "structure", "members": {}, "mixins": [{"target": "a#Key"}]},
    }
    costs = [tool_cost.of_smithy(json.dumps({"smithy": "2.0", "shapes": it})) for it in (plain, mixed)]
    assert costs[0] == costs[1]
    assert costs[0].tools == 1
