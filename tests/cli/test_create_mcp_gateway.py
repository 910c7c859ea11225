"""Wrong input for every flag of the two create commands: one clear line, exit code 2, and nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Agentcore = Callable[..., Result]

FUNCTION = "arn:aws:lambda:us-west-2:123456789012:function:MyFunction"
GATEWAY = "arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/shop-0123456789"
URL = "https://shop-0123456789.gateway.bedrock-agentcore.us-west-2.amazonaws.com/mcp"
S3 = '{"s3": "s3://bucket/api.json"}'

GATEWAY_FLAGS = [
    (["--name", "my_gateway"], "name: "),
    (["--name", "my gateway"], "name: "),
    (["--name", "my_gateway"], "--name: 'my_gateway' is not a gateway name: 1 to 48 letters or digits"),
    (["--name", "a" * 60], f"Write {'a' * 48}"),
    (["--name", "a" * 40 + "--b"], f"Write {'a' * 40}-b"),
    (["--name", ""], "Write something like shop-eu"),
    (["--target", "MyFunction"], "--target: 'MyFunction' does not show which kind"),
    (["--target", "slak"], "or the name of a built-in schema: did you mean slack?"),
    (["--target", "arn:aws:lambda:us-west-2:123:MyFunction"], "is not the ARN of a Lambda function"),
    (["--target", "arn:aws:lambda:us-west-2:123:function:MyFunction"], ".targets.MyFunction.lambda.arn: "),
    (["--target", "s3>//bucket/api.json"], "Write 's3://bucket/api.json'"),
    (["--target", "nowhere.json"], "nowhere.json: there is no such file"),
    (["--target", "http://mcp.example.com/mcp"], "which does not match https://"),
    (["--target", FUNCTION, "--execution-role", "no role!"], "--execution-role: 'no role!' is not a role"),
    (["--target", FUNCTION, "-r", "arn:aws:iam::1:user/me"], ".role_arn: "),
    (["--target", FUNCTION, "--target-name", "my_target"], "is not a target name"),
    (["--target-name", "orders"], "--target: is missing"),
    (["--target", FUNCTION, "--tools", "nowhere.json"], "lambda.tools: "),
    (["--target", FUNCTION, "--tools", "s3>//bucket/tools.json"], "Write 's3://bucket/tools.json'"),
    (["--target", "https://mcp.example.com/mcp", "--tools", "a.json"], "--tools: applies to Lambda functions only"),
    (["--target", FUNCTION, "--credentials", "{"], "is not JSON"),
    (["--target", FUNCTION, "--credentials", "@nowhere.json"], "--credentials: nowhere.json cannot be read"),
    (["--authorizer-type", "OPEN"], "Invalid value for '--authorizer-type'"),
    (["--authorizer-type", "CUSTOM_JWT"], "--authorizer-config: is missing"),
    (["--authorizer-type", "NONE", "--authorizer-config", "{}"], "requires --authorizer-type CUSTOM_JWT"),
    (["--authorizer-config", "{}"], "--authorizer-config: has no discoveryUrl"),
    (["--authorizer-config", '{"discoveryUrl": "https://login.example.com"}'], "discovery_url: "),
    (["--description", "x" * 201], ".description: has 201 characters"),
    (["--region", "mars"], "--region mars: is not a Region"),
    (["--stack", "a/b c"], "--stack a/b c: is not the name of a stack"),
]

TARGET_FLAGS = [
    (
        ["--gateway-arn", GATEWAY, "--credentials", '{"api_ky": "x"}', "--target-payload", S3],
        "--credentials: has neither",
    ),
    ([], "--gateway-arn: is missing"),
    (["--gateway-arn", "arn:aws:iam::123456789012:role/R"], "--gateway-arn: "),
    (["--gateway-url", "https://example.com/mcp"], "--gateway-url: "),
    (["--gateway-arn", GATEWAY.replace("shop-0123456789", "gateway-id")], "'gateway-id' is not the id of a gateway"),
    (["--gateway-url", URL.replace("shop-0123456789", "gateway-id")], "--gateway-url: 'gateway-id' is not the id"),
    (["--gateway-arn", GATEWAY, "--gateway-url", URL.replace("shop", "shed")], "Leave one out"),
    (["--gateway-arn", GATEWAY, "--gateway", "shop"], "--gateway identifies the gateway by itself"),
    (["--gateway-arn", GATEWAY, "--region", "us-east-1"], "is in us-west-2. Leave --region out"),
    (["--gateway", "nobody", "--target-payload", S3], "has no such gateway"),
    (["--gateway", "shop", "--target-type", "soap"], "Invalid value for '--target-type'"),
    (["--gateway", "shop"], "--target-payload: is missing"),
    (["--gateway", "shop", "--target-type", "lambda"], "--target-payload: is missing"),
    (["--gateway", "shop", "--target-payload", S3 + "}"], f"Write '{S3}'"),
    (["--gateway", "shop", "--target-payload", f'"{S3}"'], f"Write '{S3}'"),
    (["--gateway", "shop", "--target-payload", S3.replace('"}', "}")], f"Write '{S3}'"),
    (["--gateway", "shop", "--target-payload", S3.replace('"}', '""}')], f"Write '{S3}'"),
    (["--gateway", "shop", "--target-payload", S3.replace("s3://", "s3>//")], "Write 's3://bucket/api.json'"),
    (["--gateway", "shop", "--target-payload", '{"s3": {"url": "s3://a/b"}}'], "s3: does not have uri"),
    (["--gateway", "shop", "--target-type", "lambda", "--target-payload", "{}"], "does not have lambdaArn"),
    (["--gateway", "shop", "--target-payload", '{"a": 1}'], "--target-type: is missing"),
    (["--gateway", "shop", "--target-payload", S3, "--name", "my_target"], "is not a target name"),
    (["--gateway", "shop", "--target-payload", S3, "--tools", "a.json"], "--tools: applies to Lambda functions only"),
    (["--gateway", "shop", "--target-payload", S3, "--description", ""], ".description: is empty"),
    (["--gateway", "shop", "--target-payload", S3, "--credentials", "[]"], "--credentials: is not a JSON object"),
    (["--gateway", "shop", "--target-payload", S3, "--credentials", "{}"], "--credentials"),
    (["--gateway", "shop", "--target-payload", S3, "--stack", "prod", "--region", "us-west-2"], "has no such gateway"),
]


@pytest.fixture
def shop(project: Path) -> Path:
    """A project of the user's own, with one gateway in the file of stack dev."""
    (project / "__main__.py").write_text("from agentcore_provider import stack_config\nstack_config.deploy()\n")
    (project / "Pulumi.dev.yaml").write_text(
        "config:\n  aws:region: us-west-2\n  agentcore:gateways:\n    shop:\n      targets: {}\n"
    )
    return project


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The current folder has no project."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize(("flags", "report"), GATEWAY_FLAGS, ids=[" ".join(flags)[:60] for flags, _ in GATEWAY_FLAGS])
def test_a_wrong_flag_of_create_mcp_gateway(
    agentcore: Agentcore, kept_project: Path, flags: list[str], report: str
) -> None:
    named = [] if "--name" in flags else ["--name", "my-gateway"]
    region = [] if "--region" in flags else ["--region", "us-west-2"]
    result = agentcore("create_mcp_gateway", *named, *region, *flags)
    assert (result.exit_code, result.stdout) == (2, "")
    assert report in " ".join(result.stderr.replace("│", " ").split()), result.stderr
    assert not kept_project.exists()


