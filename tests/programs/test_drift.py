"""What changes in AWS without Pulumi is noticed and fixed."""

from __future__ import annotations

from typing import Any


def test_a_local_aws_that_lost_everything_is_filled_again(deployed: Any) -> None:
    stack, first = deployed
    stack.local_aws.stop()
    stack.local_aws.start()
    stack.up("--refresh")
    assert len(stack.resources()) == first.changes["create"]
    assert stack.agentcore("tools", "call", "order_status", '{"order_id": "A-1002"}')
    assert set(stack.up().changes) == {"same"}


def test_a_gateway_deleted_behind_our_back_is_noticed_by_refresh_and_made_again(deployed: Any) -> None:
    stack, _ = deployed
    control = stack.local_aws.client("bedrock-agentcore-control")
    (gateway,) = control.list_gateways()["items"]
    identifier = gateway["gatewayId"]
    for target in control.list_gateway_targets(gatewayIdentifier=identifier)["items"]:
        control.delete_gateway_target(gatewayIdentifier=identifier, targetId=target["targetId"])
    stack.until(lambda: not control.list_gateway_targets(gatewayIdentifier=identifier)["items"])
    control.delete_gateway(gatewayIdentifier=identifier)
    stack.until(lambda: not control.list_gateways()["items"])

    refreshed = stack.refresh()
    assert refreshed.changes["delete"] == 2, "the gateway and its target"
    assert stack.up().changes["create"] == 2
    assert len(control.list_gateways()["items"]) == 1


def test_a_description_changed_by_hand_is_put_back(deployed: Any) -> None:
    stack, _ = deployed
    control = stack.local_aws.client("bedrock-agentcore-control")
    (item,) = control.list_gateways()["items"]
    gateway = control.get_gateway(gatewayIdentifier=item["gatewayId"])
    members = ("name", "protocolType", "protocolConfiguration", "authorizerType", "authorizerConfiguration", "roleArn")
    sent = {member: gateway[member] for member in members}
    control.update_gateway(gatewayIdentifier=item["gatewayId"], description="by hand", **sent)
    stack.until(lambda: control.get_gateway(gatewayIdentifier=item["gatewayId"])["status"] == "READY")

    assert stack.refresh().changes["update"] == 1
    assert stack.up().changes["update"] == 1
    (item,) = control.list_gateways()["items"]
    assert item["description"] == "The order desk of a small shop"
