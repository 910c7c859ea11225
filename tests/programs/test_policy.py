"""Policies of a gateway's tools in a program, under the real engine."""

from __future__ import annotations

import json
from typing import Any

from tests.programs.test_identity import run_instead

Stack = Any


def desk() -> None:
    """An engine, a gateway with two tools, and two policies; LIMIT, MODE, DESCRIPTION and READ are of a test."""
    import pulumi

    from agentcore_provider import Gateway, GatewayRole, GatewayTarget, Policy, PolicyEngine, targets

    engine = PolicyEngine("desk", description=DESCRIPTION)  # type: ignore[name-defined]  # noqa: F821
    mode: str = MODE  # type: ignore[name-defined]  # noqa: F821
    role = GatewayRole("desk")
    gateway = Gateway("desk", role_arn=role, authorizer="AWS_IAM", policy_engine=engine, policy_mode=mode)
    GatewayTarget("orders", gateway=gateway, target=targets.LambdaCode("demo/order_desk"))
    lookups = Policy("lookups", engine=engine, permit=["orders___order_status"])
    Policy(
        "searches",
        engine=engine,
        statement=f"""
            permit (principal, action == AgentCore::Action::"orders___find_orders", resource == ?resource)
            when {{ {LIMIT} }};
        """,  # type: ignore[name-defined]  # noqa: F821
        validation_mode="IGNORE_ALL_FINDINGS",
        enforcement_mode="LOG_ONLY" if mode == "LOG_ONLY" else None,
    )
    if READ:  # type: ignore[name-defined]  # noqa: F821
        pulumi.export("statement", Policy.get("read", lookups.id).definition)
        pulumi.export("engine", PolicyEngine.get("read", engine.id).description)


def declare(
    stack: Stack,
    limit: str = 'context.input.customer == "Ada"',
    *,
    mode: str = "ENFORCE",
    description: str | None = "the desk's",
    read: bool = False,
) -> None:
    run_instead(stack, desk, LIMIT=limit, MODE=mode, DESCRIPTION=description, READ=read)


def policies(stack: Stack) -> dict[str, dict[str, Any]]:
    """The policies of the only engine, by the beginnings of their names."""
    control = stack.local_aws.client("bedrock-agentcore-control")
    (engine,) = control.list_policy_engines()["policyEngines"]
    listed = control.list_policies(policyEngineId=engine["policyEngineId"])["policies"]
    return {it["name"].partition("_")[0]: it for it in listed}


def test_policies_live_as_other_resources_do(stack: Stack) -> None:
    """Created after the tools, changed in place, read by ARN, put back after drift, deleted before their engine."""
    control = stack.local_aws.client("bedrock-agentcore-control")
    declare(stack)
    stack.up()
    (gateway,) = control.list_gateways()["items"]
    arn = control.get_gateway(gatewayIdentifier=gateway["gatewayId"])["gatewayArn"]
    before = policies(stack)
    assert before["lookups"]["definition"]["cedar"]["statement"] == (
        "permit (\n  principal is AgentCore::IamEntity,\n"
        '  action == AgentCore::Action::"orders___order_status",\n'
        f'  resource == AgentCore::Gateway::"{arn}"\n);'
    )
    assert set(stack.up().changes) == {"same"}
    call = {"principal": {"arn": "arn:aws:iam::123456789012:role/a"}, "tool": "orders___order_status"}
    case = {**call, "arguments": {"order_id": "A-1002"}, "expect": "allow", "by": "lookups"}
    (stack.folder / "tests.json").write_text(json.dumps({"tests": [case]}))
    assert "1 test, 0 failed" in stack.agentcore("policy", "test", "tests.json", "--stack", "local")
    assert 'action "orders___order_status"' in stack.agentcore("policy", "schema", "--stack", "local")

    # Local AWS has no model: of a text in Cedar it returns the text.
    text = before["searches"]["definition"]["cedar"]["statement"].strip()
    stack.agentcore("policy", "generate", text, "--stack", "local", "-o", "generated.cedar")
    generated = (stack.folder / "generated.cedar").read_text()
    assert (generated.count("?resource"), arn in generated) == (1, False)
    refused = stack.agentcore("policy", "generate", "Agents may read", "--stack", "local", succeeds=False)
    assert "NOT_TRANSLATABLE" in refused
    assert "AWS wrote no policy" in refused

    declare(stack, 'context.input.customer == "Bob"', mode="LOG_ONLY", description=None, read=True)
    changed = stack.up()
    assert (changed.changes["update"], changed.changes.get("replace", 0)) == (3, 0)
    after = policies(stack)
    assert (after["searches"]["policyId"], after["searches"]["enforcementMode"]) == (
        before["searches"]["policyId"],
        "LOG_ONLY",
    )
    assert arn in stack.outputs()["statement"]["cedar"]["statement"]
    assert stack.outputs().get("engine") is None

    declare(stack)
    stack.up()
    searches = policies(stack)["searches"]
    assert searches["enforcementMode"] == "ACTIVE"
    changed_by_hand = searches["definition"]["cedar"]["statement"].replace("Ada", "Eve")
    control.update_policy(
        policyEngineId=searches["policyEngineId"],
        policyId=searches["policyId"],
        definition={"cedar": {"statement": changed_by_hand}},
        validationMode="IGNORE_ALL_FINDINGS",
    )
    assert stack.refresh().changes["update"] >= 1
    assert stack.up().changes["update"] == 1
    assert policies(stack)["searches"]["definition"] == searches["definition"]

    stack.destroy()
    assert control.list_policy_engines()["policyEngines"] == []


def test_policies_that_do_not_fit_are_reported_at_preview(stack: Stack) -> None:
    """With the line and the cure, and nothing is made."""
    declare(stack, 'context.input.custmer == "Ada"')
    answer = stack.preview(succeeds=False)
    assert answer.code != 0
    assert "policy 'searches': statement: line 3: attribute `input.custmer`" in answer.text
    assert "Did you mean customer?" in answer.text
    assert stack.local_aws.client("bedrock-agentcore-control").list_policy_engines()["policyEngines"] == []