@pytest.mark.parametrize(("flags", "report"), TARGET_FLAGS, ids=[" ".join(flags)[:60] for flags, _ in TARGET_FLAGS])
def test_a_wrong_flag_of_create_mcp_gateway_target(
    agentcore: Agentcore, shop: Path, flags: list[str], report: str
) -> None:
    before = (shop / "Pulumi.dev.yaml").read_text()
    stack = [] if "--stack" in flags else ["--stack", "dev"]
    result = agentcore("create_mcp_gateway_target", *stack, *flags)
    assert (result.exit_code, result.stdout) == (2, "")
    assert report in " ".join(result.stderr.replace("│", " ").split()), result.stderr
    assert (shop / "Pulumi.dev.yaml").read_text() == before
    assert not (shop / "Pulumi.prod.yaml").exists()


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("name", ["my_gateway", "a" * 60, "my_" + "a" * 60, "-x", "a--b"])
def test_a_wrong_name_is_one_line(agentcore: Agentcore, name: str) -> None:
    result = agentcore("create_mcp_gateway", "-n", name, "--region", "us-west-2")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


def test_a_name_of_which_the_first_40_characters_are_anothers_changes_nothing(agentcore: Agentcore, shop: Path) -> None:
    """They are the gateway's key in the stack's file."""
    file = shop / "Pulumi.dev.yaml"
    file.write_text(file.read_text().replace("shop:\n", f"{'a' * 40}:\n      name: {'a' * 40}b\n"))
    before = file.read_text()
    result = agentcore("create_mcp_gateway", "-n", "a" * 40 + "c", "--stack", "dev")
    assert (result.exit_code, "Choose another --name" in result.stderr, file.read_text()) == (2, True, before)


