"""Terraform and its AWS provider, as published, on local AWS.

Run by hand, since both have to be installed: `python -m pytest tests/local/other_tools/by_hand_terraform.py`, with
`terraform` on PATH. TF_CLI_CONFIG_FILE can name a mirror of the provider on disk.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import httpx2
import pytest
import requests
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

from tests.support.control_plane import ControlPlane
from tests.support.local_aws import REGION

_NO_CHANGE, _CHANGES = 0, 2
# Not a client of the user pool: an import does not read `generate_secret`, so that a plan replaces it, also on AWS.
_IMPORTED = {
    "aws_iam_role.gateway": "{name}-gateway",
    "aws_iam_role_policy.gateway": "{name}-gateway:targets",
    "aws_lambda_function.orders": "{name}-orders",
    "aws_s3_bucket.schemas": "{name}-schemas",
    "aws_cognito_user_pool.callers": "{pool}",
    "aws_cloudformation_stack.gateway": "{name}",
}


class Terraform:
    """A configuration in a folder of its own."""

    def __init__(self, folder: Path, endpoint: str, name: str) -> None:
        self._folder = folder
        shutil.copy(Path(__file__).with_name("terraform") / "main.tf", folder)
        self._environment = {
            **os.environ,
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "CHECKPOINT_DISABLE": "1",
            "TF_VAR_name": name,
            "TF_VAR_archive": "code.zip",
        }

    def declare(self, description: str, customer: str) -> None:
        """Set what the configuration deploys."""
        self._environment["TF_VAR_description"] = description
        with zipfile.ZipFile(self._folder / "code.zip", "w") as files:
            code = f"def handler(event, context): return {{**event, 'customer': {customer!r}}}"
            files.writestr(zipfile.ZipInfo("index.py"), code)

    def run(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> str:
        """What a command prints; it has to end with one of the codes."""
        answer = subprocess.run(
            ["terraform", *arguments],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert answer.returncode in codes, answer.stdout + answer.stderr
        return answer.stdout

    def apply(self) -> None:
        """Apply, after which a plan has to be empty."""
        self.run("apply", "-auto-approve", "-no-color")
        self.run("plan", "-detailed-exitcode", "-no-color", codes=(_NO_CHANGE,))

    def outputs(self) -> dict[str, str]:
        """The values of the outputs."""
        return {name: str(it["value"]) for name, it in json.loads(self.run("output", "-json")).items()}


@pytest.fixture
def terraform(local_aws: ControlPlane, tmp_path: Path) -> Terraform:
    return Terraform(tmp_path, local_aws.endpoint, local_aws.unique("tf"))


def _call(local_aws: ControlPlane, outputs: dict[str, str], name: str) -> dict[str, str]:
    """The answer of the tool to a caller who signed in."""
    token = requests.post(
        f"{local_aws.endpoint}/cognito/{name}/oauth2/token",
        data={"grant_type": "client_credentials", "scope": outputs["scope"]},
        auth=(outputs["client_id"], outputs["client_secret"]),
        timeout=30,
    ).json()["access_token"]

    async def call() -> str:
        headers = {"Authorization": f"Bearer {token}"}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60) as http,
            Client(streamable_http_client(outputs["url"], http_client=http)) as client,
        ):
            answer = await client.call_tool("orders___order_status", {"order_id": "A-1"})
            return answer.model_dump_json(include={"content"})

    (content,) = json.loads(asyncio.run(call()))["content"]
    return dict(json.loads(content["text"]))


@pytest.mark.timeout(1200)
def test_terraform_deploys_changes_imports_and_destroys(local_aws: ControlPlane, terraform: Terraform) -> None:
    """Each apply is followed by an empty plan; what was changed behind its back is found; nothing is left."""
    terraform.run("init", "-no-color")
    terraform.declare("Orders", "Grace")
    terraform.apply()
    outputs = terraform.outputs()
    name = outputs["scope"].partition("/")[0]
    assert _call(local_aws, outputs, name) == {"order_id": "A-1", "customer": "Grace"}

    terraform.declare("Orders and parcels", "Ada")
    terraform.apply()
    assert terraform.outputs() == outputs
    assert _call(local_aws, outputs, name)["customer"] == "Ada"
    gateway = local_aws.control.get_gateway(gatewayIdentifier=outputs["url"].split("/")[-2])
    assert gateway["description"] == "Orders and parcels"

    local_aws.client("iam").delete_role_policy(RoleName=f"{name}-gateway", PolicyName="targets")
    terraform.run("plan", "-detailed-exitcode", "-no-color", codes=(_CHANGES,))
    terraform.apply()

    for address, identifier in _IMPORTED.items():
        terraform.run("state", "rm", address)
        terraform.run("import", "-no-color", address, identifier.format(name=name, **outputs))
    planned = terraform.run("plan", "-no-color")
    assert " 0 to add," in planned
    assert " 0 to destroy" in planned
    terraform.apply()
    assert _call(local_aws, outputs, name)["customer"] == "Ada"

    terraform.run("destroy", "-auto-approve", "-no-color")
    assert not [it for it in local_aws.control.list_gateways()["items"] if it["name"] == name]
    assert not [it for it in local_aws.client("iam").list_roles()["Roles"] if it["RoleName"].startswith(name)]
