from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from tests.support.control_plane import ControlPlane

ROLE = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]
# Nothing is read from a DYNAMIC server before a client asks.
SERVER = {"mcp": {"mcpServer": {"endpoint": "https://tools.example.com/mcp", "listingMode": "DYNAMIC"}}}


def test_states_follow_the_clock(slow_aws: ControlPlane) -> None:
    """No target before its gateway is READY; then CREATING, READY, DELETING, gone."""
    control, gateway_id = slow_aws.control, slow_aws.gateway()["gatewayId"]
    asked = slow_aws.lambda_target(gateway_id)
    with pytest.raises(control.exceptions.ValidationException, match="CREATING"):
        control.create_gateway_target(**asked)
    slow_aws.now += 5
    target = control.create_gateway_target(**asked)
    assert re.fullmatch("[0-9a-zA-Z]{10}", target["targetId"])
    named = {"gatewayIdentifier": gateway_id, "targetId": target["targetId"]}
    assert control.get_gateway_target(**named)["status"] == "CREATING"
    with pytest.raises(control.exceptions.ConflictException):
        control.delete_gateway_target(**named)
    slow_aws.now += 2
    assert control.get_gateway_target(**named)["status"] == "READY"
    assert control.delete_gateway_target(**named)["status"] == "DELETING"
    slow_aws.now += 2
    with pytest.raises(control.exceptions.ResourceNotFoundException):
        control.get_gateway_target(**named)


def test_a_client_token_makes_one_target(local_aws: ControlPlane, gateway_id: str) -> None:
    asked = local_aws.lambda_target(gateway_id, clientToken="k" * 40)
    first = local_aws.control.create_gateway_target(**asked)
    assert local_aws.control.create_gateway_target(**asked)["targetId"] == first["targetId"]


def test_a_name_is_taken_once_in_a_gateway(local_aws: ControlPlane, gateway_id: str) -> None:
    asked = local_aws.lambda_target(gateway_id)
    local_aws.control.create_gateway_target(**asked)
    with pytest.raises(local_aws.control.exceptions.ConflictException):
        local_aws.control.create_gateway_target(**asked)
    elsewhere = local_aws.gateway()["gatewayId"]
    local_aws.control.create_gateway_target(**{**asked, "gatewayIdentifier": elsewhere})


def test_a_name_is_optional_and_can_change(local_aws: ControlPlane, gateway_id: str) -> None:
    asked = local_aws.lambda_target(gateway_id, description="Orders")
    del asked["name"]
    target = local_aws.control.create_gateway_target(**asked)
    assert target["name"]
    del asked["description"]
    updated = local_aws.control.update_gateway_target(**asked, targetId=target["targetId"], name="renamed")
    assert (updated["name"], "description" in updated) == ("renamed", False)


def test_the_kind_of_a_target_stays(local_aws: ControlPlane, gateway_id: str) -> None:
    target = local_aws.create_target(gateway_id, SERVER)
    with pytest.raises(ClientError, match="Target configuration cannot be updated from mcpServer to lambda"):
        local_aws.control.update_gateway_target(
            gatewayIdentifier=gateway_id,
            targetId=target["targetId"],
            targetConfiguration=local_aws.lambda_configuration(),
        )


def test_the_function_must_exist(local_aws: ControlPlane, gateway_id: str) -> None:
    arn = local_aws.function_arn + "-gone"
    for found in (arn, local_aws.function_arn + ":no-such-alias"):
        configuration = {"mcp": {"lambda": {"lambdaArn": found, "toolSchema": {"inlinePayload": []}}}}
        configuration["mcp"]["lambda"]["toolSchema"] = local_aws.lambda_configuration()["mcp"]["lambda"]["toolSchema"]
        with pytest.raises(ClientError, match="does not exist or cannot be invoked"):
            local_aws.create_target(gateway_id, configuration, ROLE)


def test_the_role_must_be_allowed_to_invoke_the_function(local_aws: ControlPlane) -> None:
    """A Deny beats an Allow; wildcards match."""
    role = local_aws.execution_role()
    gateway_id = local_aws.gateway(roleArn=role)["gatewayId"]
    configuration = local_aws.lambda_configuration()
    local_aws.allow(role, "lambda:Invoke*", local_aws.function_arn[:-1] + "?", effect="Deny")
    with pytest.raises(
        ClientError,
        match=r"lacks permission to invoke Lambda function .*Update the permission and retry",
    ):
        local_aws.create_target(gateway_id, configuration, ROLE)
    iam, name = local_aws.client("iam"), role.rpartition("/")[2]
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    with pytest.raises(ClientError, match="lacks permission"):
        local_aws.create_target(gateway_id, configuration, ROLE)
    iam.attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/service-role/AWSLambdaRole")
    assert local_aws.create_target(gateway_id, configuration, ROLE)["targetId"]