def test_a_name_is_needed(agentcore: Agentcore) -> None:
    result = agentcore("create_mcp_gateway")
    assert (result.exit_code, "Missing option '--name'" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    "credentials",
    [
        '{"api_key": "marker-of-a-secret"}}',
        '{"api_key": "marker-of-a-secret',
        '{"api_key": "marker-of-a-secret", "credential_location": "BODY"}',
        '{"oauth2_provider_config": {"customOauth2ProviderConfig": {"clientSecret": "marker-of-a-secret"}}}',
    ],
)
def test_wrong_credentials_are_reported_without_showing_them(
    agentcore: Agentcore, shop: Path, credentials: str
) -> None:
    flags = ["--gateway", "shop", "--target-payload", S3, "--stack", "dev", "--credentials", credentials]
    result = agentcore("create_mcp_gateway_target", *flags)
    assert result.exit_code == 2
    assert "--credentials" in result.stderr
    assert "marker-of-a-secret" not in result.output
    assert "marker-of-a-secret" not in (shop / "Pulumi.dev.yaml").read_text()


def test_a_program_that_does_not_look_at_the_stack_file_is_reported(agentcore: Agentcore, project: Path) -> None:
    (project / "__main__.py").write_text("import pulumi\n")
    result = agentcore("create_mcp_gateway", "-n", "shop", "--stack", "dev", "--region", "us-west-2")
    assert (result.exit_code, "stack_config.deploy()" in result.stderr) == (2, True)


def test_another_region_than_the_stacks_is_reported(agentcore: Agentcore, shop: Path) -> None:
    result = agentcore("create_mcp_gateway", "-n", "shed", "--stack", "dev", "--region", "us-east-1")
    assert (result.exit_code, "stack dev is in us-west-2" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "report"),
    [
        (["nobody"], "has no gateway 'nobody'. Name one that it has: shop"),
        (["shop", "--target", "x"], "has no target 'x'"),
    ],
    ids=["gateway", "target"],
)
def test_what_is_not_there_cannot_be_deleted(
    agentcore: Agentcore, shop: Path, arguments: list[str], report: str
) -> None:
    result = agentcore("delete", *arguments, "--stack", "dev")
    assert (result.exit_code, report in result.stderr) == (2, True)


def test_a_gateway_of_another_stack_is_deleted_there(agentcore: Agentcore, shop: Path) -> None:
    (shop / "Pulumi.prod.yaml").write_text("config:\n  aws:region: us-west-2\n  agentcore:gateways: {desk: {}}\n")
    result = agentcore("delete", "desk", "--stack", "dev")
    assert (result.exit_code, "has no gateway 'desk'. Pass --stack prod, which has it" in result.stderr) == (2, True)


def test_a_stack_that_is_not_there_has_nothing_to_delete(agentcore: Agentcore, shop: Path) -> None:
    result = agentcore("delete", "shop", "--stack", "prd")
    assert (result.exit_code, "There is no stack 'prd'" in result.stderr, "--stack dev" in result.stderr) == (
        2,
        True,
        True,
    )


def test_a_problem_that_came_by_a_flag_is_not_blamed_on_the_stacks_file(agentcore: Agentcore, shop: Path) -> None:
    flags = ["--gateway", "shop", "--target-payload", S3, "--stack", "dev"]
    result = agentcore("create_mcp_gateway_target", *flags, "--name", "my_target")
    assert "What the flags would put into Pulumi.dev.yaml: " in result.stderr
    file = shop / "Pulumi.dev.yaml"
    file.write_text(file.read_text() + "      authorizer: nobody\n")
    result = agentcore("create_mcp_gateway_target", *flags)
    assert "Error: Pulumi.dev.yaml:" in result.stderr


def test_json_without_quotes_is_reported_to_be_quoted(agentcore: Agentcore, shop: Path) -> None:
    """The shell takes it apart at its spaces."""
    result = agentcore("create_mcp_gateway_target", "--gateway", "shop", "--target-payload", '{"s3":', "s3://b/k}")
    assert (result.exit_code, "quote JSON and whatever has spaces" in result.stderr) == (2, True)


def test_local_aws_that_does_not_run_is_not_reached(agentcore: Agentcore, shop: Path) -> None:
    (shop / "Pulumi.local.yaml").write_text("config: {'agentcore:endpointUrl': 'http://127.0.0.1:4599'}\n")
    result = agentcore("create_mcp_gateway", "-n", "shed", "--stack", "local")
    assert (result.exit_code, "agentcore local start" in result.stderr) == (3, True)
