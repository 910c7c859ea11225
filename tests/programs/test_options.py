"""Pulumi's own resource options mean for these resources what they mean for all others."""

from __future__ import annotations

import json
from typing import Any

from tests.programs.test_identity import run_instead

Stack = Any


def desk() -> None:
    """A gateway with one target; OPTIONS, GATEWAY and TARGET are Python text of what a test adds."""
    import pulumi

    from agentcore_provider import Gateway, GatewayRole, GatewayTarget, targets

    def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if TIMEOUTS and args.type_.startswith("pulumi-python:"):  # type: ignore[name-defined]  # noqa: F821
            args.opts.custom_timeouts = pulumi.CustomTimeouts(**TIMEOUTS)  # type: ignore[name-defined]  # noqa: F821
        return pulumi.ResourceTransformResult(args.props, args.opts)

    pulumi.runtime.register_resource_transform(transform)
    api = {
        "openapi": "3.0.3",
        "info": {"title": "Shop", "version": "1"},
        "servers": [{"url": "https://shop.example.com"}],
        "paths": {"/orders": {"get": {"operationId": "list", "responses": {"200": {"description": "Orders"}}}}},
    }
    role = GatewayRole("desk", gateway_name="desk")
    gateway = Gateway(
        "desk",
        role_arn=role,
        **{"authorizer": "NONE", **GATEWAY},  # type: ignore[name-defined]  # noqa: F821
        opts=pulumi.ResourceOptions(**OPTIONS),  # type: ignore[name-defined]  # noqa: F821
    )
    if TARGET is not None:  # type: ignore[name-defined]  # noqa: F821
        options = {name: gateway if it == "gateway" else it for name, it in TARGET.items()}  # type: ignore[name-defined]  # noqa: F821
        GatewayTarget("orders", gateway=gateway, target=targets.OpenApi(api), opts=pulumi.ResourceOptions(**options))


def declare(
    stack: Stack,
    *,
    timeouts: dict[str, str] | None = None,
    gateway: dict[str, Any] | None = None,
    options: dict[str, Any] | None = None,
    target: dict[str, Any] | None = None,
    has_target: bool = True,
) -> None:
    constants = {"TIMEOUTS": timeouts or {}, "GATEWAY": gateway or {}, "OPTIONS": options or {}}
    run_instead(stack, desk, **constants, TARGET=(target or {}) if has_target else None)


def other_owners(stack: Stack) -> set[str]:
    """The resources that the last command's messages stand beside although no step of it was theirs."""
    events = [json.loads(line) for line in (stack.folder / ".agentcore" / "events.json").read_text().splitlines()]
    steps = {it["resourcePreEvent"]["metadata"]["urn"] for it in events if "resourcePreEvent" in it}
    rows = {it["diagnosticEvent"].get("urn", "") for it in events if "diagnosticEvent" in it}
    return rows - steps - {""}


def standing(stack: Stack) -> list[str]:
    return [it["name"] for it in stack.local_aws.client("bedrock-agentcore-control").list_gateways()["items"]]


def test_a_changed_delete_timeout_counts_at_once_also_one_of_a_transform(stack: Stack) -> None:
    """The `up` that only changes it asks nothing of AWS; the delete that gives up says how to go on."""
    declare(stack)
    stack.up()
    stack.local_aws.forget_requests()
    declare(stack, timeouts={"delete": "3s"})
    assert set(stack.up().changes) == {"same"}
    assert set(stack.local_aws.requests()) <= {"GetCallerIdentity"}, "what the role asks"
    fault = {"operation": "DeleteGateway", "kind": "status", "status": 409, "code": "ConflictException", "times": 1000}
    stack.local_aws.ask("POST", "/_local/faults", fault)
    reported = stack.destroy(succeeds=False).text
    assert "gave up" in reported
    assert "run the same command again" in reported
    stack.local_aws.ask("DELETE", "/_local/faults")
    stack.destroy()
    assert standing(stack) == []


def test_messages_stand_beside_resources_of_this_run(stack: Stack) -> None:
    """Also where the state holds a resource's old name: after a rename of the stack or of the resource."""
    declare(stack)
    stack.up()
    (gateway,) = [it["urn"] for it in stack.resources() if "Gateway::" in it["urn"]]
    stack.pulumi("state", "rename", gateway, "front", "--yes")
    stack.destroy()
    assert other_owners(stack) == set()
    assert standing(stack) == []


def test_a_name_that_ignore_changes_holds_stays_a_generated_one(stack: Stack) -> None:
    """A later replacement stands beside the old gateway under a name of its own: nothing is deleted first."""
    declare(stack)
    stack.up()
    (before,) = standing(stack)
    declare(stack, options={"ignore_changes": ["name"]})
    assert set(stack.up().changes) == {"same"}
    declare(stack, options={"ignore_changes": ["name"]}, gateway={"authorizer": "AWS_IAM"})
    stack.local_aws.forget_requests()
    stack.up()
    calls = [it for it in stack.local_aws.requests() if it in ("CreateGateway", "DeleteGateway")]
    assert calls == ["CreateGateway", "DeleteGateway"]
    (after,) = standing(stack)
    assert after != before


def test_a_target_deleted_with_its_gateway_is_refused_at_preview(stack: Stack) -> None:
    """It could not work: AWS deletes no gateway that has targets, and the engine would not delete the target."""
    declare(stack, target={"deleted_with": "gateway"})
    assert "deleted_with: AWS deletes nothing else with a Gateway" in stack.preview(succeeds=False).text


def test_a_retained_target_is_not_called_somebody_elses(stack: Stack) -> None:
    declare(stack, target={"retain_on_delete": True})
    stack.up()
    reported = stack.destroy(succeeds=False).text
    assert "retain_on_delete" in reported
    assert "delete-gateway-target" in reported
    assert "did not make" not in reported


def test_protect_and_replace_on_changes_work_as_everywhere(stack: Stack) -> None:
    declare(stack, options={"protect": True})
    stack.up()
    assert "is protected" in stack.destroy(succeeds=False).text
    before = standing(stack)
    declare(stack, options={"replace_on_changes": ["description"]}, gateway={"description": "another"})
    stack.local_aws.forget_requests()
    assert stack.up().changes["replace"] == 1, "the gateway; its target went with the destroy"
    assert [it for it in stack.local_aws.requests() if it.endswith("eGateway")] == ["DeleteGateway", "CreateGateway"]
    assert standing(stack) == before, "under the same name, since no part of it changed: deleted first"
    stack.destroy()
    assert standing(stack) == []
