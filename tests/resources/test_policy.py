"""Policy and PolicyEngine: the documents that arguments become, and problems that the program's side finds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest

from agentcore_provider import Gateway, GatewayTarget, McpGateway, Policy, PolicyEngine, targets
from agentcore_provider.errors import InvalidInput

ROLE = "arn:aws:iam::123456789012:role/shop"
TOOL = {
    "name": "refund",
    "description": "Pay back",
    "inputSchema": {"type": "object", "properties": {"amount": {"type": "integer"}}, "required": ["amount"]},
}
SCOPE = 'principal, action == AgentCore::Action::"orders___refund"'
# A statement that names its gateway itself.
STATED = (
    f'permit ({SCOPE}, resource == AgentCore::Gateway::"arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/a-0123456789")'
    "\nwhen { context.input.amount < 5 };"
)
FUNCTION = "arn:aws:lambda:us-west-2:123456789012:function:orders"


def program(*policies: dict[str, Any], mode: str | None = None, gateways: int = 1) -> Callable[[], None]:
    """A program with an engine, gateways, a target and these policies."""

    def declared() -> None:
        engine = PolicyEngine("desk")
        made = [
            Gateway(f"desk{it}", role_arn=ROLE, authorizer="AWS_IAM", policy_engine=engine, policy_mode=mode)
            for it in range(gateways)
        ]
        GatewayTarget("orders", gateway=made[0], target=targets.Lambda(FUNCTION, tools=[TOOL]))
        for number, policy in enumerate(policies):
            Policy(f"policy{number}", **{"engine": engine, **policy})

    return declared


def documents(declared: Any) -> list[dict[str, Any]]:
    """By logical name: the engine gets them in any order."""
    return [dict(it) for _, it in sorted(declared.of("agentcore:Policy").items())]


def problems(declared: Any) -> str:
    return "\n".join(
        line for it in documents(declared) for line in it["__context"].get("problems", ()) if isinstance(line, str)
    )


def test_permit_becomes_a_statement_for_the_callers_of_the_gateway(declare: Any) -> None:
    """With the gateway's ARN, which is made of the engine's ARN and the gateway's id."""
    one, several = documents(
        declare(program({"permit": "orders___refund"}, {"forbid": ["orders___refund"] * 2, "unless": "false"}))
    )
    statement = one["definition"]["cedar"]["statement"]
    assert statement.startswith("permit (\n  principal is AgentCore::IamEntity,\n  action == AgentCore::Action::")
    assert "resource == AgentCore::Gateway::" in statement
    assert one["validation_mode"] == "IGNORE_ALL_FINDINGS"
    assert 'action in [AgentCore::Action::"orders___refund", ' in several["definition"]["cedar"]["statement"]
    assert several["definition"]["cedar"]["statement"].endswith("unless { false };")
    assert several.get("validation_mode") is None


def test_a_policy_decides_unless_it_is_only_tried(declare: Any) -> None:
    """The mode is always declared, so that a refresh finds one that somebody else has switched off."""
    policy = {"permit": "orders___refund"}
    modes = [
        it["enforcement_mode"] for it in documents(declare(program(policy, {**policy, "enforcement_mode": "LOG_ONLY"})))
    ]
    assert modes == ["ACTIVE", "LOG_ONLY"]


def test_a_target_stands_for_all_of_its_tools(declare: Any) -> None:
    """By `in`, since no call is the group itself."""
    declared = declare(program({"permit": "orders"}, {"forbid": ["orders", "orders___refund"]}))
    assert problems(declared) == ""
    for found in documents(declared):
        assert 'action in [AgentCore::Action::"orders"' in found["definition"]["cedar"]["statement"]


def test_gateways_of_an_engine_may_have_targets_of_one_name(declare: Any) -> None:
    """A policy of one gateway is validated against the tools of that gateway, and waits for all targets."""
    pay = {**TOOL, "name": "pay"}

    def declared() -> None:
        engine = PolicyEngine("desk")
        made = [Gateway(f"desk{it}", role_arn=ROLE, authorizer="AWS_IAM", policy_engine=engine) for it in range(2)]
        for number, (gateway, tool) in enumerate(zip(made, (TOOL, pay), strict=True)):
            target = targets.Lambda(FUNCTION, tools=[tool])
            GatewayTarget(f"orders{number}", gateway=gateway, target=target, name="orders")
        assert len(engine.targets()) == 2
        Policy("one", engine=engine, gateway=made[0], permit="orders___refund")
        Policy("two", engine=engine, gateway=made[1], permit="orders___pay")
        every = "permit (principal, action, resource is AgentCore::Gateway) when { context.input has amount };"
        Policy("both", engine=engine, statement=every, validation_mode="IGNORE_ALL_FINDINGS")
        Policy("wrong", engine=engine, gateway=made[1], permit="orders___refund")

    (line,) = problems(declare(declared)).splitlines()
    assert "the gateway has no tool orders___refund" in line


