"""What was created in local AWS is there after a restart."""

from __future__ import annotations

import io
import json
import signal
import socket
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.support.local_aws import CONTROL
from tests.support.local_aws_process import Running, running

_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": ["bedrock-agentcore.amazonaws.com", "lambda.amazonaws.com"]},
            "Action": "sts:AssumeRole",
        }
    ],
}
_ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
_CODE = "import os\ndef handler(event, context):\n    return {'color': os.environ['COLOR']}\n"
_READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def _zip(code: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("tool.py", code)
    return file.getvalue()


def _create(aws: Running) -> dict[str, str]:
    """One of what programs create, and their names."""
    role = aws.client("iam").create_role(RoleName="tools", AssumeRolePolicyDocument=json.dumps(_TRUST))["Role"]["Arn"]
    aws.client("iam").put_role_policy(RoleName="tools", PolicyName="all", PolicyDocument=json.dumps(_ALLOW))
    aws.client("iam").attach_role_policy(RoleName="tools", PolicyArn=_READ_ONLY)
    function = aws.client("lambda").create_function(
        FunctionName="tool",
        Role=role,
        Runtime="python3.12",
        Handler="tool.handler",
        Code={"ZipFile": _zip(_CODE)},
        Environment={"Variables": {"COLOR": "blue"}},
    )["FunctionArn"]
    aws.client("lambda").add_permission(
        FunctionName="tool",
        StatementId="gateways",
        Action="lambda:InvokeFunction",
        Principal="bedrock-agentcore.amazonaws.com",
    )
    aws.client("s3").create_bucket(Bucket="schemas", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    aws.client("s3").put_object(Bucket="schemas", Key="a/b.json", Body=b"{}", Metadata={"from": "test"})
    aws.client("secretsmanager").create_secret(Name="key", SecretString="hush")
    aws.client("logs").create_log_group(logGroupName="/tools")
    aws.client("ssm").put_parameter(Name="/a", Value="b", Type="String")
    aws.client("apigateway").create_rest_api(name="orders")
    aws.client("dynamodb").create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    aws.client("dynamodb").put_item(TableName="orders", Item={"id": {"S": "1"}, "n": {"N": "2.5"}})
    key = aws.client("kms").create_key()["KeyMetadata"]["KeyId"]
    sealed = aws.client("kms").encrypt(KeyId=key, Plaintext=b"plain")["CiphertextBlob"]
    agent = {"Type": "AWS::BedrockAgentCore::WorkloadIdentity", "Properties": {"Name": "clerk"}}
    template = {"Resources": {"Q": {"Type": "AWS::SQS::Queue"}, "B": {"Type": "AWS::S3::Bucket"}, "A": agent}}
    aws.client("cloudformation").create_stack(StackName="stack", TemplateBody=json.dumps(template))
    vpc = aws.client("ec2").create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    gateway = aws.client(CONTROL).create_gateway(
        name="shop", roleArn=role, protocolType="MCP", authorizerType="CUSTOM_JWT", **_sign_in(aws)
    )
    target = aws.client(CONTROL).create_gateway_target(
        gatewayIdentifier=gateway["gatewayId"],
        name="tool",
        targetConfiguration={"mcp": {"lambda": {"lambdaArn": function, "toolSchema": {"inlinePayload": [_TOOL]}}}},
        credentialProviderConfigurations=[{"credentialProviderType": "GATEWAY_IAM_ROLE"}],
    )
    return {
        "role": role,
        "gateway": gateway["gatewayId"],
        "url": gateway["gatewayUrl"],
        "target": target["targetId"],
        "vpc": vpc,
        "sealed": sealed.hex(),
    }


_TOOL = {"name": "color", "description": "The color.", "inputSchema": {"type": "object"}}


def _sign_in(aws: Running) -> dict[str, Any]:
    """A user pool with a client for machines and one for a person, whose gateway this is."""
    cognito = aws.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="people")["UserPool"]["Id"]
    cognito.create_resource_server(
        UserPoolId=pool, Identifier="shop", Name="shop", Scopes=[{"ScopeName": "use", "ScopeDescription": "use"}]
    )
    cognito.create_user_pool_domain(UserPoolId=pool, Domain="shop")
    client = cognito.create_user_pool_client(
        UserPoolId=pool,
        ClientName="machine",
        GenerateSecret=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=["shop/use"],
        AllowedOAuthFlowsUserPoolClient=True,
    )["UserPoolClient"]
    cognito.create_user_pool_client(
        UserPoolId=pool, ClientName="person", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    )
    cognito.admin_create_user(UserPoolId=pool, Username="ada")
    cognito.admin_set_user_password(UserPoolId=pool, Username="ada", Password="Analytical-1", Permanent=True)
    discovery = f"{aws.url}/{pool}/.well-known/openid-configuration"
    return {
        "authorizerConfiguration": {
            "customJWTAuthorizer": {"discoveryUrl": discovery, "allowedClients": [client["ClientId"]]}
        }
    }


def _client(aws: Running, name: str) -> dict[str, Any]:
    cognito = aws.client("cognito-idp")
    pool = cognito.list_user_pools(MaxResults=1)["UserPools"][0]["Id"]
    found = cognito.list_user_pool_clients(UserPoolId=pool)["UserPoolClients"]
    client_id = next(it["ClientId"] for it in found if it["ClientName"] == name)
    return dict(cognito.describe_user_pool_client(UserPoolId=pool, ClientId=client_id)["UserPoolClient"])


def _token(aws: Running) -> str:
    client = _client(aws, "machine")
    answer = requests.post(
        f"{aws.url}/cognito/shop/oauth2/token",
        {"grant_type": "client_credentials", "scope": "shop/use"},
        auth=(client["ClientId"], client["ClientSecret"]),
        timeout=30,
    )
    return str(answer.json()["access_token"])


def _call_tool(url: str, token: str) -> str:
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "tool___color", "arguments": {}}}
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json, text/event-stream"}
    return requests.post(url, json=message, headers=headers, timeout=60).text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_everything_is_there_after_a_restart(tmp_path: Path, number: signal.Signals) -> None:
    """Whether it ended or was killed: code, secrets, users, keys and tokens of before count at the same address."""
    with running(tmp_path / "state") as aws:
        made = _create(aws)
        token = _token(aws)
        assert "blue" in _call_tool(made["url"], token)
        if number == signal.SIGKILL:
            while not aws.state()["written"]:
                assert aws.process.poll() is None
        assert aws.end(number) == ""
        port = aws.url
    with running(tmp_path / "state") as aws:
        state = aws.state()
        assert (aws.url, state["problem"], state["not_kept"]) == (port, "", [])
        assert "blue" in _call_tool(made["url"], token)
        assert "blue" in _call_tool(made["url"], _token(aws))
        person = _client(aws, "person")["ClientId"]
        signed_in = aws.client("cognito-idp").initiate_auth(
            AuthFlow="USER_PASSWORD_AUTH",
            ClientId=person,
            AuthParameters={"USERNAME": "ada", "PASSWORD": "Analytical-1"},
        )
        assert signed_in["AuthenticationResult"]["AccessToken"]
        assert json.load(aws.client("lambda").invoke(FunctionName="tool")["Payload"]) == {"color": "blue"}
        assert "gateways" in aws.client("lambda").get_policy(FunctionName="tool")["Policy"]
        stored = aws.client("s3").get_object(Bucket="schemas", Key="a/b.json")
        assert (stored["Body"].read(), stored["Metadata"]) == (b"{}", {"from": "test"})
        assert aws.client("secretsmanager").get_secret_value(SecretId="key")["SecretString"] == "hush"
        assert aws.client("ssm").get_parameter(Name="/a")["Parameter"]["Value"] == "b"
        item = aws.client("dynamodb").get_item(TableName="orders", Key={"id": {"S": "1"}})["Item"]
        assert item["n"] == {"N": "2.5"}
        assert aws.client("kms").decrypt(CiphertextBlob=bytes.fromhex(made["sealed"]))["Plaintext"] == b"plain"
        assert aws.client("ec2").describe_vpcs(VpcIds=[made["vpc"]])["Vpcs"][0]["CidrBlock"] == "10.1.0.0/16"
        assert aws.client("apigateway").get_rest_apis()["items"][0]["name"] == "orders"
        assert "/tools" in [it["logGroupName"] for it in aws.client("logs").describe_log_groups()["logGroups"]]
        assert aws.client("iam").get_policy(PolicyArn=_READ_ONLY)["Policy"]["AttachmentCount"] == 1
        aws.client("iam").detach_role_policy(RoleName="tools", PolicyArn=_READ_ONLY)
        assert aws.client("iam").get_policy(PolicyArn=_READ_ONLY)["Policy"]["AttachmentCount"] == 0
        assert aws.client(CONTROL).get_workload_identity(name="clerk")["name"] == "clerk"
        aws.client("cloudformation").delete_stack(StackName="stack")
        assert "clerk" not in [
            it["name"] for it in aws.client(CONTROL).list_workload_identities()["workloadIdentities"]
        ]
        assert [it["Name"] for it in aws.client("s3").list_buckets()["Buckets"]] == ["schemas"]
        control = aws.client(CONTROL)
        control.delete_gateway_target(gatewayIdentifier=made["gateway"], targetId=made["target"])
        control.delete_gateway(gatewayIdentifier=made["gateway"])
        assert control.list_gateways()["items"] == []


