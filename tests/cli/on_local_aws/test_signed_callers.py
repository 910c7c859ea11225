"""Gateways with the authorizer AWS_IAM: the command signs, and local AWS computes each signature again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from tests.support.shop import Examined, Shop

Agentcore = Callable[..., Result]


@pytest.fixture
def inside(make_shop: Callable[..., Shop]) -> Any:
    """A shop for AWS identities only."""
    shop = make_shop(authorizer_type="AWS_IAM", search=True)
    for name in ("token_endpoint", "client_id", "client_secret", "scope"):
        del shop.outputs[name]
    return shop


@pytest.fixture
def exported(inside: Any, project: Path, engine: Path) -> Any:
    """The same, of the project's stack, whose outputs do not say how callers sign in: its state does."""
    outputs = {"gateway_url": inside.url, "gateway_arn": inside.outputs["gateway_arn"], "authorizer_type": "AWS_IAM"}
    resource = {
        "urn": f"urn:pulumi:local::shop::pulumi-python:dynamic/agentcore:Gateway::{inside.name}",
        "type": "pulumi-python:dynamic/agentcore:Gateway",
        "id": inside.gateway_id,
        "outputs": outputs,
    }
    (engine / "outputs.json").write_text(json.dumps({"gateways": {inside.name: inside.outputs}}))
    (engine / "state.json").write_text(json.dumps({"deployment": {"resources": [resource]}}))
    return inside


def configure(engine: Path, **values: str) -> None:
    config = {f"aws:{name}": {"value": value, "secret": name == "secretKey"} for name, value in values.items()}
    (engine / "config.json").write_text(json.dumps(config))


def test_a_stack_says_that_requests_are_signed(agentcore: Agentcore, exported: Any) -> None:
    listed = agentcore("tools", "list", "--json")
    assert listed.exit_code == 0, listed.output
    assert "orders___get_order" in [tool["name"] for tool in json.loads(listed.stdout)]
    called = agentcore("tools", "call", "get_order", '{"order_id": "A-7"}')
    assert json.loads(called.stdout) == {"order_id": "A-7", "status": "SHIPPED"}
    found = agentcore("tools", "search", "where is my order", "--json")
    assert [tool["name"] for tool in json.loads(found.stdout)] == ["orders___get_order"]


def test_outputs_alone_may_say_it_too(agentcore: Agentcore, inside: Any, project: Path, engine: Path) -> None:
    outputs = {"mcp_url": inside.url, "gateway_arn": inside.outputs["gateway_arn"], "authorizer_type": "AWS_IAM"}
    (engine / "outputs.json").write_text(json.dumps(outputs))
    assert agentcore("tools", "list").exit_code == 0


def test_requests_are_signed_with_the_credentials_of_the_stack(
    agentcore: Agentcore, exported: Any, engine: Path
) -> None:
    configure(engine, accessKey="local", secretKey="marker-secret-of-the-stack")
    refused = agentcore("tools", "list")
    assert refused.exit_code == 3
    assert "HTTP 403: Access denied (The request signature we calculated does not match" in refused.stderr
    assert "bedrock-agentcore:InvokeGateway" in refused.stderr
    assert "marker-secret" not in refused.output
    exported.aws.allow(exported.role, "bedrock-agentcore:InvokeGateway", "*")
    configure(engine, assumeRoles=json.dumps([{"roleArn": exported.role}]))
    assert agentcore("tools", "list").exit_code == 0


def test_a_profile_that_is_not_there_is_one_line_and_exit_code_3(
    agentcore: Agentcore, exported: Any, engine: Path
) -> None:
    configure(engine, profile="nobody")
    result = agentcore("tools", "list")
    assert result.exit_code == 3
    assert "nobody" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["show", "doctor"])
def test_who_asks_aws_is_whom_the_stack_signs_in_as(
    command: str, agentcore: Agentcore, exported: Any, engine: Path
) -> None:
    configure(engine, profile="nobody")
    assert "nobody" in agentcore(command).output


def test_show_lists_the_tools_too(agentcore: Agentcore, exported: Any) -> None:
    shown = agentcore("show")
    assert shown.exit_code == 0, shown.output
    assert "get_order" in shown.stdout


def test_there_is_no_token_to_print(agentcore: Agentcore, exported: Any) -> None:
    result = agentcore("token")
    assert result.exit_code == 3
    assert "does not accept tokens, its authorizer is AWS_IAM. Sign each request" in result.stderr


@pytest.mark.usefixtures("environment")
class TestByUrl:
    def test_a_url_alone_does_not_tell_so_the_refusal_names_the_flag(self, agentcore: Agentcore, inside: Any) -> None:
        result = agentcore("tools", "list", "--url", inside.url)
        assert result.exit_code == 3
        assert "if its authorizer is AWS_IAM, pass --sigv4 instead of a token" in result.stderr

    def test_the_flag_signs(self, agentcore: Agentcore, inside: Any) -> None:
        assert agentcore("tools", "list", "--url", inside.url, "--sigv4").exit_code == 0

    def test_a_gateway_that_takes_tokens_says_so(self, agentcore: Agentcore, make_shop: Callable[..., Shop]) -> None:
        result = agentcore("tools", "list", "--url", make_shop(targets=False).url, "--sigv4")
        assert result.exit_code == 3
        assert "it accepts tokens, not signatures. Pass --token instead of --sigv4" in result.stderr

    def test_a_token_and_a_signature_are_one_too_many(self, agentcore: Agentcore, inside: Any) -> None:
        result = agentcore("tools", "list", "--url", inside.url, "--sigv4", env={"AGENTCORE_TOKEN": "x"})
        assert result.exit_code == 2
        assert "Leave out --token, and unset AGENTCORE_TOKEN" in result.stderr


class TestDoctor:
    def test_signs_and_finds_all_well(self, examined: Callable[..., Examined], exported: Any) -> None:
        found = examined("--call", "get_order", '{"order_id": "A-7"}')
        assert found.exit_code == 0, found.output
        assert found.layer("inbound check")["message"] == "accepts the signature of local"
        assert found.status_of("tools") == "ok"
        assert found.status_of("tool call") == "ok"
        assert found.layer("token")["message"] == "callers sign with AWS credentials: no token is needed"

    def test_a_caller_without_permission_fails_the_inbound_check(
        self, examined: Callable[..., Examined], exported: Any
    ) -> None:
        exported.aws.fault(operation="initialize", kind="status", status=403, reason="not authorized")
        failing = examined().failing()
        assert failing["name"] == "inbound check"
        assert "HTTP 403: not authorized" in failing["message"]
        assert failing["cure"].startswith("allow the signing identity bedrock-agentcore:InvokeGateway")

    @pytest.mark.usefixtures("environment")
    def test_where_aws_cannot_be_asked_the_flag_signs(self, examined: Callable[..., Examined], inside: Any) -> None:
        inside.aws.fault(operation="GetGateway", kind="status", status=403, times=2)
        failing = examined("--gateway", inside.url).failing()
        assert failing["name"] == "inbound check"
        assert "pass --sigv4 instead of a token" in failing["cure"]
        assert examined("--gateway", inside.url, "--sigv4").exit_code == 0
