"""One line makes a target, of a gateway made elsewhere too; or describes it, and nothing is deployed."""

from __future__ import annotations

import json

import pytest

from tests.support.shell import Shell

FUNCTION = "arn:aws:lambda:us-west-2:123456789012:function:MyFunction"
ROLE = "arn:aws:iam::123456789012:role/BedrockAgentCoreGatewayRole"


@pytest.fixture(scope="module")
def elsewhere(shell: Shell) -> dict[str, str]:
    """A gateway in us-east-1 that something else made, under the words that the quick start has for it."""
    control = shell.aws.client("bedrock-agentcore-control", "us-east-1")
    made = control.create_gateway(name="elsewhere", roleArn=ROLE, protocolType="MCP", authorizerType="NONE")
    url = f"https://{made['gatewayId']}.gateway.bedrock-agentcore.us-west-2.amazonaws.com/mcp"
    return {"id": made["gatewayId"], "arn": made["gatewayArn"], "url": url, "mcp_url": made["gatewayUrl"]}


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
    control = shell.aws.client("bedrock-agentcore-control", "us-east-1")
    before = control.get_gateway(gatewayIdentifier=elsewhere["id"])

    # The predefined Smithy model.
    smithy = _target(elsewhere, "--target-type smithyModel")
    assert shell.changes(smithy)["create"] == 3
    assert shell.changes(smithy) == {}
    # OpenAPI with an API key: the stray brace first, as the quick start has it.
    stray = shell.run(_target(elsewhere, "--target-type openApiSchema", API_KEY, STRAY))
    assert (stray.returncode, stray.stdout) == (2, "")
    assert """Write '{"s3": "s3://mybucket/openApiSchema.json"}'""" in stray.stderr
    api_key = _target(elsewhere, "--target-type openApiSchema", API_KEY, PAYLOAD)
    assert shell.changes(api_key) == {"create": 2}
    assert shell.changes(api_key) == {}
    # OpenAPI with an OAuth client: another target, though the payload is the same.
    oauth = _target(elsewhere, "--target-type openApiSchema", OAUTH, PAYLOAD)
    made = shell.run(oauth)
    assert made.returncode == 0, made.stderr
    assert "so this one is openApiSchema-2" in made.stderr
    assert "| agentcore delete elsewhere --target openApiSchema-2 --stack local-us-east-1" in made.stderr
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


def test_without_local_aws_secrets_are_locked_with_a_passphrase_of_the_user(new_shell: Shell) -> None:
    """No account is needed to describe a gateway; its stack is named after the Region."""
    shell = new_shell
    line = f"agentcore config add-target shop api s3://mybucket/openApiSchema.json --region us-west-2 {API_KEY} --json"
    assert json.loads(shell.succeeds(line))["changed"]
    assert not json.loads(shell.succeeds(line))["changed"]
    passphrase = shell.project / ".agentcore" / "passphrase"
    assert passphrase.stat().st_mode & 0o777 == 0o600
    text = (shell.project / "Pulumi.us-west-2.yaml").read_text()
    assert "aws:region: us-west-2" in text
    assert "endpointUrl" not in text
    assert "123234bc" not in text
