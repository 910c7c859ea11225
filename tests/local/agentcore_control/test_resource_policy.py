"""The operations of resource policies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.local.agentcore_control.test_contract import require_modelled
from tests.support.control_plane import ControlPlane

ALLOW = {
    "Effect": "Allow",
    "Principal": {"AWS": "111122223333"},
    "Action": "bedrock-agentcore:InvokeGateway",
    "Resource": "*",
}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [ALLOW]}, indent=2)


def test_every_answer_fits_its_shape_and_the_text_is_kept(local_aws: ControlPlane) -> None:
    """As it was put, blanks included."""
    control = local_aws.control
    arn = local_aws.gateway()["gatewayArn"]
    made = control.put_resource_policy(resourceArn=arn, policy=POLICY)
    require_modelled("PutResourcePolicy", made)
    found = control.get_resource_policy(resourceArn=arn)
    require_modelled("GetResourcePolicy", found)
    assert (made["policy"], found["policy"]) == (POLICY, POLICY)
    control.delete_resource_policy(resourceArn=arn)
    for call in (control.get_resource_policy, control.delete_resource_policy):
        with pytest.raises(control.exceptions.ResourceNotFoundException):
            call(resourceArn=arn)


def test_a_gateway_takes_its_policy_along(local_aws: ControlPlane) -> None:
    """And one that does not exist cannot get one."""
    control = local_aws.control
    made = local_aws.gateway()
    control.put_resource_policy(resourceArn=made["gatewayArn"], policy=POLICY)
    control.delete_gateway(gatewayIdentifier=made["gatewayId"])
    with pytest.raises(control.exceptions.ResourceNotFoundException):
        control.put_resource_policy(resourceArn=made["gatewayArn"], policy=POLICY)


@pytest.mark.parametrize("place", ["runtime/desk-0a1b2c3d4e", "runtime/desk-0a1b2c3d4e/runtime-endpoint/DEFAULT"])
def test_runtimes_have_policies_of_their_own_actions(local_aws: ControlPlane, place: str) -> None:
    """Also of their endpoints."""
    control = local_aws.control
    arn = f"arn:aws:bedrock-agentcore:us-west-2:123456789012:{place}"
    statement: dict[str, Any] = {**ALLOW, "Action": "bedrock-agentcore:InvokeAgentRuntime"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
    control.put_resource_policy(resourceArn=arn, policy=policy)
    assert control.get_resource_policy(resourceArn=arn)["policy"] == policy
    with pytest.raises(control.exceptions.ValidationException, match="unsupported action"):
        control.put_resource_policy(resourceArn=arn, policy=POLICY)
    control.delete_resource_policy(resourceArn=arn)


def test_text_other_than_json_is_refused(local_aws: ControlPlane) -> None:
    """With a text that states it."""
    control = local_aws.control
    arn = local_aws.gateway()["gatewayArn"]
    for policy, reason in (("{", "not valid JSON"), ("[]", "Statement is missing"), ('{"Statement": [1]}', "Version")):
        with pytest.raises(control.exceptions.ValidationException, match=reason):
            control.put_resource_policy(resourceArn=arn, policy=policy)
