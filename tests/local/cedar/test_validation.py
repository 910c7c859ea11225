"""Sizes that the service limits, and what surrounds a statement."""

from __future__ import annotations

import pytest

from agentcore_provider.local.cedar import validation
from agentcore_provider.local.cedar.schema import ToolSchema

GATEWAY = "arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/shop-0123456789"
EVERY = "permit(principal, action, resource is AgentCore::Gateway);"


def problems(statement: str, tools: list[dict[str, object]], **members: object) -> list[str]:
    around = validation.Surroundings(ToolSchema(tools), gateways=[GATEWAY], **members)  # type: ignore[arg-type]
    return validation.problems(statement, around, with_findings=True)


def test_the_schema_of_all_tools_has_a_limit() -> None:
    """400 KB, whatever tool the policy is about."""
    values = [f"{number:0200}" for number in range(2100)]
    tool = {"name": "t___x", "inputSchema": {"type": "object", "properties": {"x": {"type": "string", "enum": values}}}}
    (found,) = problems(EVERY, [tool])
    assert found.startswith("The Cedar schema of the gateways' tools has ")
    assert found.endswith(" bytes, more than 409600")


def test_a_permit_beside_policies_that_forbid_is_not_found_too_permissive() -> None:
    """What is left after them is not known without AWS's analysis."""
    tool = {"name": "t___x", "inputSchema": {"type": "object"}}
    assert problems(EVERY, [tool], has_forbids=True) == []
    (one, other) = problems(EVERY.replace("permit", "forbid"), [tool], has_forbids=True)
    assert one.startswith("Overly Restrictive: Policy Engine will deny every request")
    assert "AgentCore::IamEntity" in other


@pytest.mark.parametrize(
    ("statement", "is_forbid"),
    [
        (EVERY, False),
        ('// permit (\n@id("a") @note("forbid")\nforbid (principal, action, resource);', True),
        ('@note("forbid (") permit (principal, action, resource) when { "forbid (" == "" };', False),
    ],
)
def test_the_effect_is_read_behind_comments_and_annotations(statement: str, *, is_forbid: bool) -> None:
    assert validation.forbids(statement) == is_forbid


@pytest.mark.parametrize(
    ("code", "is_refused"),
    [("[" * 31 + "1" + "]" * 31, False), ("[" * 32 + "1" + "]" * 32, True), ('"' + "(" * 99 + '"', False), ("true // " + "(" * 99 + "\n", False), ("context" + ".a" * 70, True)],
)  # fmt: skip
def test_brackets_count_where_they_are_code(code: str, *, is_refused: bool) -> None:
    """Not in texts and comments."""
    statement = f"permit(principal, action, resource is AgentCore::Gateway) when {{ {code} == 1 }};"
    found = problems(statement, [{"name": "t___x", "inputSchema": {"type": "object"}}])
    assert any("must not nest" in it for it in found) == is_refused
