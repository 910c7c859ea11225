"""Policies in Cedar as text."""

from __future__ import annotations

import pytest

from agentcore_provider.documents.cedar_policy import Entity, fill, quoted, read, render
from agentcore_provider.documents.limits import Unreadable

GATEWAY = Entity("AgentCore::Gateway", "arn")


@pytest.mark.parametrize("text", ['a"b', "a\\b", "a\nb", "\x00\x7f", "é\u2028", "\U0001f600", "'"])
def test_every_text_can_be_quoted(text: str) -> None:
    """The entity that is read is the one that was written."""
    (policy,) = read(f"permit (principal, action == {render(Entity('A', text))}, resource);")
    assert policy.action.entities == (Entity("A", text),)
    assert quoted(text).isprintable()


@pytest.mark.parametrize("escape", ["\\u{FFFFFF}", "\\u{110000}", "\\u{d800}"])
def test_an_escape_that_is_not_a_character_is_reported(escape: str) -> None:
    """In its line."""
    with pytest.raises(Unreadable, match=r"line 2: has .* which is not a character"):
        read(f'permit (principal,\naction == A::"{escape}", resource);')


def test_the_slot_is_filled_in_code_alone() -> None:
    """Not in strings and comments."""
    text = 'permit (principal, action, resource == ?resource) // ?resource\nwhen { "?resource" == "" };'
    assert fill(text, GATEWAY) == text.replace("== ?resource", '== AgentCore::Gateway::"arn"')
