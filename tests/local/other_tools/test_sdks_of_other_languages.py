"""Programs that use AWS's SDKs of other languages deploy to local AWS: they write requests and read answers in their own way."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.go_build import build_settings
from tests.support.control_plane import ControlPlane
from tests.support.local_aws import REGION

_HERE = Path(__file__).parent


@pytest.fixture
def waiting_aws() -> Iterator[ControlPlane]:
    """Gateways, targets and policies take a moment, so that programs have to wait for them."""
    ready_after = {"gateway": 0.2, "target": 0.2, "policy": 0.2}
    control_plane = ControlPlane(monotonic=time.monotonic, ready_after=ready_after)
    yield control_plane
    control_plane.close()


@pytest.fixture
def settings(waiting_aws: ControlPlane) -> dict[str, str]:
    """What the programs read."""
    return {
        "AWS_ENDPOINT_URL": waiting_aws.endpoint,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "NAME": waiting_aws.unique("sdk"),
        "ROLE_ARN": waiting_aws.execution_role(),
        "FUNCTION_ARN": waiting_aws.function_arn,
        "DISCOVERY_URL": f"{waiting_aws.endpoint}/pool/.well-known/openid-configuration",
    }


def _run(folder: Path, *command: str, **environment: str) -> str:
    if shutil.which(command[0]) is None and "CI" not in os.environ:
        pytest.skip(f"{command[0]} is not installed")
    answer = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


# The SDK may have to be compiled first, once per machine.
@pytest.mark.timeout(600)
def test_a_program_in_go_reads_what_it_sent(settings: dict[str, str], tmp_path: Path) -> None:
    """The requests of Terraform's provider: each resource reads as it was created and updated, then it is not found."""
    program = tmp_path / "deploy"
    _run(_HERE / "go", "go", "build", "-o", str(program), ".", **build_settings())
    assert _run(tmp_path, str(program), **settings).endswith("destroyed 12\n")


@pytest.mark.timeout(600)
def test_a_program_in_javascript_deploys_and_calls(settings: dict[str, str], tmp_path: Path) -> None:
    """AWS's SDK for JavaScript, an API key for an agent, and both generations of the MCP client for TypeScript."""
    for name in ("package.json", "deploy.js"):
        shutil.copy(_HERE / "javascript" / name, tmp_path)
    _run(tmp_path, "npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--prefer-offline")
    output = _run(tmp_path, "node", "deploy.js", **settings)
    assert output.split() == ["deployed", "identified", "called", "1", "called", "2", "destroyed"]