def test_a_tool_of_a_target_that_gets_its_name_later_is_accepted(declare: Any) -> None:
    """Only the deployment knows how its tools are called."""

    def declared() -> None:
        engine = PolicyEngine("desk")
        gateway = Gateway("desk", role_arn=ROLE, authorizer="AWS_IAM", policy_engine=engine)
        name, target = pulumi.Output.from_input("late"), targets.Lambda(FUNCTION, tools=[TOOL])
        GatewayTarget("orders", gateway=gateway, target=target, name=name)
        assert len(engine.targets()) == 1
        Policy("one", engine=engine, permit="late___refund")

    assert problems(declare(declared)) == ""


def test_a_statement_comes_from_a_file_or_later(declare: Any, tmp_path: Path) -> None:
    """The slot in a string or comment is not one."""
    text = f'permit ({SCOPE}, resource == ?resource) // ?resource\nwhen {{ context.input.amount < 5 || "?resource" == "" }};'
    file = tmp_path / "one.cedar"
    file.write_text(text)
    for policy in ({"file": file}, {"file": str(file)}, {"statement": pulumi.Output.from_input(text)}):
        (found,) = documents(declare(program(policy)))
        assert found["definition"]["cedar"]["statement"].count("?resource") == 2


def test_a_clause_of_dogwood_has_its_own_member(declare: Any) -> None:
    """AWS takes it under `policy` only."""
    (found,) = documents(
        declare(program({"statement": f"forbid ({SCOPE}, resource == ?resource) when temporal {{ x }};"}))
    )
    assert [*found["definition"]] == ["policy"]


@pytest.mark.parametrize(
    ("policy", "report"),
    [
        (
            {"permit": "orders___refnd"},
            "permit: the gateway has no tool orders___refnd. Did you mean orders___refund?",
        ),
        ({"permit": []}, "permit: is empty"),
        ({"permit": {"a": 1}}, "permit: is a dict"),
        ({"permit": "orders___refund", "when": 5}, "when: is a int"),
        ({"permit": "orders___refund", "when": "context.input.amont < 5"}, "Did you mean amount?"),
        ({"statement": f"permit ({SCOPE}, resource);"}, "statement: line 1: applies to every resource"),
        ({"statement": f"permit ({SCOPE}, resource == ?resource);"}, "refuses as Overly Permissive. Add a condition"),
        ({"file": "nowhere.cedar"}, "nowhere.cedar: there is no such file"),
        (
            {"permit": ["orders___refund", "orders___refnd"]},
            "permit[1]: the gateway has no tool orders___refnd. Did you mean orders___refund?",
        ),
        (
            {"definition": {"cedar": {"statement": STATED.replace("orders___refund", "orders___refnd")}}},
            "definition.cedar.statement: line 1: the gateway has no tool orders___refnd. Did you mean orders___refund?",
        ),
        (
            {"definition": {"cedar": {"statement": STATED.replace(".amount", ".amont")}}},
            "definition.cedar.statement: line 2: attribute `input.amont`",
        ),
    ],
)
def test_a_statement_that_does_not_fit_is_reported(declare: Any, policy: dict[str, Any], report: str) -> None:
    """Under the argument that has it."""
    assert report in problems(declare(program(policy)))


def test_a_problem_of_a_file_has_its_name_and_line(declare: Any, tmp_path: Path) -> None:
    """Whether it is the grammar, AWS's rules, or a tool."""
    file = tmp_path / "one.cedar"
    for text, report in (
        (f"// One\npermit ({SCOPE}, resource);", "line 2: applies to every resource"),
        ("permit (\nprincipal", "line 2: ends in the middle of a policy"),
        ("// One\n" + STATED.replace("orders___refund", "orders___refnd"), "line 2: the gateway has no tool"),
    ):
        file.write_text(text)
        assert f"file: {file}: {report}" in problems(declare(program({"file": file})))


def test_a_definition_that_is_known_later_is_validated_then(declare: Any) -> None:
    """As a statement is."""
    reported = []

    def declared() -> None:
        later = pulumi.Output.from_input(STATED.replace("orders___refund", "orders___refnd"))
        program({"definition": {"cedar": {"statement": later}}})()

    for it in documents(declare(declared)):
        reported += it["__context"].get("problems", ())
    assert "definition.cedar.statement: line 1: the gateway has no tool orders___refnd" in "\n".join(reported)


