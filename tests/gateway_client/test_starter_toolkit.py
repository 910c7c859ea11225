"""A script in the starter toolkit's words runs to the end; only its import is another one."""

from __future__ import annotations

import inspect
import json
import logging
from typing import Any

import pytest

from agentcore_provider import GatewayClient, errors
from tests.support.world import World

# Public methods of GatewayClient in bedrock-agentcore-starter-toolkit 0.3.14, and their arguments in order.
CALLS = {
    "create_mcp_gateway": [
        "name",
        "role_arn",
        "authorizer_config",
        "enable_semantic_search",
        "enable_observability",
        "policy_engine_config",
    ],
    "create_mcp_gateway_target": ["gateway", "name", "target_type", "target_payload", "credentials"],
    "fix_iam_permissions": ["gateway"],
    "delete_gateway": ["gateway_identifier", "name", "gateway_arn", "skip_resource_in_use"],
    "delete_gateway_target": ["gateway_identifier", "name", "gateway_arn", "target_id", "target_name"],
    "list_gateways": ["name", "max_results"],
    "get_gateway": ["gateway_identifier", "name", "gateway_arn"],
    "list_gateway_targets": ["gateway_identifier", "name", "gateway_arn", "max_results"],
    "get_gateway_target": ["gateway_identifier", "name", "gateway_arn", "target_id", "target_name"],
    "cleanup_gateway": ["gateway_id", "client_info"],
    "generate_random_id": [],
    "create_oauth_authorizer_with_cognito": ["gateway_name"],
    "update_gateway": ["gateway_identifier", "description", "policy_engine_config"],
    "update_gateway_policy_engine": ["gateway_identifier", "policy_engine_arn", "mode"],
    "get_access_token_for_cognito": ["client_info"],
    "enable_observability": ["gateway_id", "gateway_arn", "enable_logs", "enable_traces"],
    "disable_observability": ["gateway_id", "delete_log_group"],
}


@pytest.mark.parametrize("call", sorted(CALLS))
def test_every_call_of_the_toolkit_is_there_with_its_arguments(call: str) -> None:
    """A keyword argument of the toolkit is one here."""
    takes = inspect.signature(getattr(GatewayClient, call)).parameters
    further = any(it.kind is it.VAR_KEYWORD for it in takes.values())
    assert set(CALLS[call]) <= set(takes) or further


# Beside the toolkit's: of the quick start, by AWS's operations, and what the pages describe.
FURTHER = {
    *("create_gateway", "create_gateway_target", "update_gateway_target", "setup_gateway"),
    *("get_test_token_for_cognito", "get_sigv4_auth", "find_gateway", "find_gateway_target", "wait_for_gateway"),
    *("client", "region", "session"),
}


def test_the_client_has_no_other_public_name() -> None:
    """What it consists of is private."""
    client = GatewayClient("us-west-2", owner="me")
    assert {it for it in dir(client) if not it.startswith("_")} == {*CALLS, *FURTHER, "logger"}


def test_a_script_of_the_toolkit_runs_to_the_end(client: GatewayClient, world: World, name: str) -> None:
    """The calls of a whole script, their results in the toolkit's form, and nothing left at the end."""
    client.logger.setLevel(logging.WARNING)
    sign_in = client.create_oauth_authorizer_with_cognito(name)
    gateway = client.create_mcp_gateway(
        name=name, role_arn=None, authorizer_config=sign_in["authorizer_config"], enable_semantic_search=True
    )
    client.fix_iam_permissions(gateway)
    target = client.create_mcp_gateway_target(
        gateway=gateway, name="clock", target_type="lambda", target_payload=None, credentials=None
    )
    assert gateway["gatewayUrl"].endswith("/mcp")
    assert target["targetId"]

    identifier = gateway["gatewayId"]
    listed = client.list_gateways(name=name)
    assert (listed["status"], listed["count"], listed["items"][0]["gatewayId"]) == ("success", 1, identifier)
    assert listed.get("nothing") is None
    found = client.get_gateway(gateway_identifier=identifier)
    assert (found["status"], found["gateway"]["gatewayId"]) == ("success", identifier)
    assert client.get_gateway(name=name)["gateway"]["gatewayId"] == identifier
    assert client.get_gateway(identifier)["gateway"]["gatewayId"] == identifier
    targets = client.list_gateway_targets(name=name)
    assert (targets["status"], targets["gatewayId"], targets["items"][0]["name"]) == ("success", identifier, "clock")
    one = client.get_gateway_target(gateway_arn=gateway["gatewayArn"], target_name="clock")
    assert (one["status"], one["target"]["targetId"]) == ("success", target["targetId"])
    assert client.update_gateway(gateway_identifier=identifier, description="new")["description"] == "new"
    assert client.get_access_token_for_cognito(sign_in["client_info"])
    answer = gateway.call_tool("get_time", timezone="Asia/Tokyo")
    assert answer.value["timezone"] == "Asia/Tokyo", answer

    assert client.delete_gateway(gateway_identifier=identifier)["status"] == "error"
    gone = client.delete_gateway_target(gateway_identifier=identifier, target_name="clock")
    assert gone == {"status": "success", "gatewayId": identifier, "targetId": target["targetId"]}
    client.cleanup_gateway(identifier, sign_in["client_info"])
    assert client.get_gateway(gateway_identifier=identifier)["status"] == "error"
    assert left_behind(world, name) == []


