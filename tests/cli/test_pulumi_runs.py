"""How often a command runs `pulumi`, which takes longer than the rest of it: counted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from agentcore_provider.cli.project import Project
from agentcore_provider.cli.stack_state import StackConfig

Agentcore = Callable[..., Result]
_SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}


def runs(engine: Path) -> list[str]:
    """The arguments of each run of `pulumi`."""
    file = engine / "runs"
    return file.read_text().splitlines() if file.exists() else []


def test_list_decrypts_nothing(agentcore: Agentcore, deployed: Path) -> None:
    """Deriving the key takes Pulumi longer than all else; the client's secret is not displayed."""
    outputs = json.loads((deployed / "outputs.json").read_text())
    outputs["gateways"]["shop"]["client_secret"] = _SECRET
    (deployed / "outputs.json").write_text(json.dumps(outputs))
    (gateway,) = json.loads(agentcore("list", "--stack", "dev", "--json").stdout)
    assert (gateway["client_id"], "client_secret" in gateway) == ("shop-client", False)
    assert "EzAuth, client shop-client" in agentcore("list", "--stack", "dev").stdout
    assert runs(deployed) == ["stack export --stack dev"] * 2


def test_list_decrypts_what_it_displays(agentcore: Agentcore, deployed: Path) -> None:
    """Outputs that a program keeps secret as a whole."""
    (deployed / "outputs.json").write_text(json.dumps({"gateways": _SECRET}))
    agentcore("list", "--stack", "dev")
    assert runs(deployed) == ["stack export --stack dev", "stack export --show-secrets --stack dev"]


def test_tools_runs_pulumi_once(agentcore: Agentcore, deployed: Path) -> None:
    """The state has the gateway and the secret of its client."""
    assert agentcore("tools", "list").exit_code == 0
    assert runs(deployed) == ["stack export --show-secrets"]


def test_stacks_that_local_awss_own_backend_lacks_are_not_asked_for(
    agentcore: Agentcore, deployed: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`agentcore local env` selects that backend, and its stacks are files."""
    stacks = project / ".agentcore/state/.pulumi/stacks/shop"
    stacks.mkdir(parents=True)
    (stacks / "local.json").touch()
    for stack in ("dev", "local", "prod"):
        (project / f"Pulumi.{stack}.yaml").touch()
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{project}/.agentcore/state")
    assert [it["stack"] for it in json.loads(agentcore("list", "--json").stdout)] == ["local"]
    assert runs(deployed) == ["stack export --stack local"]
    result = agentcore("list", "--stack", "prod")
    assert (result.exit_code, "There is no stack 'prod'" in result.stderr) == (2, True)


@pytest.mark.parametrize("version", [3, 4])
def test_list_reads_the_file_of_local_awss_own_backend(
    agentcore: Agentcore, engine: Path, project: Path, monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    """Pulumi is started only for a version of that file that is not known."""
    gateway = {
        "urn": "urn:pulumi:local::shop::pulumi-python:dynamic/agentcore:Gateway::shop",
        "type": "pulumi-python:dynamic/agentcore:Gateway",
        "id": "shop-1234567890",
        "outputs": {"gateway_url": "http://127.0.0.1:1/gateways/shop-1234567890/mcp", "authorizer_type": "AWS_IAM"},
    }
    deployment = {"resources": [gateway]}
    stacks = project / ".agentcore/state/.pulumi/stacks/shop"
    stacks.mkdir(parents=True)
    (stacks / "local.json").write_text(json.dumps({"version": version, "checkpoint": {"latest": deployment}}))
    (engine / "state.json").write_text(json.dumps({"deployment": deployment}))
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{project}/.agentcore/state")
    assert [it["name"] for it in json.loads(agentcore("list", "--json").stdout)] == ["shop"]
    assert runs(engine) == ([] if version == 3 else ["stack export --stack local"])


@pytest.mark.parametrize(
    ("stack_file", "project_file", "number"),
    [
        ({"config": {"aws:region": "eu-west-1", "app:key": {"secure": "v1:x"}}}, {}, 0),
        ({"config": {"aws:region": "eu-west-1", "aws:secretKey": {"secure": "v1:x"}}}, {}, 1),
        ({"config": {"aws:region": "eu-west-1"}, "environment": ["aws"]}, {}, 1),
        ({"config": {"aws:region": "eu-west-1"}}, {"config": {"aws:region": "us-east-1"}}, 1),
        ({"config": {"aws:region": "eu-west-1"}}, {"stackConfigDir": "stacks"}, 1),
        (None, {}, 1),
    ],
)
def test_the_configuration_is_read_from_the_file_where_that_has_all_of_it(
    project: Path, engine: Path, stack_file: Any, project_file: dict[str, Any], number: int
) -> None:
    """Secrets, environments and defaults of the project are Pulumi's to read; once for all keys."""
    (project / "Pulumi.yaml").write_text(json.dumps({"name": "shop", "runtime": "python", **project_file}))
    if stack_file is not None:
        (project / "Pulumi.dev.yaml").write_text(json.dumps(stack_file))
    answer = {"aws:region": {"value": "eu-west-1"}, "aws:secretKey": {"value": "secret", "secret": True}}
    (engine / "config.json").write_text(json.dumps(answer))
    config = StackConfig(Project(project), None, "dev")
    assert config.get("aws:region") == "eu-west-1"
    assert config.get("aws:secretKey") == (None if number == 0 else "secret")
    assert config.get("aws:profile") is None
    assert runs(engine) == ["config --json --show-secrets"] * number