def test_states_are_saved_and_loaded_by_name(tmp_path: Path) -> None:
    """A load replaces everything, a reset empties the disk, and an unknown name changes nothing."""
    with running(tmp_path / "state") as aws:
        queues = aws.client("sqs")
        queues.create_queue(QueueName="first")
        assert aws.call("save", "one").status_code == 204
        queues.create_queue(QueueName="second")
        assert aws.call("load", "two").json() == {"message": "No state is saved as two"}
        assert aws.call("save", "../two").status_code == 400
        assert len(queues.list_queues()["QueueUrls"]) == 2
        since = aws.state()["since"]
        assert aws.call("load", "one").status_code == 204
        assert len(queues.list_queues()["QueueUrls"]) == 1
        assert aws.state()["since"] > since
        requests.post(f"{aws.url}/_local/reset", timeout=60)
        aws.process.kill()
        aws.process.wait()
    with running(tmp_path / "state") as aws:
        assert "QueueUrls" not in aws.client("sqs").list_queues()
        page = requests.get(f"{aws.url}/_local/page/", timeout=30).text
        assert f"What is created is kept in <code>{tmp_path / 'state' / 'current.state'}</code>" in page
        assert aws.call("load", "one").status_code == 204
        assert len(aws.client("sqs").list_queues()["QueueUrls"]) == 1


