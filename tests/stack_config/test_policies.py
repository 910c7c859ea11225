"""Policies in stack files: what they become, and where their problems are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentcore_provider.errors import InvalidInput
from agentcore_provider.stack_config import checked, deploy, outputs

KEY = "agentcore:gateways.shop.policies.one"
SCOPE = 'principal, action == AgentCore::Action::"a___b"'


def problems(policies: Any, folder: Path, **gateway: Any) -> list[str]:
    described = {"targets": {"a": {"mcp_server": "https://a.example.com/mcp"}}, "policies": policies, **gateway}
    try:
        checked({"shop": described}, folder=folder, stack="dev")
    except InvalidInput as error:
        return [str(it) for it in error.problems] if error.problems else [str(error)]
    return []


@pytest.mark.parametrize(
    "policy",
    [
        {"permit": "a___b"},
        {"permit": ["a___b", "a___c d"], "when": "context.input.x == 1", "unless": 'principal.hasTag("x")'},
        {
            "forbid": ["a___b"],
            "enforcement_mode": "LOG_ONLY",
            "validation_mode": "IGNORE_ALL_FINDINGS",
            "name": "one_1",
        },
        {"statement": f"permit ({SCOPE}, resource == ?resource) when {{ context has input }};"},
        {"file": "one.cedar", "description": "from a file"},
        {
            "definition": {
                "policyGeneration": {"policyGenerationId": "g-0123456789", "policyGenerationAssetId": "a-0123456789"}
            }
        },
    ],
)
def test_a_good_policy_has_no_problem(policy: Any, tmp_path: Path) -> None:
    """In every form."""
    (tmp_path / "one.cedar").write_text(f"permit ({SCOPE}, resource == ?resource) unless {{ context has output }};")
    assert problems({"one": policy}, tmp_path, policy_mode="LOG_ONLY") == []


@pytest.mark.parametrize(
    ("policy", "report"),
    [
        ({}, ": has no statement. Give it one of permit, forbid, statement, file, definition."),
        ({"permit": "a___b", "forbid": "a___c"}, ": has permit and forbid"),
        ({"statement": f"permit ({SCOPE}, resource == ?resource);", "when": "true"}, ".when: cannot be combined"),
        ({"statement": f"permit ({SCOPE}, resource            );"}, ".statement: line 1: applies to every resource"),
        ({"file": "two.cedar"}, "two.cedar: there is no such file"),
        ({"permit": []}, ".permit: "),
        ({"permit": "a___b", "name": "a-b"}, ".name: "),
        ({"permit": "a___b", "enforcement_mode": "ENFORCE"}, ".enforcement_mode: "),
        ({"permit": "a___b", "when": "{"}, ".when: "),
        ({"permit": "a___b", "engine": "e"}, ".engine"),
    ],
)
def test_a_bad_policy_is_reported_where_it_is(policy: Any, report: str, tmp_path: Path) -> None:
    """With the key, and once."""
    (found,) = problems({"one": policy}, tmp_path)
    assert KEY in found
    assert report in found


def test_a_mode_without_policies_is_a_problem(tmp_path: Path) -> None:
    """It would be the mode of nothing."""
    described = {"targets": {"a": {"mcp_server": "https://a.example.com/mcp"}}, "policy_mode": "ENFORCE"}
    with pytest.raises(InvalidInput, match="policy_mode: has no effect without policies"):
        checked({"shop": described}, folder=tmp_path, stack="dev")


def test_no_policy_is_one_that_denies_all(tmp_path: Path) -> None:
    """An empty mapping has an engine, whose mode can be set."""
    assert problems({}, tmp_path, policy_mode="ENFORCE") == []


TOOL = {
    "name": "refund",
    "description": "Pay back",
    "inputSchema": {"type": "object", "properties": {"amount": {"type": "integer"}}, "required": ["amount"]},
}
ORDERS = {"lambda": {"arn": "arn:aws:lambda:us-west-2:123456789012:function:orders", "tools": [TOOL]}}
STATED = (
    'permit (principal, action == AgentCore::Action::"orders___refnd", resource == AgentCore::Gateway::'
    '"arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/a-0123456789") when { context.input.amount < 5 };'
)
PROBLEMS = [
    ({"permit": "orders___refnd"}, ".permit: the gateway has no tool orders___refnd. Did you mean orders___refund?"),
    ({"permit": "oders"}, ".permit: the gateway has no tool oders. "),
    ({"permit": ["orders", "oders"]}, ".permit[1]: the gateway has no tool oders. "),
    (
        {"definition": {"cedar": {"statement": STATED}}},
        ".definition.cedar.statement: line 1: the gateway has no tool orders___refnd. Did you mean orders___refund?",
    ),
    ({"file": "refunds.cedar"}, ".file: refunds.cedar: line 1: the gateway has no tool orders___refnd."),
    ({"permit": "orders___refund", "when": "context.input.amont < 5"}, ".when: attribute `input.amont`"),
    (
        {"permit": "orders___refund", "when": "context.input.amount < 5", "unless": "\ncontext.input.amont > 3"},
        ".unless: line 2: attribute `input.amont`",
    ),
    ({"permit": "orders___refund", "when": "context.input.amount = 5"}, ".when: Policy parse error"),
    ({"permit": "orders___refund", "when": "true }; permit (principal"}, ".when: "),
    (
        {
            "statement": 'permit (principal,\naction == AgentCore::Action::"orders___refnd", resource == ?resource) when { context has a };'
        },
        ".statement: line 2: the gateway has no tool",
    ),
    (
        {"statement": 'permit (principal, action == AgentCore::Action::"orders___refund", resource == ?resource);'},
        ".statement: line 1: allows every request of its callers",
    ),
]


@pytest.mark.parametrize(("policy", "report"), PROBLEMS)
def test_a_policy_is_validated_against_the_tools_of_the_file(policy: Any, report: str, tmp_path: Path) -> None:
    """At the key that has it, without lines that nobody wrote."""
    (tmp_path / "refunds.cedar").write_text(STATED)
    (found,) = problems({"one": policy}, tmp_path, targets={"orders": ORDERS})
    assert found.startswith(KEY + report)


def test_tools_that_are_not_known_yet_are_not_a_problem(tmp_path: Path) -> None:
    """Those of a server, and those of a target that has a problem itself."""
    policies = {"one": {"permit": "a___refund"}, "two": {"permit": "orders___refund"}}
    broken = {"lambda": {"code": "nowhere"}}
    of_server = {"mcp_server": "https://a.example.com/mcp"}
    (found,) = problems(policies, tmp_path, targets={"a": of_server, "orders": broken})
    assert ".targets.orders" in found


def test_the_engine_of_policies_has_settings(tmp_path: Path) -> None:
    """Validated as AWS's document; of no use without policies."""
    engine = {"name": "desk_policies", "description": "The desk's", "adopt": True}
    assert problems({}, tmp_path, policy_engine=engine) == []
    (problem,) = problems({}, tmp_path, policy_engine={"name": "desk-policies"})
    assert "agentcore:gateways.shop.policy_engine.name: is 'desk-policies'" in problem
    described = {"targets": {"a": {"mcp_server": "https://a.example.com/mcp"}}, "policy_engine": engine}
    with pytest.raises(InvalidInput, match="policy_engine: is made for policies, and there are none"):
        checked({"shop": described}, folder=tmp_path, stack="dev")


def test_the_settings_reach_the_engine(declare: Any) -> None:
    engine = {"name": "desk_policies", "tags": {"team": "desk"}}
    described = {"targets": {}, "tags": {"team": "shop"}, "policies": {}, "policy_engine": engine}
    declared = declare(lambda: outputs(deploy()), config={"agentcore:gateways": {"shop": described}})
    (made,) = declared.of("agentcore:PolicyEngine").values()
    assert (made["name"], made["tags"]) == ("desk_policies", {"team": "desk"})
