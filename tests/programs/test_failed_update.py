"""After an update that AWS began and could not finish, `pulumi up` sends it again, with a refresh before it or without."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.stack import Stack


def _describe(stack: Stack, noun: str, text: str) -> None:
    def change(config: dict[str, Any]) -> None:
        gateway = config["agentcore:gateways"]["shop"]
        (gateway if noun == "Gateway" else gateway["targets"]["orders"])["description"] = text

    stack.configure(change)


def _found(stack: Stack, noun: str) -> dict[str, Any]:
    control = stack.local_aws.client("bedrock-agentcore-control")
    (gateway,) = control.list_gateways()["items"]
    if noun == "Gateway":
        return gateway
    (target,) = control.list_gateway_targets(gatewayIdentifier=gateway["gatewayId"])["items"]
    return target


@pytest.mark.parametrize("noun", ["Gateway", "GatewayTarget"])
def test_a_failed_update_heals(deployed: Any, noun: str) -> None:
    stack, _ = deployed
    fault = {"operation": f"Update{noun}", "kind": "fail", "reason": "no capacity today"}

    def fails(text: str) -> None:
        _describe(stack, noun, text)
        stack.local_aws.ask("POST", "/_local/faults", fault)
        assert "UPDATE_UNSUCCESSFUL: no capacity today" in stack.up(succeeds=False).text
        stack.local_aws.ask("DELETE", "/_local/faults")
        assert _found(stack, noun)["status"] == "UPDATE_UNSUCCESSFUL"

    fails("the first")
    assert stack.up().changes["update"] == 1
    assert _found(stack, noun)["status"] == "READY"
    assert set(stack.up().changes) == {"same"}

    fails("the second")
    assert stack.refresh().changes["update"] == 1
    assert stack.up().changes["update"] == 1
    assert (_found(stack, noun)["status"], _found(stack, noun)["description"]) == ("READY", "the second")
    assert set(stack.refresh().changes) == {"same"}


@pytest.mark.parametrize("noun", ["Gateway", "GatewayTarget"])
def test_taking_back_a_change_that_failed_is_a_change(deployed: Any, noun: str) -> None:
    """AWS holds the document that it could not finish: `up` of the one before sends it, without a refresh."""
    stack, _ = deployed
    _describe(stack, noun, "as it was")
    stack.up()
    fault = {"operation": f"Update{noun}", "kind": "fail", "reason": "no capacity today"}
    _describe(stack, noun, "a bad idea")
    stack.local_aws.ask("POST", "/_local/faults", fault)
    assert "UPDATE_UNSUCCESSFUL: no capacity today" in stack.up(succeeds=False).text
    stack.local_aws.ask("DELETE", "/_local/faults")

    _describe(stack, noun, "as it was")
    assert stack.preview().changes["update"] == 1
    assert stack.up().changes["update"] == 1
    assert (_found(stack, noun)["status"], _found(stack, noun)["description"]) == ("READY", "as it was")
    assert set(stack.up("--refresh").changes) == {"same"}
