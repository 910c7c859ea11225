"""Tests of policies: what is decided, and what is wrong with a file of them."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.cedar import policy_tests, schema, validation
from agentcore_provider.cedar.decisions import Caller, Policies
from agentcore_provider.errors import InvalidInput

ARGUMENTS = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "price": {"type": "number"},
        "count": {"type": "integer"},
        "day": {"type": "string", "format": "date"},
        "kind": {"type": "string", "enum": ["a", "b"]},
        "note": {"type": ["string", "null"]},
        "tags": {"type": "array", "items": {"type": "string"}},
        "anything": {},
    },
    "required": ["id"],
}
GATEWAY = "arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/desk-0123456789"
SCOPE = f'action == AgentCore::Action::"t___x", resource == AgentCore::Gateway::"{GATEWAY}"'


def engine(**conditions: str) -> Policies:
    """Policies by name: each permits, or forbids if its name begins so, under a condition."""
    statements = {
        name: f"{'forbid' if name.startswith('forbid') else 'permit'} (principal, {SCOPE}) when {{ {condition} }};"
        for name, condition in conditions.items()
    }
    return Policies(statements, schema.of_targets({"t": [{"name": "x", "inputSchema": ARGUMENTS}]}), GATEWAY)


def result(policies: Policies, **case: Any) -> policy_tests.Result:
    described = {"principal": {"sub": "ana"}, "tool": "t___x", "arguments": {"id": "A"}, "expect": "allow", **case}
    (found,) = policy_tests.cases([described])
    return policy_tests.run(found, policies)


@pytest.mark.parametrize(
    ("condition", "case"),
    [
        ("true", {}),
        ('principal.id == "ana"', {}),
        ('principal.id like "arn:*:role/*"', {"principal": {"arn": "arn:aws:iam::123456789012:role/a"}}),
        (
            'context.input has price && context.input.price == decimal("1.2345")',
            {"arguments": {"id": "A", "price": 1.23459}},
        ),
        (
            'context.input has price && context.input.price == decimal("0.0")',
            {"arguments": {"id": "A", "price": 0.00001}},
        ),
        ("context.input has count && context.input.count < 0", {"arguments": {"id": "A", "count": -3}}),
        (
            'context.input has day && context.input.day < datetime("2027-01-01")',
            {"arguments": {"id": "A", "day": "2026-11-30"}},
        ),
        (
            'context.input has kind && context.input.kind == AgentCore::t___x::Input::kind::"b"',
            {"arguments": {"id": "A", "kind": "b"}},
        ),
        ("context.input has note && context.input.note has typeChoice1", {"arguments": {"id": "A", "note": None}}),
        ('context.input has tags && context.input.tags.contains("x")', {"arguments": {"id": "A", "tags": ["y", "x"]}}),
        ("context.input has anything", {"arguments": {"id": "A", "anything": {"a": [1.5, None]}}}),
        ('context.system.now < datetime("2026-01-01")', {"at": "2025-12-31T23:59:59Z"}),
        ('context.system.now > datetime("2026-01-01")', {}),
    ],
)
def test_a_call_is_decided_by_its_arguments(condition: str, case: dict[str, Any]) -> None:
    """Each type of argument as AWS has it; the same call is denied where the condition is turned round."""
    assert result(engine(yes=condition), **case, by="yes").problems == ()
    assert result(engine(yes=f"!({condition})"), **case).problems == ("expected allow",)


def test_a_forbid_wins_and_nothing_is_denied() -> None:
    """What no policy permits is denied by none of them."""
    both = engine(yes="true", forbid_all='context.input.id == "A"')
    assert result(both, expect="deny", by=["forbid_all"]).problems == ()
    assert result(both, arguments={"id": "B"}, by="yes").problems == ()
    denied = result(engine(yes="false"), expect="deny")
    assert (denied.problems, str(denied.decision)) == ((), "deny (no policy permits it)")


def test_a_tool_is_listed_if_some_call_may_be_allowed() -> None:
    """By the claims of the caller; the arguments are not known yet."""
    policies = engine(yes='principal.id == "ana" && context.input.id == "B"')
    assert result(policies, expect="deny", listed=True).problems == ()
    assert result(policies, expect="deny", principal={"sub": "bob"}, listed=False).problems == ()
    assert result(policies, expect="deny", principal={"sub": "bob"}, listed=True).problems


def test_a_list_of_other_tools_lists_none_but_its_own() -> None:
    """Groups of actions are known while the arguments are not."""
    tools = [{"name": name, "inputSchema": ARGUMENTS} for name in ("x", "y")]
    of = schema.of_targets({"t": tools})
    listed = f'permit (principal, action in [AgentCore::Action::"t___y"], resource == AgentCore::Gateway::"{GATEWAY}");'
    every = 'permit (principal, action in AgentCore::Action::"CallTool", resource is AgentCore::Gateway);'
    ann = Caller(claims={"sub": "ann"})
    assert [Policies({"p": listed}, of, GATEWAY).lists(ann, f"t___{it}") for it in ("x", "y")] == [False, True]
    assert Policies({"p": every}, of, GATEWAY).lists(ann, "t___x")
    target = every.replace("CallTool", "t").replace("is AgentCore::Gateway", f'== AgentCore::Gateway::"{GATEWAY}"')
    assert Policies({"p": target}, of, GATEWAY).lists(ann, "t___x")
    assert list(validation.validate(target, of)) == []
    (problem,) = validation.validate(target.replace('"t"', '"u"'), of)
    assert "the gateway has no tool u" in problem.message


@pytest.mark.parametrize(
    ("arguments", "report"),
    [
        ({}, "arguments.id: is missing"),
        ({"id": 1}, "arguments.id: is 1, not text"),
        ({"id": "A", "count": 1.5}, "not a whole number"),
        ({"id": "A", "count": 2**63}, "not a whole number"),
        ({"id": "A", "count": True}, "not a whole number"),
        ({"id": "A", "price": 1e15}, "not a number"),
        ({"id": "A", "price": float("nan")}, "not a number"),
        ({"id": "A", "kind": "c"}, "Give one of a, b"),
        ({"id": "A", "day": "tomorrow"}, "not a date"),
        ({"id": "A", "tags": "x"}, "is not a list"),
        ({"id": "A", "tags": [1]}, "arguments.tags[0]: is 1, not text"),
        ({"id": "A", "note": 1}, "fits none of its types"),
        ({"id": "A", "extra": 1}, "arguments.extra: is not an argument of the tool"),
    ],
)
def test_arguments_that_the_tool_does_not_take_fail_the_test(arguments: Any, report: str) -> None:
    """Whatever it expects: nothing was decided."""
    for expect in ("allow", "deny"):
        found = result(engine(yes="true"), arguments=arguments, expect=expect)
        assert found.decision is None
        assert report in found.problems[0]


def test_a_file_is_reported_with_every_problem() -> None:
    """At once, each with its path."""
    with pytest.raises(InvalidInput) as error:
        policy_tests.cases(
            [
                {"principal": {"sub": "a"}, "tool": "t___x", "expect": "permit"},
                {"principal": {"sub": "a", "groups": ["x"]}, "tool": 1, "expect": "deny", "nme": "x"},
                {"principal": {"arn": "a", "sub": "b"}, "tool": "t", "expect": "deny", "arguments": [], "at": "now"},
                "text",
            ]
        )
    paths = {it.path for it in error.value.problems}
    assert paths == {
        "tests[0].expect",
        "tests[1].nme",
        "tests[1].tool",
        "tests[1].principal.groups",
        "tests[2].principal",
        "tests[2].arguments",
        "tests[2].at",
        "tests[3]",
    }
