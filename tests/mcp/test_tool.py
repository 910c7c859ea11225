from __future__ import annotations

import pytest

from agentcore_provider.errors import InvalidInput
from agentcore_provider.mcp.claims import read_claims
from agentcore_provider.mcp.tool import Tool, ToolAnswer, find_tool

TOOLS = [Tool({"name": name}) for name in ("orders___get_order", "orders___find", "stock___find")]


@pytest.mark.parametrize("name", ["orders___get_order", "get_order"])
def test_a_tool_is_found_by_its_full_name_and_by_an_unambiguous_short_one(name: str) -> None:
    assert find_tool(name, TOOLS).name == "orders___get_order"


def test_an_ambiguous_short_name_lists_the_candidates() -> None:
    with pytest.raises(InvalidInput, match=r"several targets. Use one of orders___find, stock___find"):
        find_tool("find", TOOLS)


@pytest.mark.parametrize("name", ["get_ordr", "order___get_order"])
def test_a_misspelt_name_suggests_the_nearest(name: str) -> None:
    with pytest.raises(InvalidInput, match=r"Did you mean orders___get_order"):
        find_tool(name, TOOLS)


def test_a_name_like_no_other_lists_what_there_is() -> None:
    with pytest.raises(InvalidInput, match="its tools: orders___get_order, orders___find"):
        find_tool("zzzz", TOOLS)


def test_an_answer_prefers_structure_over_json_text_over_plain_text() -> None:
    text = {"content": [{"type": "text", "text": '{"a": 1}'}]}
    assert ToolAnswer(text | {"structuredContent": {"b": 2}}).value == {"b": 2}
    assert ToolAnswer(text).value == {"a": 1}
    assert ToolAnswer({"content": [{"type": "text", "text": "plain"}]}).value == "plain"


@pytest.mark.parametrize("token", ["", "opaque", "a.b.c", "..", "é.é.é"])
def test_claims_of_what_is_not_a_jwt_are_empty(token: str) -> None:
    assert read_claims(token) == {}
