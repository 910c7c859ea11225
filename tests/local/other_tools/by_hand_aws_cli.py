"""AWS's command line, as published, on local AWS: the commands of docs/other-tools.md, and a gateway from its role to a call.

Run by hand, since it is installed in an environment of its own: `python -m pytest tests/local/other_tools/by_hand_aws_cli.py`.
"""

from __future__ import annotations

import json
import os
import subprocess
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.docs.blocks import blocks
from tests.programs import by_hand
from tests.support.control_plane import ControlPlane
from tests.support.local_aws import REGION, TOOLS

VERSION = "1.46.3"
_PAGE = Path(__file__).parents[3] / "docs" / "other-tools.md"


@pytest.fixture
def shell(local_aws: ControlPlane, tmp_path: Path) -> Callable[[str], str]:
    """Runs commands where the AWS CLI is `aws`."""
    programs = tmp_path / "cli" / "bin"
    venv.create(programs.parent, with_pip=True)
    install = [str(programs / "python"), "-m", "pip", "install", "--quiet", f"awscli=={VERSION}"]
    subprocess.run(install, check=True, timeout=300)
    environment = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "AWS_ENDPOINT_URL": local_aws.endpoint,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
    }

    def run(script: str) -> str:
        command = ["sh", "-e", "-c", script]
        answer = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    return run


@pytest.mark.timeout(900)
def test_the_commands_of_the_page_run(local_aws: ControlPlane, shell: Callable[[str], str], tmp_path: Path) -> None:
    by_hand.make(local_aws.client, role="gateways", function="orders")
    agent = {"Type": "AWS::BedrockAgentCore::WorkloadIdentity", "Properties": {"Name": "from-a-stack"}}
    (tmp_path / "shop.json").write_text(json.dumps({"Resources": {"Agent": agent}}))
    (page,) = (it for it in blocks(_PAGE) if it.language == "sh" and "aws cognito-idp" in it.text)
    shell(page.text)
    assert json.loads((tmp_path / "answer.json").read_text()) == {"id": "A-1002"}
    assert local_aws.control.get_workload_identity(name="from-a-stack")

    def made(command: str, **arguments: Any) -> dict[str, Any]:
        document = tmp_path / "arguments.json"
        document.write_text(json.dumps(arguments))
        return dict(json.loads(shell(f"aws bedrock-agentcore-control {command} --cli-input-json file://{document}")))

    gateway = made(
        "create-gateway", name="cli", roleArn=local_aws.execution_role(), authorizerType="NONE", protocolType="MCP"
    )
    target = {"mcp": {"lambda": {"lambdaArn": local_aws.function_arn, "toolSchema": {"inlinePayload": TOOLS}}}}
    made(
        "create-gateway-target",
        gatewayIdentifier=gateway["gatewayId"],
        name="orders",
        targetConfiguration=target,
        credentialProviderConfigurations=[{"credentialProviderType": "GATEWAY_IAM_ROLE"}],
    )
    (listed,) = made("list-gateway-targets", gatewayIdentifier=gateway["gatewayId"])["items"]
    assert (listed["name"], listed["status"]) == ("orders", "READY")
    call = {"name": "orders___find_order", "arguments": {"id": "A-1"}}
    message: Any = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    answer = requests.post(gateway["gatewayUrl"], json=message, timeout=60).json()
    assert json.loads(answer["result"]["content"][0]["text"]) == {"id": "A-1"}
