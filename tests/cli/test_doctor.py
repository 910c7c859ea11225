from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from typer.testing import Result

from agentcore_provider.cli.finding import Finding
from agentcore_provider.cli.gateway_in_aws import examine_in_aws
from agentcore_provider.cli.stack_outputs import DeployedGateway
from agentcore_provider.local.server import Server

Agentcore = Callable[..., Result]


@pytest.fixture
def client_side(deployed: Path) -> Path:
    """The stack of `deployed`, but its gateway is not known to any AWS; returns outputs.json."""
    outputs = json.loads((deployed / "outputs.json").read_text())
    outputs["gateways"]["shop"].pop("gateway_id")
    (deployed / "outputs.json").write_text(json.dumps(outputs))
    return deployed / "outputs.json"


def test_a_well_gateway_is_found_well_layer_by_layer(agentcore: Agentcore, client_side: Path) -> None:
    result = agentcore("doctor", "--json")
    assert result.exit_code == 0, result.output
    states = {finding["layer"]: finding["state"] for finding in json.loads(result.stdout)}
    assert states == {
        "project": "ok",
        "engine": "ok",
        "local AWS": "skipped",
        "stack": "ok",
        "shop: gateway": "skipped",
        "shop: sign-in": "ok",
        "shop: tools": "ok",
    }


@pytest.mark.parametrize(
    ("change", "layer", "said"),
    [
        (("shop/invoke", "shop/admin"), "shop: sign-in", "invalid_scope"),
        (("marker-secret-4711", "marker-secret-0"), "shop: sign-in", "invalid_client"),
        (("/oauth2/token", "/elsewhere"), "shop: sign-in", "HTTP 404"),
        (("/mcp", "/nowhere"), "shop: tools", "HTTP 404"),
        (("/mcp", "/broken/mcp"), "shop: tools", "HTTP 502"),
        (("mcp_url", "other"), "stack", "has no mcp_url"),
    ],
)
def test_what_is_broken_on_purpose_is_the_one_layer_that_fails(
    agentcore: Agentcore, client_side: Path, change: tuple[str, str], layer: str, said: str
) -> None:
    client_side.write_text(client_side.read_text().replace(*change))
    result = agentcore("doctor", "--json")
    assert result.exit_code == 1
    failing = {it["layer"]: it["said"] for it in json.loads(result.stdout) if it["state"] == "failed"}
    assert list(failing) == [layer]
    assert said in failing[layer]
    assert "marker-secret" not in result.output


def test_outside_a_project_the_walk_ends_there(
    agentcore: Agentcore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = agentcore("doctor")
    assert result.exit_code == 1
    assert "no Pulumi.yaml" in result.stdout
    assert "sign-in" not in result.stdout


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with Server(port=0, monotonic=time.monotonic) as server:
        yield server.base_url


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class TestInAws:
    @pytest.fixture
    def session(self) -> boto3.Session:
        return boto3.Session("local", "local", region_name="us-west-2")

    @pytest.fixture
    def client(self, session: boto3.Session, endpoint: str) -> Any:
        return session.client("bedrock-agentcore-control", endpoint_url=endpoint)

    @pytest.fixture
    def role(self, session: boto3.Session, endpoint: str) -> str:
        iam = session.client("iam", endpoint_url=endpoint)
        principal = {"Service": "bedrock-agentcore.amazonaws.com"}
        trust = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
        role = iam.create_role(RoleName="doctor", AssumeRolePolicyDocument=_policy(trust))["Role"]["Arn"]
        invoke = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}
        iam.put_role_policy(RoleName="doctor", PolicyName="invoke", PolicyDocument=_policy(invoke))
        return role

    @pytest.fixture
    def function(self, session: boto3.Session, endpoint: str, role: str) -> str:
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("orders.py", "")
        made = session.client("lambda", endpoint_url=endpoint).create_function(
            FunctionName="doctor-orders",
            Runtime="python3.12",
            Handler="orders.handler",
            Role=role,
            Code={"ZipFile": code.getvalue()},
        )
        return made["FunctionArn"]

    @pytest.fixture
    def deployed_gateway(self, client: Any, endpoint: str, role: str) -> DeployedGateway:
        made = client.create_gateway(name="doctor", roleArn=role, authorizerType="NONE", protocolType="MCP")
        gateway_id = made["gatewayId"]
        url = f"{endpoint}/gateways/{gateway_id}/mcp"
        while client.get_gateway(gatewayIdentifier=gateway_id)["status"] != "READY":
            pass
        return DeployedGateway("doctor", url, gateway_id, made["gatewayArn"])

    def test_status_and_targets_come_from_aws(
        self, client: Any, deployed_gateway: DeployedGateway, function: str
    ) -> None:
        before = list(examine_in_aws(deployed_gateway))
        assert [finding.state for finding in before] == ["ok", "failed"]
        assert "has no targets" in before[1].said
        tool = {"name": "find", "description": "Find orders", "inputSchema": {"type": "object"}}
        made = client.create_gateway_target(
            gatewayIdentifier=deployed_gateway.gateway_id,
            name="orders",
            targetConfiguration={"mcp": {"lambda": {"lambdaArn": function, "toolSchema": {"inlinePayload": [tool]}}}},
            credentialProviderConfigurations=[{"credentialProviderType": "GATEWAY_IAM_ROLE"}],
        )
        ids = {"gatewayIdentifier": deployed_gateway.gateway_id, "targetId": made["targetId"]}
        while client.get_gateway_target(**ids)["status"] != "READY":
            pass
        after = list(examine_in_aws(deployed_gateway))
        assert after[1] == Finding("doctor: targets", "ok", "1 there: orders")

    def test_a_gateway_that_is_gone_is_said_to_be_gone(self, endpoint: str) -> None:
        arn = "arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/gone-0123456789"
        gone = DeployedGateway("gone", f"{endpoint}/gateways/gone-0123456789/mcp", "gone-0123456789", arn)
        assert [finding.said for finding in examine_in_aws(gone)] == [
            "gone-0123456789 is gone: `pulumi up --refresh` makes it again"
        ]

    def test_nobody_at_the_endpoint_is_one_line_with_its_cure(self) -> None:
        arn = "arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/gone-0123456789"
        lost = DeployedGateway("lost", "http://127.0.0.1:1/gateways/lost/mcp", "gone-0123456789", arn)
        (finding,) = examine_in_aws(lost)
        assert finding.state == "failed"
        assert "local status" in finding.said