def left_behind(world: World, name: str) -> list[str]:
    """Roles, functions and user pools whose names begin with the gateway's."""
    roles = [it["RoleName"] for it in world.client("iam").list_roles(MaxItems=1000)["Roles"]]
    functions = [it["FunctionName"] for it in world.client("lambda").list_functions()["Functions"]]
    pools = [it["Name"] for it in world.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]]
    return [it for it in [*roles, *functions, *pools] if it.startswith(name)]


def test_everything_that_is_not_given_is_made(client: GatewayClient, world: World, name: str) -> None:
    """Without arguments a gateway gets a name, a role and a sign-in, and its target a function."""
    gateway = client.create_mcp_gateway(name=name)
    assert gateway.client_info is not None
    client.create_mcp_gateway_target(gateway)
    assert "get_weather" in [tool.short_name for tool in gateway.list_tools()]
    assert client.create_mcp_gateway(name=name)["roleArn"] == gateway["roleArn"]
    client.delete_gateway(gateway, skip_resource_in_use=True)
    client.cleanup_gateway(name)
    assert left_behind(world, name) == []


def test_an_api_key_becomes_a_credential_provider_that_goes_with_its_target(
    client: GatewayClient, world: World, name: str
) -> None:
    """The key is never shown, the role may fetch it, and nothing is left of it."""
    gateway = client.create_mcp_gateway(name=name)
    get = {"operationId": "find", "description": "Find", "responses": {"200": {"description": "Found"}}}
    api: dict[str, Any] = {
        "openapi": "3.0.3",
        "info": {"title": "CRM", "version": "1"},
        "servers": [{"url": "https://crm.example.com"}],
        "paths": {"/find": {"get": get}},
    }
    target = client.create_mcp_gateway_target(
        gateway,
        name="crm",
        target_type="openApiSchema",
        target_payload={"inlinePayload": json.dumps(api)},
        credentials={
            "api_key": "marker-of-a-key",
            "credential_location": "HEADER",
            "credential_parameter_name": "X-Key",
        },
    )
    assert "marker-of-a-key" not in repr(target)
    control = world.client("bedrock-agentcore-control")
    providers = [it["name"] for it in control.list_api_key_credential_providers()["credentialProviders"]]
    assert [it for it in providers if it.startswith(name)]
    client.cleanup_gateway(gateway)
    providers = [it["name"] for it in control.list_api_key_credential_providers()["credentialProviders"]]
    assert not [it for it in providers if it.startswith(name)]
    assert left_behind(world, name) == []


def test_an_invalid_target_has_no_credential_provider_created(client: GatewayClient, world: World, name: str) -> None:
    """The target is validated with its credentials before the key is sent anywhere."""
    gateway = client.create_mcp_gateway(name=name)
    world.forget_requests()
    key = {"api_key": "k", "credential_location": "HEADER", "credential_parameter_name": "X-Key"}
    with pytest.raises(errors.InvalidInput, match="openApiSchema"):
        client.create_mcp_gateway_target(
            gateway, target_type="openApiSchema", target_payload={"inlinePayload": "{}"}, credentials=key
        )
    assert "CreateApiKeyCredentialProvider" not in world.requests()
    client.cleanup_gateway(gateway)


def test_smithy_without_a_payload_is_dynamodb(client: GatewayClient, name: str) -> None:
    """As in the quick start; no permission of its role is known, which is a warning."""
    gateway = client.create_mcp_gateway(name=name)
    with pytest.warns(UserWarning, match="target 'tables': role_arn: no permission is known"):
        made = client.create_mcp_gateway_target(gateway, name="tables", target_type="smithyModel")
    assert made.status == "READY"
    client.cleanup_gateway(gateway)


def test_openapi_without_a_payload_is_refused_with_the_cure(client: GatewayClient, name: str) -> None:
    """Nothing can be made up there."""
    gateway = client.create_mcp_gateway(name=name)
    with pytest.raises(errors.InvalidInput, match=r"target_payload: is missing\. Pass the openApiSchema"):
        client.create_mcp_gateway_target(gateway, target_type="openApiSchema")
    client.cleanup_gateway(gateway)


def test_fixing_permissions_adds_to_a_role_and_takes_nothing(
    client: GatewayClient, world: World, members: dict[str, Any], target: dict[str, Any]
) -> None:
    """Statements that a role's owner wrote stay, and what targets need is there afterwards."""
    gateway = client.create_gateway(**members)
    client.create_gateway_target(gateway, **target)
    iam, role = world.client("iam"), members["roleArn"].rpartition("/")[2]
    own = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    before = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    try:
        document = json.dumps({"Version": "2012-10-17", "Statement": [own]})
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=document)
        client.fix_iam_permissions(gateway)
        statements = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]["Statement"]
    finally:
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(before))
    assert own in statements
    assert "bedrock-agentcore.amazonaws.com" in json.dumps(statements)
    client.fix_iam_permissions({})
    client.cleanup_gateway(gateway)


def test_the_clients_of_boto3_are_at_hand(client: GatewayClient, members: dict[str, Any]) -> None:
    """As in the toolkit, for calls that have no method here."""
    gateway = client.create_gateway(**members)
    assert client.client.get_gateway(gatewayIdentifier=gateway.id)["gatewayId"] == gateway.id
    assert client.session.get_credentials() is not None
    assert client.region == "us-west-2"
    client.cleanup_gateway(gateway)
