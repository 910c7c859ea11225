"""From the AWS API to a tool's answer: what boto3 made on local AWS can be signed in to, listed and called."""

from __future__ import annotations

import io
import json
import threading
import time
import uuid
import zipfile

import boto3
import pytest
import requests

from agentcore_provider.local.server import Server

HANDLER = """
import boto3
def handler(event, context):
    print("looking")
    buckets = [bucket["Name"] for bucket in boto3.client("s3").list_buckets()["Buckets"]]
    return {"known": event["bucket"] in buckets, "tool": context.client_context.custom["bedrockAgentCoreToolName"]}
"""
LOOK = {
    "name": "look",
    "description": "Looks for a bucket",
    "inputSchema": {"type": "object", "properties": {"bucket": {"type": "string"}}, "required": ["bucket"]},
}
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@pytest.fixture(scope="module")
def local_aws():
    with Server(port=0, monotonic=time.monotonic) as server:
        yield server


@pytest.fixture(scope="module")
def client(local_aws):
    def make(service):
        return boto3.client(
            service,
            endpoint_url=local_aws.base_url,
            region_name="us-west-2",
            aws_access_key_id="local",
            aws_secret_access_key="local",
        )

    return make


def until_ready(get, **what):
    deadline = time.monotonic() + 20
    while (status := get(**what)["status"]) != "READY":
        assert time.monotonic() < deadline, status
        threading.Event().wait(0.02)


@pytest.fixture(scope="module")
def function(client):
    services = ["bedrock-agentcore.amazonaws.com", "lambda.amazonaws.com"]
    statement = {"Effect": "Allow", "Principal": {"Service": services}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    name = f"plane-{uuid.uuid4().hex[:8]}"
    role = client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    client("iam").put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=json.dumps(EVERYTHING))
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", HANDLER)
    return client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.12",
        Role=role,
        Handler="app.handler",
        Code={"ZipFile": package.getvalue()},
        Timeout=20,
    )


@pytest.fixture(scope="module")
def sign_in(client):
    cognito, name = client("cognito-idp"), f"plane-{uuid.uuid4().hex[:8]}"
    pool = cognito.create_user_pool(PoolName=name)["UserPool"]["Id"]
    cognito.create_user_pool_domain(Domain=name, UserPoolId=pool)
    scopes = [{"ScopeName": "invoke", "ScopeDescription": "Call the gateway"}]
    cognito.create_resource_server(UserPoolId=pool, Identifier=name, Name=name, Scopes=scopes)
    app = cognito.create_user_pool_client(
        UserPoolId=pool,
        ClientName=name,
        GenerateSecret=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=[f"{name}/invoke"],
        AllowedOAuthFlowsUserPoolClient=True,
    )["UserPoolClient"]
    return {"pool": pool, "id": app["ClientId"], "secret": app["ClientSecret"]}


def test_a_deployed_tool_is_listed_found_and_called_with_a_token_of_its_user_pool(local_aws, client, function, sign_in):
    agentcore, bucket = client("bedrock-agentcore-control"), f"plane-{uuid.uuid4().hex[:8]}"
    client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    client("s3").put_object(Bucket=bucket, Key="tools.json", Body=json.dumps([LOOK]))
    discovery = f"{local_aws.base_url}/{sign_in['pool']}/.well-known/openid-configuration"
    gateway = agentcore.create_gateway(
        name=bucket,
        roleArn=function["Role"],
        protocolType="MCP",
        authorizerType="CUSTOM_JWT",
        authorizerConfiguration={"customJWTAuthorizer": {"discoveryUrl": discovery, "allowedClients": [sign_in["id"]]}},
        protocolConfiguration={"mcp": {"searchType": "SEMANTIC"}},
    )
    gateway_id = gateway["gatewayId"]
    until_ready(agentcore.get_gateway, gatewayIdentifier=gateway_id)
    schema = {"s3": {"uri": f"s3://{bucket}/tools.json"}}
    target = agentcore.create_gateway_target(
        gatewayIdentifier=gateway_id,
        name="buckets",
        targetConfiguration={"mcp": {"lambda": {"lambdaArn": function["FunctionArn"], "toolSchema": schema}}},
        credentialProviderConfigurations=[{"credentialProviderType": "GATEWAY_IAM_ROLE"}],
    )
    until_ready(agentcore.get_gateway_target, gatewayIdentifier=gateway_id, targetId=target["targetId"])

    token_endpoint = requests.get(discovery, timeout=10).json()["token_endpoint"]
    grant = {"grant_type": "client_credentials"}
    token = requests.post(token_endpoint, data=grant, auth=(sign_in["id"], sign_in["secret"]), timeout=10).json()

    def ask(method, params, token=token["access_token"]):
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        headers = {"Authorization": f"Bearer {token}"}
        return requests.post(gateway["gatewayUrl"], json=message, headers=headers, timeout=30)

    # The service reads a schema when the target is made; a later change of the object is not noticed.
    client("s3").delete_object(Bucket=bucket, Key="tools.json")
    search, look = ask("tools/list", {}).json()["result"]["tools"]
    assert look == {**LOOK, "name": "buckets___look"}
    found = ask("tools/call", {"name": search["name"], "arguments": {"query": "a bucket"}}).json()["result"]
    assert found["structuredContent"]["tools"] == [look]
    called = ask("tools/call", {"name": look["name"], "arguments": {"bucket": bucket}}).json()["result"]
    assert json.loads(called["content"][0]["text"]) == {"known": True, "tool": "buckets___look"}

    refused = ask("tools/list", {}, token="x" + token["access_token"])
    assert refused.status_code == 401
    metadata = refused.headers["WWW-Authenticate"].rpartition('resource_metadata="')[2].rstrip('"')
    [issuer] = requests.get(metadata, timeout=10).json()["authorization_servers"]
    assert discovery == f"{issuer}/.well-known/openid-configuration"

    logs = client("logs").filter_log_events(logGroupName=f"/aws/lambda/{function['FunctionName']}")
    assert "looking" in [event["message"] for event in logs["events"]]
