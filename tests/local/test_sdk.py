"""A script of AWS's own SDK (bedrock-agentcore) runs against local AWS as it is."""

from __future__ import annotations

import json

import boto3
import pytest
import requests
from bedrock_agentcore.gateway import GatewayClient, WaitConfig
from bedrock_agentcore.policy import PolicyEngineClient
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from tests.support.control_plane import ControlPlane

REGION = "us-west-2"
# Everything is READY at the first look, so nothing is waited for.
WAIT = WaitConfig(max_wait=20, poll_interval=1)


@pytest.fixture
def session(local_aws: ControlPlane, monkeypatch: pytest.MonkeyPatch) -> boto3.Session:
    """What a script has where `eval "$(agentcore local env)"` was run."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", local_aws.endpoint)
    return boto3.Session(aws_access_key_id="local", aws_secret_access_key="local", region_name=REGION)


def test_a_script_of_the_sdk_runs_to_the_end(local_aws: ControlPlane, session: boto3.Session) -> None:
    """Create with waits, connectors by the SDK's helpers, look-ups by name, a signed MCP call, update, delete with waits."""
    client = GatewayClient(region_name=REGION, boto3_session=session)
    name = local_aws.unique("sdk")
    gateway = client.create_gateway_and_wait(
        WAIT, name=name, role_arn=local_aws.execution_role(), protocol_type="MCP", authorizer_type="AWS_IAM"
    )
    identifier = gateway["gatewayId"]
    assert gateway["status"] == "READY"
    target = client.create_gateway_target_and_wait(WAIT, **local_aws.lambda_target(identifier, name="orders"))
    assert target["status"] == "READY"
    retrievers = [{"configuration": {"knowledgeBase": {"knowledgeBaseId": "ABCDEFGHIJ"}}}]
    model = f"arn:aws:bedrock:{REGION}::foundation-model/model"
    made = [
        client.create_knowledge_base_target(identifier, "ABCDEFGHIJ", name="kb", wait_config=WAIT),
        client.create_agentic_retrieve_target(identifier, retrievers, model, name="agentic", wait_config=WAIT),
        client.create_web_search_target(identifier, include_domains=["example.com"], wait_config=WAIT),
    ]
    assert {it["status"] for it in made} == {"READY"}

    assert client.get_gateway_by_name(name)["gatewayId"] == identifier
    assert client.get_gateway_target_by_name(identifier, "kb")["targetId"] == made[0]["targetId"]
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}})
    request = AWSRequest("POST", gateway["gatewayUrl"], data=body, headers={"Content-Type": "application/json"})
    SigV4Auth(session.get_credentials(), "bedrock-agentcore", REGION).add_auth(request)
    listed = requests.post(request.url, data=body, headers=dict(request.headers), timeout=20).json()
    assert {tool["name"] for tool in listed["result"]["tools"]} == {
        "orders___find_order",
        "kb___Retrieve",
        "agentic___AgenticRetrieveStream",
        "amazon-web-search___WebSearch",
    }

    members = {key: gateway[key] for key in ("name", "roleArn", "protocolType", "authorizerType")}
    changed = client.update_gateway_and_wait(WAIT, gateway_identifier=identifier, description="Desk", **members)
    assert changed["description"] == "Desk"
    for one in [target, *made]:
        client.delete_gateway_target_and_wait(
            gateway_identifier=identifier, target_id=one["targetId"], wait_config=WAIT
        )
    client.delete_gateway_and_wait(gateway_identifier=identifier, wait_config=WAIT)
    assert client.get_gateway_by_name(name) is None


def test_a_script_of_the_sdk_guards_a_gateway(local_aws: ControlPlane, session: boto3.Session) -> None:
    """Engine and policies with waits, a policy out of a generation, look-ups by name, deletes with waits."""
    client = PolicyEngineClient(region_name=REGION, boto3_session=session)
    name = local_aws.unique("sdk").replace("-", "_")
    engine = client.create_policy_engine_and_wait(WAIT, name=name)
    engine_id = engine["policyEngineId"]
    assert client.create_or_get_policy_engine(name)["policyEngineId"] == engine_id
    gateway = local_aws.gateway(policyEngineConfiguration={"arn": engine["policyEngineArn"], "mode": "ENFORCE"})
    statement = 'permit(principal, action, resource is AgentCore::Gateway) when { context.system.now > datetime("2026-01-01") };'
    definition = {"cedar": {"statement": statement}}
    policy = client.create_policy_and_wait(WAIT, policyEngineId=engine_id, name=name, definition=definition)
    assert policy["status"] == "ACTIVE"
    assert client.create_or_get_policy(engine_id, name, definition)["policyId"] == policy["policyId"]
    generated = client.generate_and_create_policy(
        engine_id, "generated", f"{name}_2", {"arn": gateway["gatewayArn"]}, {"rawText": statement}, wait_config=WAIT
    )
    made = client.list_policies(policyEngineId=engine_id)["policies"]
    assert [it["definition"] for it in made] == [definition, definition], generated
    broken = {"cedar": {"statement": "permit(principal, action, resource is AgentCore::Gate) when { true };"}}
    with pytest.raises(Exception, match="AgentCore::Gate"):
        client.create_policy_and_wait(WAIT, policyEngineId=engine_id, name=f"{name}_3", definition=broken)
    for it in client.list_policies(policyEngineId=engine_id)["policies"]:
        client.delete_policy_and_wait(WAIT, policyEngineId=engine_id, policyId=it["policyId"])
    local_aws.control.delete_gateway(gatewayIdentifier=gateway["gatewayId"])
    client.delete_policy_engine_and_wait(WAIT, policyEngineId=engine_id)
