"""One line makes a gateway: used, made again, refused, removed; in a folder without a project and in one's own."""

from __future__ import annotations

import asyncio
import json
import shlex
from typing import Any

import httpx2
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

from tests.support.shell import Shell
from tests.support.stack import Stack

FUNCTION = "arn:aws:lambda:us-west-2:123456789012:function:MyFunction"
ROLE = "arn:aws:iam::123456789012:role/BedrockAgentCoreGatewayRole"


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


def test_a_other_owners_tour(shell: Shell) -> None:
    """A gateway in one line, used with the official client, and gone again with nothing left."""
    made = shell.run(LONG)
    assert made.returncode == 0, made.stderr
    assert str(shell.project / "Pulumi.local.yaml") in made.stderr
    # The short form says the same, so it changes nothing.
    assert shell.changes(SHORT) == {}
    assert shell.gateways().count("my-gateway") == 1

    (gateway,) = [it for it in json.loads(shell.succeeds("agentcore list --json")) if it["name"] == "my-gateway"]
    token = shell.succeeds("agentcore token --gateway my-gateway").strip()
    names, reported = asyncio.run(_talk(gateway["mcp_url"], token, "MyFunction___get_time", {"timezone": "UTC"}))
    assert names == ["x_amz_bedrock_agentcore_search", "MyFunction___get_weather", "MyFunction___get_time"]
    assert reported == {"timezone": "UTC"}

    added = shell.changes(
        "agentcore create_mcp_gateway_target --gateway my-gateway --target-payload s3://mybucket/openApiSchema.json"
    )
    assert added == {"create": 1}
    tools = json.loads(shell.succeeds("agentcore tools list --gateway my-gateway --json"))
    assert "openApiSchema___listUsers" in [tool["name"] for tool in tools]

    assert shell.changes("agentcore delete my-gateway --target openApiSchema") == {"delete": 1}
    shell.succeeds("agentcore delete my-gateway")
    assert "my-gateway" not in shell.gateways()
    pools = shell.aws.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
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
    assert shell.aws.client("iam").list_roles()["Roles"][2:] == []


def test_what_aws_refuses_is_reported_in_one_line_and_fixed_by_the_next_try(shell: Shell) -> None:
    line = "agentcore create_mcp_gateway -n late -t s3://mybucket/late.json"
    refused = shell.run(line)
    assert refused.returncode == 1
    (error,) = [it for it in refused.stderr.splitlines() if it.startswith("Error: ")]
    assert "late.json" in error
    assert "Traceback" not in refused.stderr
    s3 = shell.aws.client("s3")
    s3.copy_object(Bucket="mybucket", Key="late.json", CopySource="mybucket/openApiSchema.json")
    assert shell.changes(line)["create"] == 1
    shell.succeeds("agentcore delete late")


def test_what_the_flags_name_has_to_be_there(shell: Shell) -> None:
    """A role or function that is not there is reported before anything is made, with cures for the shell."""
    nobody = "-r Nobody -t arn:aws:lambda:us-west-2:123456789012:function:Nobody"
    shell.aws.forget_requests()
    refused = shell.run(f"agentcore create_mcp_gateway -n nobody {nobody}")
    assert refused.returncode == 2
    assert refused.stderr.splitlines() == [
        "Error: 2 problems:",
        "  there is no role arn:aws:iam::123456789012:role/Nobody. Pass the ARN of one that exists, or leave "
        "--execution-role out, and one is created.",
        "  there is no Lambda function arn:aws:lambda:us-west-2:123456789012:function:Nobody. Pass the ARN of one that "
        "exists, or in its place the folder or .py file of code to create one from.",
    ]
    assert shell.aws.requests() == ["GetCallerIdentity", "GetRole", "GetFunctionConfiguration"]
    assert "nobody" not in shell.gateways()


