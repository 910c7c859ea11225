"""Lists of tools: what their fingerprint counts, what of a difference is displayed, which list cannot be locked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentcore_provider.documents.visible_text import hidden_characters, visible
from agentcore_provider.errors import InvalidInput
from agentcore_provider.schemas.locked_tools import differences, fingerprint, payload, tools_of, with_hidden_text
from tests.support.listing_server import tool

TEXT = {"type": "string"}


def test_order_does_not_count_and_every_letter_does() -> None:
    """Of tools, members, and lists that are sets; a letter that looks like another one is another one."""
    one = tool("find", sku={"enum": ["a", "b"], "type": ["string", "null"]}, region=TEXT)
    other = tool("find", region=TEXT, sku={"type": ["null", "string"], "enum": ["b", "a"]})
    assert fingerprint([one, tool("list")]) == fingerprint([tool("list"), other])
    assert differences([one, tool("list")], [tool("list"), other]) == []
    texts = ["stock", "st\u043eck", "stock ", "stock\u200b", "sto\u0301ck", "st\u00f3ck"]
    assert len({fingerprint([tool("find", it)]) for it in texts}) == len(texts)
    assert fingerprint([{**one, "title": "Find"}]) != fingerprint([one])


def test_a_difference_states_what_callers_and_readers_notice() -> None:
    """Each with its place; a long text from where it differs, with hidden characters written out."""
    before = [tool("find", "x" * 200 + " end", sku=TEXT), tool("gone")]
    now = [tool("find", "x" * 200 + "\u202e end", sku={"type": "integer"}, why=TEXT), tool("new", "\x1b[2J")]
    [find, gone, new] = differences(before, now)
    assert find.details == (
        f'description was "…{"x" * 24} end", now "…{"x" * 24}<U+202E> end"',
        'inputSchema.properties.sku.type was "string", now "integer"',
        'inputSchema.properties.why is new: {"type": "string"}',
    )
    assert find.breaking == ("argument sku must be integer, not string",)
    assert str(gone) == "gone is removed"
    assert str(new) == 'new is added: "<U+001B>[2J"'


def test_differences_are_bounded() -> None:
    """However many parts differ, and however long they are."""
    many = {f"p{it}": {"type": "string", "description": "y" * 10_000} for it in range(500)}
    [one] = differences([tool("find")], [tool("find", **many)])
    assert len(str(one)) < 5_000


@pytest.mark.parametrize(
    ("tools", "why"),
    [
        ([], "lists no tools"),
        ([tool("a"), tool("a", "other")], "lists a more than once"),
        ([tool(f"t{it}") for it in range(1001)], "lists 1,001 tools"),
        ([tool("a", "z" * 1_100_000)], "bytes"),
        ([tool("a", "\ud800")], "half a surrogate pair"),
    ],
)
def test_a_list_that_aws_would_not_keep_is_not_locked(tools: list[dict[str, Any]], why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        payload(tools)


@given(st.text())
def test_a_list_comes_back_as_it_was(text: str) -> None:
    """What is locked is what the server listed, whatever its texts have."""
    listed = [tool("find", text)]
    try:
        kept = tools_of(payload(listed))
    except InvalidInput:
        return
    assert kept == listed


@given(st.text())
def test_nothing_hidden_is_left_in_what_is_displayed(text: str) -> None:
    """Nor a line break, which would begin a line of its own."""
    shown = visible(text)
    assert hidden_characters(shown) == []
    assert not {"\n", "\r", "\t"} & {*shown}


def test_ordinary_texts_have_nothing_hidden() -> None:
    """Letters of all languages, emoji, line breaks; tags and fillers are hidden, also in the names of arguments."""
    assert with_hidden_text([tool("find", "Größe 大小 ☀️\n\tline")]) == []
    assert visible("Größe ☀") == "Größe ☀"
    assert with_hidden_text([tool("find", **{"sku\U000e0041": TEXT})]) == ["find (U+E0041)"]
