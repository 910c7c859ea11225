"""The lexical ranker finds tools by the words of a query, in any spelling that means the same words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentcore_provider.local.search import rank


def tool(name, description="", **arguments):
    properties = {argument: {"type": "string", "description": text} for argument, text in arguments.items()}
    return {"name": name, "description": description, "inputSchema": {"type": "object", "properties": properties}}


TOOLS = [
    tool("shop___cancelOrder", "Cancels an order that has not been shipped", order_id="Number of the order"),
    tool("shop___list_orders", "Lists the orders of a customer"),
    tool("shop___getInvoicePDF", "Downloads the invoice for an order"),
    tool("weather___forecast", "Gives the weather of the coming days", city="Name of the town"),
    tool("hr___create_employee", "Adds a new employee to the payroll"),
    tool("files___resizeImages", "Makes pictures smaller or larger"),
    tool("calendar___find_free_slots", "Finds free time for a meeting between people"),
    tool("mail___send_message", "Sends an e-mail to one or more recipients"),
]


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("cancel my order", "shop___cancelOrder"),
        ("which orders does the customer have? list them", "shop___list_orders"),
        ("I want the PDF of an invoice", "shop___getInvoicePDF"),
        ("weather forecasts", "weather___forecast"),
        ("creating employees", "hr___create_employee"),
        ("how do I resize an image", "files___resizeImages"),
        ("meetings", "calendar___find_free_slots"),
        ("sending messages", "mail___send_message"),
        ("town", "weather___forecast"),
    ],
)
def test_a_direct_question_finds_its_tool_first(query, best):
    assert rank(query, TOOLS)[0]["name"] == best


@pytest.mark.parametrize("query", ["", "???", "zebra"])
def test_a_query_without_a_shared_word_finds_nothing(query):
    assert rank(query, TOOLS) == []


@given(st.text(max_size=40), st.lists(st.sampled_from(TOOLS), max_size=6))
def test_what_is_found_was_given(query, tools):
    found = rank(query, tools)
    assert len(found) <= len(tools)
    assert all(any(item is given for given in tools) for item in found)


def test_tools_may_lack_description_and_schema():
    assert rank("ping", [{"name": "ping"}]) == [{"name": "ping"}]