def test_what_a_stack_file_names_has_to_be_there(shell: Shell) -> None:
    """The command deploys it and ends in words for the shell; `pulumi up` in words for the file."""
    shell.succeeds("agentcore create_mcp_gateway -n theirs --authorizer-type NONE")
    file = shell.project / "Pulumi.local.yaml"
    before = file.read_text()
    arn = "arn:aws:lambda:us-west-2:123456789012:function:Nobody"
    target = f'        nobody: {{lambda: {{arn: "{arn}", tools: [{{name: a, description: b, inputSchema: {{type: object}}}}]}}}}'
    file.write_text(
        before.replace("    theirs:\n", f"    theirs:\n      targets:\n{target}\n").replace("      targets: {}\n", "")
    )
    try:
        report = shell.run("agentcore up").stderr
        assert (
            f"there is no Lambda function {arn}. Pass the ARN of one that exists, or in its place the folder" in report
        )
        up = f'cd {shlex.quote(str(shell.project))} && eval "$(agentcore local env)" && pulumi up --yes -s local'
        assert "or create one from a folder of code: `code: FOLDER` in place of `arn:`" in shell.run(up).stdout
    finally:
        file.write_text(before)
        shell.succeeds("agentcore delete theirs")


def test_what_fails_can_be_removed_one_after_the_other(shell: Shell) -> None:
    """Each is in the way of all others when the stack is deployed."""
    nowhere = "-t s3://mybucket/Nowhere.json --authorizer-type NONE"
    for name in ("one", "two"):
        assert shell.run(f"agentcore create_mcp_gateway -n {name} {nowhere}").returncode == 1
    other = shell.run("agentcore create_mcp_gateway -n three --authorizer-type NONE --json")
    assert json.loads(other.stdout)["gateway"] == "three"
    assert "three is deployed, but the rest of the stack failed: GatewayTarget " in other.stderr
    assert "`agentcore delete one --target Nowhere" in other.stderr
    assert "three" in shell.gateways()
    removed = shell.run("agentcore delete one")
    assert removed.returncode == 1
    assert "It was removed, but the rest of the stack failed: GatewayTarget two-Nowhere: " in removed.stderr
    assert "`agentcore delete two --target Nowhere" in removed.stderr
    assert not {"one"} & set(shell.gateways())
    shell.succeeds("agentcore delete two")
    shell.succeeds("agentcore delete three")
    assert not {"two", "three"} & set(shell.gateways())


def test_the_same_command_makes_again_what_somebody_removed(shell: Shell) -> None:
    line = "agentcore create_mcp_gateway -n repair -t arn:aws:lambda:us-west-2:123456789012:function:MyFunction"
    shell.succeeds(line)
    cognito = shell.aws.client("cognito-idp")
    (pool,) = [it for it in cognito.list_user_pools(MaxResults=60)["UserPools"] if it["Name"].startswith("repair")]
    (client,) = cognito.list_user_pool_clients(UserPoolId=pool["Id"])["UserPoolClients"]
    cognito.delete_user_pool_client(UserPoolId=pool["Id"], ClientId=client["ClientId"])
    doctor = shell.run("agentcore doctor --gateway repair")
    assert "the same `agentcore create_mcp_gateway` command creates it again" in doctor.stdout
    assert shell.changes(line)
    shell.succeeds("agentcore tools list --gateway repair")
    control = shell.aws.client("bedrock-agentcore-control")
    (gateway,) = [it for it in control.list_gateways()["items"] if it["name"] == "repair"]
    (target,) = control.list_gateway_targets(gatewayIdentifier=gateway["gatewayId"])["items"]
    control.delete_gateway_target(gatewayIdentifier=gateway["gatewayId"], targetId=target["targetId"])
    assert shell.changes(line) == {"create": 1}
    assert shell.changes(line) == {}
    shell.succeeds("agentcore delete repair")


