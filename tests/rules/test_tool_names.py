"""The budget of a tool's name."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agentcore_provider.rules import tool_names


@given(st.lists(st.text("ab", min_size=1, max_size=60), min_size=1, max_size=5))
def test_the_longest_target_fits_and_no_longer_one_does(tools: list[str]) -> None:
    """The cure is exact: a target's name of that length passes, one character more does not."""
    room = tool_names.longest_target(tools)
    named = [(f"[{index}].name", tool) for index, tool in enumerate(tools)]
    assert tool_names.validate("t" * room, named) == []
    assert [problem.path for problem in tool_names.validate("t" * (room + 1), named)] == ["name"]


def test_the_service_limit_is_an_error_and_bedrocks_a_warning() -> None:
    """Over 64 models of Bedrock refuse the tool, over 256 the service does."""
    (warning,) = tool_names.validate("shop", [("[0].name", "t" * 200)])
    (error,) = tool_names.validate("shop", [("[0].name", "t" * 250)])
    assert (warning.severity, error.severity) == ("warning", "error")


def test_without_a_target_only_what_no_target_could_fix_is_reported() -> None:
    """While the target's name is not known, nothing is guessed about it."""
    assert tool_names.validate(None, [("[0].name", "t" * 252)]) == []
    assert len(tool_names.validate(None, [("[0].name", "t" * 253)])) == 1