def test_addresses_are_those_of_another_port(tmp_path: Path) -> None:
    """Where the last port is taken: of a gateway, and in what its program passed."""
    with running(tmp_path / "state") as aws:
        role = aws.client("iam").create_role(RoleName="tools", AssumeRolePolicyDocument=json.dumps(_TRUST))["Role"]
        gateway_id = aws.client(CONTROL).create_gateway(
            name="shop", roleArn=role["Arn"], protocolType="MCP", authorizerType="CUSTOM_JWT", **_sign_in(aws)
        )["gatewayId"]
        aws.end()
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", int(aws.url.rpartition(":")[2])))
        taken.listen()
        with running(tmp_path / "state") as other:
            assert other.url != aws.url
            gateway = other.client(CONTROL).get_gateway(gatewayIdentifier=gateway_id)
            discovery = gateway["authorizerConfiguration"]["customJWTAuthorizer"]["discoveryUrl"]
            assert [it.startswith(f"{other.url}/") for it in (gateway["gatewayUrl"], discovery)] == [True, True]
            listed = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
            headers = {"Authorization": f"Bearer {_token(other)}"}
            assert requests.post(gateway["gatewayUrl"], json=listed, headers=headers, timeout=60).status_code == 200


def test_tokens_of_agents_count_after_a_restart(tmp_path: Path) -> None:
    """Though no operation whose name states a change came after the one that made the key of them."""
    with running(tmp_path / "state") as aws:
        aws.client(CONTROL).create_workload_identity(name="clerk")
        aws.client(CONTROL).create_api_key_credential_provider(name="carrier", apiKey="k3y")
        while not aws.state()["written"]:
            assert aws.process.poll() is None
        token = aws.client("bedrock-agentcore").get_workload_access_token(workloadName="clerk")["workloadAccessToken"]
        aws.end()
    with running(tmp_path / "state") as aws:
        found = aws.client("bedrock-agentcore").get_resource_api_key(
            workloadIdentityToken=token, resourceCredentialProviderName="carrier"
        )
        assert found["apiKey"] == "k3y"


def test_a_second_local_aws_does_not_write_to_the_folder(tmp_path: Path) -> None:
    """It ends with one line, and the first goes on."""
    with running(tmp_path / "state") as aws:
        command = [sys.executable, "-m", "agentcore_provider.local", "--port", "0", "--state", str(tmp_path / "state")]
        second = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert (second.returncode, second.stdout) == (1, "")
        assert second.stderr == f"Another local AWS keeps its state in {tmp_path / 'state'}\n"
        aws.client("sqs").create_queue(QueueName="first")
