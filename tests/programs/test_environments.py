"""Three environments of one project, deployed by the example's own script."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from agentcore_provider.cli.local_aws.environment import local_environment
from agentcore_provider.cli.local_aws.process import LocalAws
from agentcore_provider.cli.project import Project
from tests.support import warm_python
from tests.support.stack import StartedAws

EXAMPLE = Path(__file__).parents[2] / "examples" / "environments"
KEY = "marker-of-a-secret"

Run = Callable[[str], dict[str, list[str]]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the example, below the virtual environment that it names."""
    folder = tmp_path / "examples" / "environments"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__", ".agentcore"))
    (folder / ".agentcore" / "state").mkdir(parents=True)
    (tmp_path / ".venv").symlink_to(warm_python.environment())
    return folder


@pytest.fixture
def run(folder: Path, local_aws: StartedAws) -> Run:
    """Runs the script; returns its table: first cell of a row to the others."""
    running = LocalAws(0, 0, local_aws.endpoint, local_aws.aws_plugin_port)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_"))}
    environment = inherited | local_environment(Project(folder), running, os.environ["PATH"]) | {"CRM_KEY": KEY}

    def run(operation: str) -> dict[str, list[str]]:
        command = [warm_python.programs() / "python", "environments.py", operation]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=280)
        assert done.returncode == 0, done.stdout + done.stderr
        assert KEY not in done.stdout + done.stderr
        rows = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in done.stdout.splitlines()]
        return {row[0]: row[1:] for row in rows}

    return run


@pytest.mark.timeout(600)
def test_three_environments_are_deployed_with_what_each_says_above_what_all_share(
    run: Run, local_aws: StartedAws
) -> None:
    table = run("preview")
    assert table["aws:region"] == ["us-west-2", "us-west-2", "us-east-1"]
    assert table["shop.exception_level"] == ["DEBUG", "DEBUG", "-"]
    assert table["shop.targets.crm.credentials.api_key.key"] == ["-", "${env:CRM_KEY}", "${env:CRM_KEY}"]
    assert "shop.description" not in table
    assert all(it.startswith("create ") for it in table["(preview)"])

    deployed = run("up")
    assert [it.removeprefix("create ") for it in deployed["(up)"]] == [
        it.removeprefix("create ") for it in table["(preview)"]
    ]
    assert len(set(deployed["(mcp_url)"])) == 3
    found = {}
    for region, stages in (("us-west-2", ("dev", "staging")), ("us-east-1", ("prod",))):
        control = local_aws.client("bedrock-agentcore-control", region)
        gateways = [control.get_gateway(gatewayIdentifier=it["gatewayId"]) for it in control.list_gateways()["items"]]
        for gateway in gateways:
            stage = control.list_tags_for_resource(resourceArn=gateway["gatewayArn"])["tags"]["stage"]
            targets = control.list_gateway_targets(gatewayIdentifier=gateway["gatewayId"])["items"]
            found[stage] = (gateway.get("exceptionLevel"), sorted(it["name"] for it in targets))
        assert {it for it in found if it in stages} == set(stages)
    assert found == {
        "dev": ("DEBUG", ["orders"]),
        "staging": ("DEBUG", ["crm", "orders"]),
        "prod": (None, ["crm", "orders"]),
    }
    memory = [it["MemorySize"] for it in local_aws.client("lambda", "us-east-1").list_functions()["Functions"]]
    assert memory == [512]

    assert all(it.startswith("same ") for it in run("up")["(up)"])
    run("destroy")
    assert local_aws.client("iam").list_roles()["Roles"] == []
