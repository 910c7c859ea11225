"""Statements against tools: what is wrong, in which line, and what to write instead."""

from __future__ import annotations

import re
from typing import Any

import pytest

from agentcore_provider.cedar import schema, validation
from agentcore_provider.problem import Problem

REFUND = {
    "type": "object",
    "properties": {
        "order_id": {"type": "string"},
        "X-Id": {"type": "string"},
        "amount": {"type": "integer"},
        "price": {"type": "number"},
        "status": {"type": "string", "enum": ["open", "closed"]},
        "note": {"type": ["string", "null"]},
        "customer": {"type": "object", "properties": {"e-mail": {"type": "string"}}},
    },
    "required": ["order_id", "price", "status"],
}
SCHEMA = schema.of_targets({"orders": [{"name": "refund", "inputSchema": REFUND}, {"name": "list"}]})
HEAD = """permit (principal is AgentCore::OAuthUser,
  action == AgentCore::Action::"orders___refund", resource == AgentCore::Gateway::"g")
"""


def found(statement: str, **more: Any) -> list[Problem]:
    return list(validation.validate(statement, SCHEMA, **more))


def test_an_argument_that_several_tools_lack_is_one_problem() -> None:
    """However many tools a policy names."""
    tools = [{"name": f"t{it}", "inputSchema": {"type": "object"}} for it in range(30)]
    action = 'action in AgentCore::Action::"many", resource == AgentCore::Gateway::"g"'
    statement = f"permit (principal, {action}) when {{ context.input.amount < 5 && context.input.price < 5 }};"
    lines = [str(it) for it in validation.validate(statement, schema.of_targets({"many": tools}))]
    assert len(lines) == 2
    assert all("not found, nor for 29 more" in it for it in lines)


@pytest.mark.parametrize(
    "condition",
    [
        'context.input.order_id == "A-1"',
        "context.input has amount && context.input.amount < 500",
        'context.input.price.lessThan(decimal("500.0"))',
        'context.input.status == AgentCore::orders___refund::Input::status::"open"',
        'context.input has "X-Id" && context.input["X-Id"] like "A*"',
        'context.input has note && context.input.note has typeChoice0 && context.input.note.typeChoice0 == "x"',
        'principal.hasTag("scope") && principal.getTag("scope") like "*refund*"',
        'context.system.now < datetime("2027-01-01")',
        'context.input has customer && context.input.customer has "e-mail"',
    ],
)
def test_a_good_condition_has_no_problem(condition: str) -> None:
    assert [str(it) for it in found(f"{HEAD}when {{ {condition} }};")] == []


@pytest.mark.parametrize(
    ("condition", "cure"),
    [
        ("context.input.amont < 5", "line 3: .*Did you mean amount"),
        ("context.input has amont && context.input.amont < 5", "line 3: never true.*Did you mean amount"),
        ("context.input.amount < 5", "line 3: .*Write context.input has amount && before it"),
        ('context.input["X-Id"] == ""', 'Write context.input has "X-Id" && before it'),
        ("context.input.price < 5", r"\.lessThan\(decimal"),
        ('context.input.status == "open"', r'line 3: .*== AgentCore::orders___refund::Input::status::"open" or'),
        ('context.input.status like "o*"', "is an enumeration"),
        ('context.input.status == AgentCore::orders___refund::Input::status::"opn"', 'status::"open" or'),
        ('context.input has note && context.input.note == "x"', "has typeChoice0"),
        ('principal.getTag("scope") == "x"', r'Write principal.hasTag\("scope"\) && before it'),
        ("context.inputs.amount < 5", "Arguments are under context.input"),
        ('context.input has customer && context.input.customer has "email"', "never true.*Did you mean e-mail"),
        ("like", "parse error"),
    ],
)
def test_a_bad_condition_is_reported_with_its_cure(condition: str, cure: str) -> None:
    """Also where Cedar itself has no objection."""
    problems = found(f"{HEAD}when {{ {condition} }};")
    assert problems
    assert {it.severity for it in problems} == {"error"}
    assert any(re.search(cure, str(it)) for it in problems), problems


def test_a_tool_that_does_not_exist_is_named() -> None:
    """With the one that was meant."""
    (problem,) = found(HEAD.replace("refund", "refnd") + ";")
    assert "line 2: the gateway has no tool orders___refnd. Did you mean orders___refund?" in str(problem)


def test_what_cannot_be_validated_is_a_warning() -> None:
    """Tools that only a server lists, clauses of another language, callers that the gateway does not have."""
    other = HEAD.replace("orders___refund", "crm___find")
    cases = [
        found(other + ";", elsewhere=["crm"]),
        found(HEAD + "when temporal { x };"),
        found(HEAD + ";", authorizers=["AWS_IAM"]),
    ]
    assert [[it.severity for it in one] for one in cases] == [["warning"]] * 3
    assert "never applies, since the gateway's callers are AgentCore::IamEntity" in str(cases[2][0])
    assert found(HEAD + ";", authorizers=["AWS_IAM", "CUSTOM_JWT"]) == []


@pytest.mark.parametrize("elsewhere", [[], ["server"]])
def test_a_policy_for_every_tool_fits_where_no_tool_is_known(elsewhere: list[str]) -> None:
    """A gateway may have no targets yet, or MCP servers alone; only what a condition means cannot be validated."""
    nothing = schema.of_targets({})
    policy = "forbid (principal, action, resource is AgentCore::Gateway)"
    assert [*validation.validate(f"{policy};", nothing, elsewhere=elsewhere)] == []
    (problem,) = validation.validate(f"{policy} when {{ context.input.a }};", nothing, elsewhere=elsewhere)
    assert (problem.severity, "no tool is known before" in problem.message) == ("warning", True)


def test_a_policy_for_every_tool_needs_arguments_of_every_tool() -> None:
    """An argument that one tool does not have has to be asked for."""
    (problem,) = found(
        'permit (principal, action, resource is AgentCore::Gateway) when { context.input.price == decimal("1.0") };'
    )
    assert "Name the tools that have it, or write context.input has price && before it." in str(problem)


FORWARDING, ELSEWHERE = schema.of_configurations([("partner", {"http": {"passthrough": {}}})])


def of_request(action: str, rest: str = ";", operator: str = "==") -> list[str]:
    head = f'permit (principal, action {operator} AgentCore::Action::"{action}", resource == AgentCore::Gateway::"g")'
    return [str(it) for it in validation.validate(head + rest, FORWARDING, elsewhere=ELSEWHERE)]


def test_requests_of_a_target_are_actions() -> None:
    """By method and path; only a condition on what they have is left to local AWS."""
    assert of_request("partner___GET:/orders/1") == of_request("partner", operator="in") == []
    (warning,) = of_request("partner___GET:/a", " when { context.input.amount < 5 };")
    assert "the condition is not validated" in warning


@pytest.mark.parametrize(
    ("action", "cure"),
    [
        ("partner___get:/a", "Did you mean partner___GET:/a?"),
        ("partner___GET:a", "Did you mean partner___GET:/a?"),
        ("partner___GET /a", "Did you mean partner___GET:/a?"),
        ("partner___GET/a", "Did you mean partner___GET:/a?"),
        ("partner___PSOT:/a", "Did you mean partner___POST:/a?"),
        ("partnr___GET:/a", "Did you mean partner___GET:/a?"),
        ("partner___refund", "Write partner___METHOD:/path, such as partner___GET:/."),
    ],
)
def test_a_misspelt_request_has_the_right_one_as_its_cure(action: str, cure: str) -> None:
    (problem,) = of_request(action)
    assert f"line 1: the gateway has no action {action}" in problem
    assert cure in problem
