"""`pulumi new` makes a project of the template, which deploys as it is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support import warm_python

PROJECT = Path(__file__).parents[2]
TEMPLATE = PROJECT / "examples" / "template"


def test_pulumi_new_makes_a_project_that_deploys_and_answers(tmp_path: Path, stack_in: Any) -> None:
    folder = tmp_path / "clock"
    made = subprocess.run(
        [
            *(Path(sys.executable).with_name("pulumi"), "new", TEMPLATE, "--generate-only", "--yes"),
            *("--name", "clock", "--description", "Returns the time", "--dir", folder),
        ],
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PULUMI_SKIP_UPDATE_CHECK": "true"},
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    for file in folder.rglob("*"):
        assert not file.is_file() or "${" not in file.read_text(), f"{file} has a name that pulumi new did not fill in"
    assert "name: clock\ndescription: Returns the time" in (folder / "Pulumi.yaml").read_text()

    # What `pulumi install` would make, of packages that are here already.
    (folder / ".venv").symlink_to(warm_python.environment())
    stack = stack_in(folder)
    stack.pulumi("stack", "init", "--non-interactive")
    stack.pulumi("config", "set", "gatewayName", "clock")
    first = stack.up()
    assert stack.outputs()["gateways"]["clock"]["mcp_url"].startswith(f"{stack.local_aws.endpoint}/gateways/clock-")
    listed = stack.agentcore("tools", "list")
    assert "time___current_time" in listed
    days = stack.agentcore("tools", "call", "days_between", '{"first": "2026-01-31", "second": "2026-03-01"}')
    assert json.loads(days) == {"days": 29}
    assert stack.up().changes == {"same": first.changes["create"]}
    stack.destroy()
    assert stack.local_aws.client("bedrock-agentcore-control").list_gateways()["items"] == []


def test_template_asks_only_for_what_has_a_default() -> None:
    import yaml

    asked = yaml.safe_load((TEMPLATE / "Pulumi.yaml").read_text())["template"]["config"]
    assert asked
    for key, question in asked.items():
        assert question["description"], key
        assert question["default"], key
