"""Rules of a gateway in a program, under the real engine."""

from __future__ import annotations

import json
from typing import Any

from tests.programs.test_identity import run_instead

Stack = Any


def desk() -> None:
    """Two targets and two rules; PRIORITIES, ROUTE, READ, PREFIX and PATHS are Python text of what a test adds."""
    import pulumi

    from agentcore_provider import Gateway, GatewayRole, GatewayRule, GatewayTarget, credentials, targets

    gateway = Gateway("desk", role_arn=GatewayRole("desk"), authorizer="AWS_IAM", protocol_type=None)
    made = {
        name: GatewayTarget(
            name,
            gateway=gateway,
            target=targets.Passthrough(f"https://{name}.example.com", "CUSTOM"),
            credentials=credentials.IamRole(service="execute-api"),
        )
        for name in ("stable", "canary")
    }
    for (name, target), priority in zip(made.items(), PRIORITIES, strict=True):  # type: ignore[name-defined]  # noqa: F821
        rule = GatewayRule(
            PREFIX + name,  # type: ignore[name-defined]  # noqa: F821
            gateway=gateway,
            priority=priority,
            paths=[made["stable"]] if PATHS is None else PATHS,  # type: ignore[name-defined]  # noqa: F821
            route=ROUTE or target,  # type: ignore[name-defined]  # noqa: F821
            description=f"to {name}",
            opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name=f"to-{name}")]) if not PREFIX else None,  # type: ignore[name-defined]  # noqa: F821
        )
    if READ:  # type: ignore[name-defined]  # noqa: F821
        read = GatewayRule.get("read", rule.id)
        pulumi.export("read", read.description)


def declare(
    stack: Stack, *priorities: int, route: Any = None, read: bool = False, prefix: str = "", paths: Any = None
) -> None:
    run_instead(stack, desk, PRIORITIES=priorities, ROUTE=route, READ=read, PREFIX=prefix, PATHS=paths)


def rules(stack: Stack) -> dict[int, dict[str, Any]]:
    control = stack.local_aws.client("bedrock-agentcore-control")
    (gateway,) = control.list_gateways()["items"]
    listed = control.list_gateway_rules(gatewayIdentifier=gateway["gatewayId"])["gatewayRules"]
    return {it["priority"]: it for it in listed}


def test_rules_live_as_other_resources_do(stack: Stack) -> None:
    """Created after their targets, exchanged in place, read by id, put back after drift, deleted before the gateway."""
    declare(stack, 100, 200)
    stack.up()
    before = {priority: it["ruleId"] for priority, it in rules(stack).items()}
    assert set(stack.up().changes) == {"same"}

    declare(stack, 200, 100, read=True)
    changed = stack.up()
    assert (changed.changes["update"], changed.changes.get("replace", 0)) == (2, 0)
    assert {priority: it["ruleId"] for priority, it in rules(stack).items()} == {200: before[100], 100: before[200]}
    assert stack.outputs()["read"] == "to canary"

    control = stack.local_aws.client("bedrock-agentcore-control")
    control.update_gateway_rule(
        gatewayIdentifier=rules(stack)[100]["gatewayArn"].rpartition("/")[2],
        ruleId=before[200],
        description="by hand",
    )
    declare(stack, 200, 100)
    assert stack.refresh().changes["update"] >= 1
    assert stack.up().changes["update"] == 1
    assert rules(stack)[100]["description"] == "to canary"

    stack.destroy()
    assert control.list_gateways()["items"] == []


def test_a_rule_gets_another_name_in_pulumi(stack: Stack) -> None:
    """It is taken over, also where the engine stops before it deletes the old resource and goes on in the next process."""
    declare(stack, 100, 200)
    stack.up()
    before = {priority: it["ruleId"] for priority, it in rules(stack).items()}
    old = [it for it in exported(stack)["deployment"]["resources"] if it["urn"].endswith("GatewayRule::stable")]
    assert len(old) == 1

    declare(stack, 100, 200, prefix="to-")
    assert "is kept" in stack.up().text
    assert {priority: it["ruleId"] for priority, it in rules(stack).items()} == before

    state = exported(stack)
    state["deployment"]["resources"] += old
    file = stack.folder / "state.json"
    file.write_text(json.dumps(state))
    stack.pulumi("stack", "import", "--file", str(file))
    answer = stack.up()
    assert answer.changes["delete"] == 1
    assert {priority: it["ruleId"] for priority, it in rules(stack).items()} == before

    # With an alias, everything else of it can change at once.
    declare(stack, 300, 200)
    changed = stack.up()
    assert (changed.changes["update"], changed.changes.get("delete", 0)) == (1, 0)
    assert {priority: it["ruleId"] for priority, it in rules(stack).items()} == {300: before[100], 200: before[200]}
    stack.destroy()


def exported(stack: Stack) -> dict[str, Any]:
    state: dict[str, Any] = json.loads(stack.pulumi("stack", "export"))
    return state


def test_problems_of_rules_are_reported_at_preview(stack: Stack) -> None:
    """All at once, and nothing is made."""
    declare(stack, 7, 7, route={"target": "stable", "model": "gpt-5.5"}, paths=[])
    answer = stack.preview(succeeds=False)
    assert answer.code != 0
    for report in (
        "gateway rule 'canary': priority: GatewayRule \"stable\" has the priority 7 already",
        "target stable is not an inference target, which alone has a model and fallbacks",
        "conditions[0].matchPaths.anyOf: is an empty list",
    ):
        assert report in answer.text
    assert stack.local_aws.client("bedrock-agentcore-control").list_gateways()["items"] == []
