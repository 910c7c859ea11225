"""CDK, as published, on local AWS: a stack with a gateway and a function as an asset, from bootstrap to destroy.

Run by hand, since it installs 200 MB: `python -m pytest tests/local/other_tools/by_hand_cdk.py`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.support.control_plane import ControlPlane
from tests.support.local_aws import ACCOUNT, ECHO, REGION


@pytest.fixture
def run(local_aws: ControlPlane, tmp_path: Path) -> Callable[..., str]:
    """Runs a command in a folder with the program and its libraries; returns both streams."""
    for file in (Path(__file__).parent / "cdk").iterdir():
        shutil.copy(file, tmp_path)
    settings = {
        "AWS_ENDPOINT_URL": local_aws.endpoint,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "NAME": local_aws.unique("cdk"),
    }

    def run(*command: str, **more: str) -> str:
        answer = subprocess.run(
            command,
            cwd=tmp_path,
            env={**os.environ, **settings, **more},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout + answer.stderr

    run("npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--prefer-offline")
    return run


@pytest.mark.timeout(1200)
def test_cdk_deploys_changes_and_destroys(local_aws: ControlPlane, run: Callable[..., str], tmp_path: Path) -> None:
    """The tool is called; a second deploy finds nothing to do; a change is deployed and then not different."""

    def cdk(*arguments: str, description: str = "Orders") -> str:
        program = ("--app", "node shop.js", "--no-notices", "--no-version-reporting", "--ci")
        return run("node_modules/.bin/cdk", *arguments, *program, DESCRIPTION=description)

    def deploy(description: str) -> tuple[str, str]:
        printed = cdk("deploy", "--require-approval", "never", "--outputs-file", "out.json", description=description)
        ((_, outputs),) = json.loads((tmp_path / "out.json").read_text()).items()
        return printed, str(outputs["Url"])

    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "index.py").write_text(ECHO)
    cdk("bootstrap", f"aws://{ACCOUNT}/{REGION}")
    _, url = deploy("Orders")
    message: Any = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    message["params"] = {"name": "orders___find_order", "arguments": {"id": "A-1"}}
    answer = requests.post(url, json=message, timeout=60).json()
    assert json.loads(answer["result"]["content"][0]["text"]) == {"id": "A-1"}
    assert "no changes" in deploy("Orders")[0]

    assert deploy("Orders and parcels")[1] == url
    gateway = url.split("/")[-2]
    assert local_aws.control.get_gateway(gatewayIdentifier=gateway)["description"] == "Orders and parcels"
    assert "no differences" in cdk("diff", description="Orders and parcels")
    cdk("destroy", "--force")
    assert gateway not in {it["gatewayId"] for it in local_aws.control.list_gateways()["items"]}
