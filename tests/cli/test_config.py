"""`agentcore config add-target`: every kind of target into the stack's file; wrong input leaves it as it is."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import Result

from agentcore_provider.cli import engine
from agentcore_provider.cli.deploy import credentials_flag, gateway_entry
from agentcore_provider.cli.project.stack_file import draft_of, settle
from agentcore_provider.cli.stack import choose_stack

Agentcore = Callable[..., Result]

FUNCTION = "arn:aws:lambda:us-west-2:123456789012:function:orders"
API_KEY = '{"api_key": "marker-of-a-secret", "credential_location": "HEADER", "credential_parameter_name": "X-Key"}'

WRONG = [
    (["shop", "my_orders", FUNCTION], '"my_orders" is not a target name'),
    (["shop", "", FUNCTION], '"" is not a target name'),
    (["my shop", "orders", FUNCTION], '"my shop" is not a gateway name'),
    (["", "orders", FUNCTION], '"" is not a gateway name'),
    (["shop", "orders"], "Missing argument 'source'"),
    (["shop", "orders", ""], "SOURCE: '' does not show which kind of target it is"),
    (["shop", "orders", "MyFunction"], "or pass --target-type"),
    (["shop", "orders", "dynamdb"], "did you mean dynamodb?"),
    (["shop", "orders", "nowhere.json"], "SOURCE: nowhere.json: there is no such file"),
    (["shop", "orders", "s3>//bucket/api.json"], "Write 's3://bucket/api.json'"),
    (["shop", "orders", "http://mcp.example.com/mcp"], "does not match https://"),
    (
        ["shop", "orders", "https://api.example.com/v1/openapi.json"],
        "is the address of a file, which AWS does not fetch",
    ),
    (["shop", "orders", "arn:aws:s3:::bucket/api.json"], "is not the ARN of a Lambda function"),
    (["shop", "orders", FUNCTION, "--target-type", "soap"], "Invalid value for '--target-type'"),
    (
        ["shop", "orders", FUNCTION, "--target-type", "openApiSchema"],
        "is an ARN, which openApiSchema targets do not accept",
    ),
    (["shop", "orders", "s3://bucket/api.json", "--target-type", "lambda"], "is not the ARN of a Lambda function"),
    (["shop", "orders", "s3://bucket/api.json", "--target-type", "mcpServer"], "is not the address of an MCP server"),
    (["shop", "orders", "https://a.example.com/x", "--target-type", "smithyModel"], "is the address of a file"),
    (["shop", "orders", "slack", "--target-type", "smithyModel"], "there is no such file"),
    (["shop", "orders", FUNCTION, "--tools", "nowhere.json"], "nowhere.json: there is no such file"),
    (["shop", "orders", "s3://bucket/api.json", "--tools", "a.json"], "--tools: applies to Lambda functions only"),
    (["shop", "orders", FUNCTION, "--credentials", "{"], "is not JSON"),
    (["shop", "orders", FUNCTION, "--credentials", API_KEY], "API key does not reach a target of kind lambda"),
    (["shop", "orders", FUNCTION, "--description", ""], ".description: is empty"),
    (["shop", "orders", FUNCTION, "--description", "x" * 201], ".description: has 201 characters"),
    (["shop", "orders", FUNCTION, "--region", "eu-west-1"], "stack dev is in us-west-2"),
    (["shop", "orders", FUNCTION, "--region", "mars"], "--region mars: is not a Region"),
    (["shop", "orders", FUNCTION, "--stack", "a b"], "--stack a b: is not the name of a stack"),
    (["shop", "orders", FUNCTION, "--project", "nowhere"], "--project nowhere: there is no such folder"),
]


@pytest.fixture
def file(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of stack dev, in a project of the user's own with a backend of its own."""
    (project / "__main__.py").write_text("from agentcore_provider import stack_config\nstack_config.deploy()\n")
    file = project / "Pulumi.dev.yaml"
    file.write_text(
        "config:\n  aws:region: us-west-2\n  agentcore:gateways:\n    shop:  # the shop\n      authorizer: none\n"
        "      targets: {}\n"
    )
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{project}")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "local")
    monkeypatch.setenv("PULUMI_SKIP_UPDATE_CHECK", "true")
    monkeypatch.setenv("PATH", str(engine.program(os.environ).parent), prepend=":")
    return file


@pytest.mark.parametrize(("arguments", "report"), WRONG, ids=[" ".join(arguments)[:70] for arguments, _ in WRONG])
def test_wrong_input_changes_nothing(agentcore: Agentcore, file: Path, arguments: list[str], report: str) -> None:
    before = file.read_text()
    stack = [] if "--stack" in arguments else ["--stack", "dev"]
    result = agentcore("config", "add-target", *arguments, *stack)
    assert (result.exit_code, result.stdout, file.read_text()) == (2, "", before), result.output
    assert report in result.stderr
    assert "marker-of-a-secret" not in result.output


def test_every_kind_of_target_is_written_once(agentcore: Agentcore, file: Path) -> None:
    added: dict[str, tuple[list[str], dict[str, Any]]] = {
        "orders": ([FUNCTION], {"lambda": {"arn": FUNCTION}}),
        "api": (
            ["s3://bucket/api.json", "--credentials", API_KEY],
            {
                "openapi": "s3://bucket/api.json",
                "credentials": {"api_key": {"location": "HEADER", "parameter_name": "X-Key"}},
            },
        ),
        "model": (["s3://bucket/m.smithy.json"], {"smithy": "s3://bucket/m.smithy.json"}),
        "report": (["s3://bucket/m", "--target-type", "smithyModel"], {"smithy": "s3://bucket/m"}),
        "server": (["https://mcp.example.com/mcp"], {"mcp_server": "https://mcp.example.com/mcp"}),
        "database": (["dynamodb", "--target-type", "smithyModel"], {"builtin": "dynamodb"}),
    }
    for _ in range(2):
        before = file.read_text()
        for name, (arguments, _) in added.items():
            result = agentcore("config", "add-target", "shop", name, *arguments, "--stack", "dev", "--json")
            assert result.exit_code == 0, result.output
    # The second round changed nothing.
    assert file.read_text() == before
    assert json.loads(result.stdout)["changed"] is False
    assert "# the shop" in before
    assert "marker-of-a-secret" not in before
    targets = yaml.safe_load(before)["config"]["agentcore:gateways"]["shop"]["targets"]
    assert targets["api"]["credentials"]["api_key"].pop("key").keys() == {"secure"}
    assert targets == {name: described for name, (_, described) in added.items()}


def test_the_file_keeps_its_form_whichever_command_has_secrets_written_into_it(file: Path) -> None:
    """The engine writes them, in a form of its own."""
    text = file.read_text().replace("\n", "\r\n") + "  x:y: [ a ]   # b\r\n"
    file.write_bytes(text.encode())
    signs_in = {"api": credentials_flag.parse(API_KEY)}
    reported = {"targets": {"api": {"openapi": "s3://bucket/api.json"}}}
    chosen = choose_stack(None, "dev", None)
    with draft_of(file) as draft:
        gateway_entry.write(chosen, gateway_entry.GatewayEntry("shop", reported, signs_in), draft)
        assert settle(draft, file)
    written = file.read_bytes()
    assert written.count(b"\r\n") == written.count(b"\n")
    assert b"  x:y: [ a ]   # b\r\n" in written
    with draft_of(file) as draft:
        gateway_entry.write(chosen, gateway_entry.GatewayEntry("shop", reported, signs_in), draft)
        assert not settle(draft, file)
    assert file.read_bytes() == written