def test_a_gateway_made_elsewhere_is_taken_over_as_it_is(shell: Shell) -> None:
    control = shell.aws.client("bedrock-agentcore-control", "ap-southeast-2")
    made = control.create_gateway(
        name="found",
        description="Found",
        roleArn=ROLE,
        protocolType="MCP",
        authorizerType="CUSTOM_JWT",
        authorizerConfiguration={
            "customJWTAuthorizer": {
                "discoveryUrl": "https://login.example.com/.well-known/openid-configuration",
                "allowedClients": ["agent"],
            }
        },
        protocolConfiguration={"mcp": {"instructions": "Be brief"}},
        tags={"team": "shop"},
    )
    arn = made["gatewayArn"]
    line = f"agentcore import {arn}"
    taken = shell.run(line)
    assert taken.returncode == 0, taken.stderr
    assert "adopted Gateway found" in taken.stderr
    assert "Changes: 3 create" in taken.stderr
    assert "agentcore tools list --gateway found --stack local-ap-southeast-2 --token TOKEN |" in taken.stderr
    after = control.get_gateway(gatewayIdentifier=made["gatewayId"])
    for member in (
        "gatewayId",
        "description",
        "roleArn",
        "authorizerType",
        "authorizerConfiguration",
        "protocolConfiguration",
    ):
        assert after[member] == made.get(member, after[member])
    assert control.list_tags_for_resource(resourceArn=arn)["tags"]["team"] == "shop"
    assert shell.changes(line) == {}
    shell.succeeds("agentcore delete found --stack local-ap-southeast-2")
    assert shell.gateways("ap-southeast-2") == []


def test_in_a_project_of_ones_own_its_stack_file_gets_the_entry(stack: Stack) -> None:
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


def test_local_aws_that_forgot_gets_everything_again(new_shell: Shell) -> None:
    """`--forget` drops what local AWS had, and here it even moves to another port."""
    shell = new_shell
    line = "agentcore create_mcp_gateway -n again --authorizer-type NONE"
    try:
        for _ in range(2):
            shell.succeeds("agentcore local start --forget --port 0")
            shell.aws.endpoint = json.loads(shell.succeeds("agentcore local status --json"))["endpoint"]
            assert shell.changes(line)["create"] > 1
            assert shell.gateways() == ["again"]
            shell.succeeds("agentcore local stop")
        shell.succeeds("agentcore local start --forget --port 0")
        shell.succeeds("agentcore delete again")
        assert not (shell.project / "Pulumi.local.yaml").exists()
    finally:
        shell.run("agentcore local stop")


def test_local_aws_that_was_started_again_keeps_everything(new_shell: Shell) -> None:
    """Also on another port: nothing is created a second time."""
    shell = new_shell
    line = "agentcore create_mcp_gateway -n kept --authorizer-type NONE"
    try:
        shell.succeeds("agentcore local start --port 0")
        shell.aws.endpoint = json.loads(shell.succeeds("agentcore local status --json"))["endpoint"]
        shell.succeeds(line)
        shell.succeeds("agentcore local stop")
        shell.succeeds("agentcore local start --port 0")
        shell.aws.endpoint = json.loads(shell.succeeds("agentcore local status --json"))["endpoint"]
        assert shell.gateways() == ["kept"]
        assert "create" not in shell.changes(line)
        shell.succeeds("agentcore delete kept")
        assert shell.gateways() == []
    finally:
        shell.run("agentcore local stop")


def test_a_folder_of_code_is_enough(shell: Shell) -> None:
    """Function, both roles, tools and sign-in are made of `-t FOLDER`; `-t FILE` says the same."""
    code = shell.folder / "order_desk"
    code.mkdir()
    (code / "handler.py").write_text(
        "def order_status(order_id: str) -> dict:\n"
        '    """Where an order is."""\n'
        '    return {"order_id": order_id, "status": "SHIPPED"}\n'
        "TOOLS = [order_status]\n"
        "def handler(event, context):\n"
        "    return order_status(**event)\n"
    )
    shell.succeeds("agentcore create_mcp_gateway -n folder -t order_desk")
    assert shell.changes("agentcore create_mcp_gateway -n folder -t ./order_desk/handler.py") == {}
    called = shell.succeeds("""agentcore tools call order_status '{"order_id": "A-1"}' --gateway folder""")
    assert json.loads(called) == {"order_id": "A-1", "status": "SHIPPED"}
    shell.succeeds("agentcore delete folder")
    assert "folder" not in shell.gateways()