def test_only_servers_without_a_static_schema_are_synchronized(local_aws: ControlPlane, gateway_id: str) -> None:
    control = local_aws.control
    static = {
        "mcp": {
            "mcpServer": {
                "endpoint": "https://tools.example.com/mcp",
                "mcpToolSchema": {"inlinePayload": '{"tools": []}'},
            }
        }
    }
    refused = "Target type LAMBDA is not supported for synchronization"  # E10 (public transcript of 2026)
    for configuration, credentials, message in (
        (static, None, "static mcpToolSchema"),
        (local_aws.lambda_configuration(), ROLE, refused),
    ):
        target = local_aws.create_target(gateway_id, configuration, credentials)["targetId"]
        with pytest.raises(control.exceptions.ValidationException, match=message):
            control.synchronize_gateway_targets(gatewayIdentifier=gateway_id, targetIdList=[target])


def test_a_gateway_has_at_most_a_hundred_targets(local_aws: ControlPlane) -> None:
    gateway_id = local_aws.gateway()["gatewayId"]
    for _ in range(100):
        local_aws.create_target(gateway_id, SERVER)
    with pytest.raises(local_aws.control.exceptions.ServiceQuotaExceededException):
        local_aws.create_target(gateway_id, SERVER)
    pages = local_aws.control.get_paginator("list_gateway_targets").paginate(
        gatewayIdentifier=gateway_id, PaginationConfig={"PageSize": 30}
    )
    items = [item for page in pages for item in page["items"]]
    assert len({item["targetId"] for item in items}) == 100
    assert items[0]["targetType"] == "MCP_SERVER"


def test_a_policy_engine_adds_a_header_that_nobody_may_send(local_aws: ControlPlane) -> None:
    """What the service adds is not drift: an update that sends it back is rejected."""
    engine = local_aws.control.create_policy_engine(name="adds_a_header")["policyEngineArn"]
    gateway_id = local_aws.gateway(policyEngineConfiguration={"arn": engine, "mode": "ENFORCE"})["gatewayId"]
    asked = local_aws.lambda_target(gateway_id)
    target = local_aws.control.create_gateway_target(**asked)
    header = "x-amzn-bedrock-agentcore-policy-session-id"
    assert target["metadataConfiguration"] == {"allowedRequestHeaders": [header]}
    with pytest.raises(ClientError, match="reserved header"):
        local_aws.control.update_gateway_target(
            **asked, targetId=target["targetId"], metadataConfiguration=target["metadataConfiguration"]
        )


def test_many_at_once_make_one_of_each(local_aws: ControlPlane) -> None:
    """Twenty threads: one target by its name, one by its token."""
    gateway_id = local_aws.gateway()["gatewayId"]
    named = local_aws.lambda_target(gateway_id)
    with_token = local_aws.lambda_target(gateway_id, clientToken="p" * 40)
    control = local_aws.control

    def create_both(_: int) -> tuple[bool, str]:
        token_made: str = control.create_gateway_target(**with_token)["targetId"]
        try:
            control.create_gateway_target(**named)
        except control.exceptions.ConflictException:
            return False, token_made
        return True, token_made

    with ThreadPoolExecutor(20) as threads:
        made = list(threads.map(create_both, range(20)))
    assert [won for won, _ in made].count(True) == 1
    assert len({target_id for _, target_id in made}) == 1


def test_a_target_is_updated_once_more_when_it_settles(slow_aws: ControlPlane) -> None:
    """Its id is in upper case, and updatedAt moves to the moment at which it is found READY, once."""
    gateway = slow_aws.gateway()["gatewayId"]
    slow_aws.now += 5
    made = slow_aws.control.create_gateway_target(**slow_aws.lambda_target(gateway))
    assert re.fullmatch("[0-9A-Z]{10}", made["targetId"])
    which = {"gatewayIdentifier": gateway, "targetId": made["targetId"]}
    pending = slow_aws.control.get_gateway_target(**which)
    assert (pending["status"], pending["updatedAt"]) == ("CREATING", made["createdAt"])
    slow_aws.now += 2
    ready = [slow_aws.control.get_gateway_target(**which)["updatedAt"] for _ in range(2)]
    assert ready[0] == ready[1] > made["createdAt"]
