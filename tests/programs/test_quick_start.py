"""Each line of the quick start, typed in a folder without a project, against local AWS and with the real engine."""

from __future__ import annotations

import asyncio
import io
import json
import os
import shlex
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import httpx2
import pytest
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

_PROGRAMS = Path(sys.executable).parent
FUNCTION = "arn:aws:lambda:us-west-2:123456789012:function:MyFunction"
ROLE = "arn:aws:iam::123456789012:role/BedrockAgentCoreGatewayRole"
OPENAPI = {
    "openapi": "3.0.0",
    "info": {"title": "My API", "version": "1.0.0"},
    "servers": [{"url": "https://api.example.com"}],
    "paths": {"/users": {"get": {"operationId": "listUsers", "responses": {"200": {"description": "Success"}}}}},
}


class Shell:
    """A shell of a stranger: an empty folder, a home of its own, and the command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "empty"
        self.folder.mkdir()
        self.project = folder / "data" / "agentcore" / "project"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_"))}
        path = f"{_PROGRAMS}{os.pathsep}{os.environ['PATH']}"
        self.environment = {**inherited, "XDG_DATA_HOME": str(folder / "data"), "PATH": path}
        self.endpoint = ""

    def run(self, line: str) -> subprocess.CompletedProcess[str]:
        """A line as it is typed."""
        return subprocess.run(
            line,
            shell=True,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=280,
        )

    def succeeds(self, line: str) -> str:
        """What a line prints that has to succeed."""
        done = self.run(line)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def changes(self, line: str) -> dict[str, int]:
        """What a line that takes --json did to the stack."""
        changes: dict[str, int] = json.loads(self.succeeds(f"{line} --json"))["changes"]
        return changes

    def client(self, service: str, region: str = "us-west-2") -> Any:
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=region,
            aws_access_key_id="local",
            aws_secret_access_key="local",
        )

    def gateways(self, region: str = "us-west-2") -> list[str]:
        """Names of the gateways in AWS."""
        control = self.client("bedrock-agentcore-control", region)
        return [gateway["name"] for gateway in control.list_gateways()["items"]]


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    shell = Shell(tmp_path_factory.mktemp("quick-start"))
    shell.succeeds("agentcore local start --port 0")
    try:
        status = json.loads(shell.succeeds("agentcore local status --json"))
        shell.endpoint = status["endpoint"]
        _fill(shell)
        yield shell
    finally:
        shell.run("agentcore local stop")


def _fill(shell: Shell) -> None:
    """What the quick start takes as given: a role, a function, an API's description."""
    iam = shell.client("iam")
    for role, service in (("BedrockAgentCoreGatewayRole", "bedrock-agentcore"), ("function", "lambda")):
        trust = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sts:AssumeRole"}
        allowed = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        document, policy = (json.dumps({"Version": "2012-10-17", "Statement": [it]}) for it in (trust, allowed))
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=document)
        iam.put_role_policy(RoleName=role, PolicyName="all", PolicyDocument=policy)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("index.py", "def handler(event, context): return event")
    shell.client("lambda").create_function(
        FunctionName="MyFunction",
        Runtime="python3.11",
        Role="arn:aws:iam::123456789012:role/function",
        Handler="index.handler",
        Code={"ZipFile": archive.getvalue()},
    )
    s3 = shell.client("s3")
    s3.create_bucket(Bucket="mybucket", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    s3.put_object(Bucket="mybucket", Key="openApiSchema.json", Body=json.dumps(OPENAPI))


@pytest.fixture(scope="module")
def elsewhere(shell: Shell) -> dict[str, str]:
    """A gateway in us-east-1 that something else made, under the words that the quick start has for it."""
    control = shell.client("bedrock-agentcore-control", "us-east-1")
    made = control.create_gateway(name="elsewhere", roleArn=ROLE, protocolType="MCP", authorizerType="NONE")
    url = f"https://{made['gatewayId']}.gateway.bedrock-agentcore.us-west-2.amazonaws.com/mcp"
    return {"id": made["gatewayId"], "arn": made["gatewayArn"], "url": url, "mcp_url": made["gatewayUrl"]}


async def _talk(url: str, token: str, tool: str, arguments: dict[str, Any]) -> tuple[list[str], Any]:
    """Names of the tools, and a tool's answer, as the official client gets them."""
    async with (
        httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as http,
        Client(streamable_http_client(url, http_client=http)) as client,
    ):
        listed = await client.list_tools()
        called = await client.call_tool(tool, arguments)
        return [one.name for one in listed.tools], json.loads(called.content[0].text)


LONG = f"""agentcore create_mcp_gateway \\
  --name my-gateway \\
  --target {FUNCTION} \\
  --execution-role {ROLE}"""
SHORT = f"""agentcore create_mcp_gateway \\
  -n my-gateway \\
  -t {FUNCTION} \\
  -r BedrockAgentCoreGatewayRole"""


def test_a_strangers_tour(shell: Shell) -> None:
    """A gateway in one line, used with the official client, and gone again with nothing left."""
    made = shell.run(LONG)
    assert made.returncode == 0, made.stderr
    assert str(shell.project / "Pulumi.local.yaml") in made.stderr
    # The short form says the same, so it changes nothing.
    assert shell.changes(SHORT) == {}
    assert shell.gateways().count("my-gateway") == 1

    (gateway,) = [it for it in json.loads(shell.succeeds("agentcore list --json")) if it["name"] == "my-gateway"]
    token = shell.succeeds("agentcore token --gateway my-gateway").strip()
    names, said = asyncio.run(_talk(gateway["mcp_url"], token, "MyFunction___get_time", {"timezone": "UTC"}))
    assert names == ["x_amz_bedrock_agentcore_search", "MyFunction___get_weather", "MyFunction___get_time"]
    assert said == {"timezone": "UTC"}

    added = shell.changes(
        "agentcore create_mcp_gateway_target --gateway my-gateway --target-payload s3://mybucket/openApiSchema.json"
    )
    assert added == {"create": 1}
    tools = json.loads(shell.succeeds("agentcore tools list --gateway my-gateway --json"))
    assert "openApiSchema___listUsers" in [tool["name"] for tool in tools]

    assert shell.changes("agentcore delete my-gateway --target openApiSchema") == {"delete": 1}
    shell.succeeds("agentcore delete my-gateway")
    assert "my-gateway" not in shell.gateways()
    pools = shell.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
    assert not any(pool["Name"].startswith("my-gateway") for pool in pools)


def test_a_gateway_for_targets_to_come_gets_a_sign_in_and_a_role_and_pulumi_removes_it(shell: Shell) -> None:
    line = "agentcore create_mcp_gateway \\\n--region eu-west-1 \\\n--name gateway-name"
    made = json.loads(shell.succeeds(f"{line} --json"))
    assert (made["stack"], made["gateway"]) == ("local-eu-west-1", "gateway-name")
    assert made["client_id"]
    assert "client_secret" not in made
    assert shell.changes(line) == {}
    destroy = f'cd {shlex.quote(str(shell.project))} && eval "$(agentcore local env)" && pulumi destroy --yes -s local-eu-west-1'
    shell.succeeds(destroy)
    assert shell.gateways("eu-west-1") == []
    assert shell.client("iam").list_roles()["Roles"][2:] == []


def _target(elsewhere: dict[str, str], *flags: str) -> str:
    return " \\\n".join(
        [
            "agentcore create_mcp_gateway_target",
            "--region us-east-1",
            f"--gateway-arn {elsewhere['arn']}",
            f"--gateway-url {elsewhere['url']}",
            f"--role-arn {ROLE}",
            *flags,
        ]
    )


API_KEY = (
    '--credentials "{\\"api_key\\": \\"Bearer 123234bc\\", \\"credential_location\\": \\"HEADER\\", '
    '\\"credential_parameter_name\\": \\"Authorization\\"}"'
)
OAUTH = (
    '--credentials "{\\"oauth2_provider_config\\": { \\"customOauth2ProviderConfig\\": {\\"oauthDiscovery\\" : '
    '{\\"authorizationServerMetadata\\" : {\\"issuer\\" : \\"https://login.example.com\\",'
    '\\"authorizationEndpoint\\" : \\"https://login.example.com/authorize\\",'
    '\\"tokenEndpoint\\" : \\"https://login.example.com/token\\"}},'
    '\\"clientId\\" : \\"<clientId>\\",\\"clientSecret\\" : \\"marker-of-a-secret\\" }}}"'
)
PAYLOAD = '--target-payload "{\\"s3\\": \\"s3://mybucket/openApiSchema.json\\"}"'
STRAY = '--target-payload "{\\"s3\\": \\"s3://mybucket/openApiSchema.json\\"}}"'


def test_targets_come_to_a_gateway_made_elsewhere_which_is_not_touched_otherwise(
    shell: Shell, elsewhere: dict[str, str]
) -> None:
    control = shell.client("bedrock-agentcore-control", "us-east-1")
    before = control.get_gateway(gatewayIdentifier=elsewhere["id"])

    # The predefined Smithy model.
    smithy = _target(elsewhere, "--target-type smithyModel")
    assert shell.changes(smithy)["create"] == 3
    assert shell.changes(smithy) == {}
    # OpenAPI with an API key: the stray brace first, as the quick start has it.
    stray = shell.run(_target(elsewhere, "--target-type openApiSchema", API_KEY, STRAY))
    assert (stray.returncode, stray.stdout) == (2, "")
    assert """write '{"s3": "s3://mybucket/openApiSchema.json"}'""" in stray.stderr
    api_key = _target(elsewhere, "--target-type openApiSchema", API_KEY, PAYLOAD)
    assert shell.changes(api_key) == {"create": 2}
    assert shell.changes(api_key) == {}
    # OpenAPI with an OAuth client: another target, though the payload is the same.
    oauth = _target(elsewhere, "--target-type openApiSchema", OAUTH, PAYLOAD)
    made = shell.run(oauth)
    assert made.returncode == 0, made.stderr
    assert "so this one is openApiSchema-2" in made.stderr
    assert shell.changes(oauth) == {}
    assert shell.changes(api_key) == {}

    listed = control.list_gateway_targets(gatewayIdentifier=elsewhere["id"])["items"]
    assert {target["name"] for target in listed} == {"dynamodb", "openApiSchema", "openApiSchema-2"}
    details = [
        control.get_gateway_target(gatewayIdentifier=elsewhere["id"], targetId=target["targetId"]) for target in listed
    ]
    kinds = {it["name"]: it["credentialProviderConfigurations"][0]["credentialProviderType"] for it in details}
    assert kinds == {"dynamodb": "GATEWAY_IAM_ROLE", "openApiSchema": "API_KEY", "openApiSchema-2": "OAUTH"}
    for secret in ("marker-of-a-secret", "123234bc"):
        assert secret not in made.stdout + made.stderr
        for file in [*shell.project.glob("Pulumi*.yaml"), *(shell.project / ".agentcore").rglob("*.json*")]:
            assert secret not in file.read_text()

    shell.succeeds("agentcore delete elsewhere --stack local-us-east-1")
    assert control.list_gateway_targets(gatewayIdentifier=elsewhere["id"])["items"] == []
    after = control.get_gateway(gatewayIdentifier=elsewhere["id"])
    assert {**after, "ResponseMetadata": None} == {**before, "ResponseMetadata": None}


def test_a_gateway_that_is_not_there_is_wrong_input(shell: Shell, elsewhere: dict[str, str]) -> None:
    line = _target({**elsewhere, "arn": elsewhere["arn"][:-10] + "0123456789"}, "--target-type smithyModel")
    done = shell.run(line.replace(f"--gateway-url {elsewhere['url']} \\\n", ""))
    assert (done.returncode, "There is no gateway elsewhere-0123456789 in us-east-1" in done.stderr) == (2, True)


def test_what_aws_refuses_is_told_in_one_line_and_mended_by_the_next_try(shell: Shell) -> None:
    line = "agentcore create_mcp_gateway -n late -t arn:aws:lambda:us-west-2:123456789012:function:Late"
    refused = shell.run(line)
    assert refused.returncode == 1
    (error,) = [it for it in refused.stderr.splitlines() if it.startswith("Error: ")]
    assert "Lambda function" in error
    assert "Traceback" not in refused.stderr
    function = shell.client("lambda").get_function(FunctionName="MyFunction")["Configuration"]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("index.py", "def handler(event, context): return event")
    shell.client("lambda").create_function(
        FunctionName="Late",
        Runtime=function["Runtime"],
        Role=function["Role"],
        Handler=function["Handler"],
        Code={"ZipFile": archive.getvalue()},
    )
    assert shell.changes(line)["create"] == 1
    shell.succeeds("agentcore delete late")


def test_a_gateway_made_elsewhere_is_taken_over_as_it_is(shell: Shell) -> None:
    control = shell.client("bedrock-agentcore-control", "ap-southeast-2")
    made = control.create_gateway(
        name="found",
        description="Found",
        roleArn=ROLE,
        protocolType="MCP",
        authorizerType="NONE",
        protocolConfiguration={"mcp": {"instructions": "Be brief"}},
        tags={"team": "shop"},
    )
    arn = made["gatewayArn"]
    line = f"agentcore import {arn}"
    assert shell.changes(line)["create"] >= 1
    after = control.get_gateway(gatewayIdentifier=made["gatewayId"])
    for member in ("gatewayId", "description", "roleArn", "authorizerType", "protocolConfiguration"):
        assert after[member] == made.get(member, after[member])
    assert control.list_tags_for_resource(resourceArn=arn)["tags"]["team"] == "shop"
    assert shell.changes(line) == {}
    shell.succeeds("agentcore delete found --stack local-ap-southeast-2")
    assert shell.gateways("ap-southeast-2") == []


def test_a_target_can_be_described_without_deploying_it(shell: Shell) -> None:
    line = f"agentcore config add-target shop orders {FUNCTION} --stack local-described"
    file = shell.project / "Pulumi.local-described.yaml"
    assert json.loads(shell.succeeds(f"{line} --json")) == {
        "file": str(file),
        "changed": True,
        "gateway": "shop",
        "target": "orders",
    }
    file.write_text(file.read_text().replace("shop:", "shop:  # the shop"))
    second = f"agentcore config add-target shop api s3://mybucket/openApiSchema.json --stack local-described {API_KEY}"
    assert json.loads(shell.succeeds(f"{second} --json"))["changed"]
    assert not json.loads(shell.succeeds(f"{second} --json"))["changed"]
    text = file.read_text()
    assert "# the shop" in text
    assert "secure:" in text
    assert "123234bc" not in text
    assert "shop" not in " ".join(shell.gateways())


def test_without_local_aws_secrets_are_locked_with_a_passphrase_of_the_user(tmp_path: Path) -> None:
    """No account is needed to describe a gateway; its stack is named after the Region."""
    shell = Shell(tmp_path)
    line = f"agentcore config add-target shop api s3://mybucket/openApiSchema.json --region us-west-2 {API_KEY} --json"
    assert json.loads(shell.succeeds(line))["changed"]
    assert not json.loads(shell.succeeds(line))["changed"]
    passphrase = shell.project / ".agentcore" / "passphrase"
    assert passphrase.stat().st_mode & 0o777 == 0o600
    text = (shell.project / "Pulumi.us-west-2.yaml").read_text()
    assert "aws:region: us-west-2" in text
    assert "endpointUrl" not in text
    assert "123234bc" not in text


def test_in_a_project_of_ones_own_its_stack_file_gets_the_entry(stack: Any) -> None:
    """Comments and gateways that stand there stay; so does the stack's choice of AWS."""
    with stack.file.open("a") as file:
        file.write("# The end.\n")
    stack.agentcore("create_mcp_gateway", "--name", "second", "--authorizer-type", "NONE")
    written = stack.file.read_text()
    assert "# The end." in written
    assert stack.file.read_text().count("http://127.0.0.1:") > 1
    assert set(stack.outputs()["gateways"]) == {"shop", "second"}
    assert stack.up().changes.keys() == {"same"}
    stack.agentcore("delete", "second")
    assert set(stack.outputs()["gateways"]) == {"shop"}


def test_local_aws_that_was_started_anew_gets_everything_again(tmp_path: Path) -> None:
    """It forgets what it held when it ends, and here it even moves to another port."""
    shell = Shell(tmp_path)
    line = "agentcore create_mcp_gateway -n again --authorizer-type NONE"
    try:
        for _ in range(2):
            shell.succeeds("agentcore local start --port 0")
            shell.endpoint = json.loads(shell.succeeds("agentcore local status --json"))["endpoint"]
            assert shell.changes(line)["create"] > 1
            assert shell.gateways() == ["again"]
            shell.succeeds("agentcore local stop")
        shell.succeeds("agentcore local start --port 0")
        shell.succeeds("agentcore delete again")
        assert not (shell.project / "Pulumi.local.yaml").exists()
    finally:
        shell.run("agentcore local stop")