def test_a_statement_without_condition_is_doubtful_beside_a_forbid(declare: Any) -> None:
    """Then not every call is allowed; and it is accepted where findings are ignored."""
    forbid = {"forbid": "orders___refund"}
    open_one = {"statement": f"permit ({SCOPE}, resource == ?resource);"}
    assert problems(declare(program(forbid, open_one))) == ""
    assert problems(declare(program({**open_one, "validation_mode": "IGNORE_ALL_FINDINGS"}))) == ""


def test_several_gateways_of_an_engine_need_a_choice(declare: Any) -> None:
    """A slot means none of them."""
    declared = declare(program({"statement": f"permit ({SCOPE}, resource == ?resource) when {{ true }};"}, gateways=2))
    assert "has ?resource, and AWS takes no templates. Name the gateway with gateway=" in problems(declared)


@pytest.mark.parametrize(
    ("arguments", "report"),
    [
        ({}, "has no statement"),
        ({"permit": "a", "statement": "b"}, "has permit and statement"),
        ({"statement": "a", "when": "b"}, "when cannot be combined with statement"),
        ({"permit": "a", "policy_engine_id": "e-0123456789"}, "exactly one of engine and policy_engine_id"),
        ({"permit": "a", "gateway": "desk"}, "gateway: is a str"),
        ({"permit": "a", "engine": "desk"}, "engine: is a str"),
    ],
)
def test_contradictions_are_raised(declare: Any, arguments: dict[str, Any], report: str) -> None:
    """At the line that has them."""
    with pytest.raises(InvalidInput) as error:
        declare(program(arguments))
    assert report in str(error.value)


def test_the_gateway_gets_the_engine_with_its_mode(declare: Any) -> None:
    """ENFORCE unless the program chooses."""
    for mode, expected in ((None, "ENFORCE"), ("LOG_ONLY", "LOG_ONLY")):
        (gateway,) = declare(program(mode=mode)).of("agentcore:Gateway").values()
        assert gateway["policy_engine_configuration"]["mode"] == expected


@pytest.mark.parametrize(
    ("arguments", "report"),
    [
        ({"policy_mode": "ENFORCE"}, "has policy_mode without policy_engine"),
        ({"policy_engine": "e"}, "policy_engine: is a str"),
        ({"policy_engine": "e", "policy_engine_configuration": {"arn": "a"}}, "cannot be combined with policy_engine"),
    ],
)
def test_a_gateway_refuses_what_is_not_an_engine(declare: Any, arguments: dict[str, Any], report: str) -> None:
    with pytest.raises(InvalidInput) as error:
        declare(lambda: Gateway("desk", role_arn=ROLE, authorizer="AWS_IAM", **arguments))
    assert report in str(error.value)


def test_a_whole_gateway_makes_an_engine_for_its_policies(declare: Any) -> None:
    """One that is passed is used instead."""

    def declared() -> None:
        policies = {"refunds": {"permit": "orders___refund", "when": "context.input.amount < 5"}}
        parts: dict[str, Any] = {
            "targets": {"orders": targets.Lambda(FUNCTION, tools=[TOOL])},
            "authorizer": "AWS_IAM",
            "role_arn": ROLE,
        }
        McpGateway("own", policies=policies, policy_mode="LOG_ONLY", **parts)
        McpGateway("shared", policies=policies, policy_engine=PolicyEngine("theirs"), **parts)

        McpGateway("closed", policies={}, **parts)
        McpGateway("open", **parts)

    found = declare(declared)
    # Once its last policy is removed, a gateway denies every call, and does not allow all of them.
    assert sorted(found.of("agentcore:PolicyEngine")) == ["closed", "own", "theirs"]
    assert sorted(found.of("agentcore:Policy")) == ["own-refunds", "shared-refunds"]


@pytest.mark.parametrize(
    ("policies", "report"),
    [
        (["a"], "policies: is a list"),
        ({"a": "permit"}, "policies.a: is a str"),
        ({"a": {"engine": None}}, "policies.a: Policy has no argument engine here"),
        ({"a": {"permits": "t"}}, "policies.a: Policy has no argument permits. Did you mean permit?"),
    ],
)
def test_policies_of_a_whole_gateway_are_arguments(declare: Any, policies: Any, report: str) -> None:
    with pytest.raises(InvalidInput) as error:
        declare(lambda: McpGateway("desk", targets={}, policies=policies))
    assert report in str(error.value)
