"""A copy of this project with everything that the documents take for granted, on a local AWS of its own."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from agentcore_provider.cli.local_aws.environment import local_environment
from agentcore_provider.cli.local_aws.process import LocalAws, LocalProcess
from agentcore_provider.cli.project import Project
from tests.support import warm_python

PROJECT = Path(__file__).parents[2]

# What a reader has and local AWS has not: functions and roles that the documents refer to by ARN.
_FUNCTION = "orders"
_ROLES = (
    ("/", "GatewayRole"),
    ("/", "BedrockAgentCoreGatewayRole"),
    ("/service-role/", "AmazonBedrockAgentCoreGatewayRole"),
)
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "bedrock-agentcore.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
_ALLOWED = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}]}


@dataclass
class Reader:
    """Somebody who types what the documents say."""

    folder: Path
    """The project."""
    endpoint: str
    environment: dict[str, str]
    is_deployed: bool = False
    """Whether stack local is deployed."""
    stands_for: dict[str, str] = field(default_factory=dict)
    """Names in the documents that stand for the reader's own, and what they are here."""

    def own(self, text: str) -> str:
        """The text with the reader's own names."""
        for theirs, own in self.stands_for.items():
            text = text.replace(theirs, own)
        return text

    def run(self, *command: str | Path, fed: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        """A command in the project, everything it prints in stdout."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment | environment,
            input=fed,
            stdin=subprocess.DEVNULL if fed is None else None,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=280,
        )

    def pulumi(self, *arguments: str) -> str:
        """A pulumi command that has to succeed."""
        answer = self.run(warm_python.programs() / "pulumi", *arguments, "--non-interactive")
        assert answer.returncode == 0, f"pulumi {' '.join(arguments)}:\n{answer.stdout}"
        return answer.stdout

    def deploy_demo(self) -> None:
        """Stack local, as `make up` deploys it."""
        if not self.is_deployed:
            self.pulumi("stack", "init", "local")
            self.pulumi("up", "--stack", "local", "--yes", "--skip-preview")
            self.is_deployed = True

    def deploy(self, stack: str, program: str) -> None:
        """`pulumi up` of a program as a stack of its own."""
        config: dict[str, Any] = {
            "agentcore:endpointUrl": self.endpoint,
            "aws:region": "us-west-2",
            **{
                f"agentcore:{name}": f"a-{name}"
                for name in ("tavilyKey", "zendeskKey", "modelKey", "billingKey", "ledgerSecret")
            },
        }
        (self.folder / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump({"config": config}))
        main = self.folder / "__main__.py"
        before = main.read_text()
        main.write_text(program)
        try:
            self.pulumi("stack", "init", stack)
            self.pulumi("up", "--stack", stack, "--yes", "--skip-preview")
        finally:
            main.write_text(before)

    def client(self, service: str) -> Any:
        """A boto3 client of local AWS."""
        import boto3

        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name="us-west-2",
            aws_access_key_id="local",
            aws_secret_access_key="local",
        )


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """A reader with a checkout of the project, local AWS running in it, and what the documents refer to in that."""
    with _checkout(tmp_path_factory.mktemp("docs") / "project") as made, _shop() as shop:
        made.stands_for = {"https://weather.example.com": shop.replace("http:", "https:"), **_furnish(made)}
        yield made


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """A reader who has just run `make up`: local AWS holds the demo and nothing else."""
    with _checkout(tmp_path_factory.mktemp("docs") / "project") as made:
        made.deploy_demo()
        yield made


@contextmanager
def _checkout(folder: Path) -> Iterator[Reader]:
    """A checkout of the project, with local AWS running in it."""
    (folder / ".agentcore" / "state").mkdir(parents=True)
    for file in (*PROJECT.glob("Pulumi*.yaml"), PROJECT / "__main__.py", PROJECT / "Makefile"):
        shutil.copy(file, folder)
    for part in ("demo", "examples"):
        shutil.copytree(PROJECT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", ".agentcore"))
    (folder / ".venv").symlink_to(warm_python.environment())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    stack_file = folder / "Pulumi.local.yaml"
    stack_file.write_text(stack_file.read_text().replace("http://127.0.0.1:4599", f"http://127.0.0.1:{port}"))
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_"))}
    process = LocalProcess(Project(folder))
    agentcore = (warm_python.programs() / "agentcore", "local")
    started = subprocess.run([*agentcore, "start", "--port", str(port)], cwd=folder, env=inherited, text=True)
    try:
        assert started.returncode == 0
        running = process.find()
        assert isinstance(running, LocalAws)
        environment = {
            **inherited,
            **local_environment(Project(folder), running, inherited["PATH"]),
            "PATH": warm_python.path(),
            "PULUMI_SKIP_CONFIRMATIONS": "true",
            "PULUMI_PYTHON_CMD": str(warm_python.programs() / "python"),
        }
        yield Reader(folder, running.endpoint, environment)
    finally:
        subprocess.run([*agentcore, "stop"], cwd=folder, env=inherited, check=False)


@contextmanager
def _shop() -> Iterator[str]:
    """The address of the server that the examples call."""
    server = subprocess.Popen([sys.executable, PROJECT / "examples" / "shop", "0"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield server.stdout.readline().rpartition(" ")[2].strip()
    finally:
        server.kill()
        server.wait()


def _furnish(reader: Reader) -> dict[str, str]:
    """Put into local AWS what the documents refer to; returns the ids of the documents and those here."""
    iam, functions = reader.client("iam"), reader.client("lambda")
    for path, name in _ROLES:
        made = iam.create_role(Path=path, RoleName=name, AssumeRolePolicyDocument=json.dumps(_TRUST))
        iam.put_role_policy(RoleName=name, PolicyName="targets", PolicyDocument=json.dumps(_ALLOWED))
    archive = reader.folder / ".agentcore" / "code.zip"
    shutil.make_archive(str(archive.with_suffix("")), "zip", PROJECT / "demo" / "order_desk")
    functions.create_function(
        FunctionName=_FUNCTION,
        Runtime="python3.12",
        Role=made["Role"]["Arn"],
        Handler="handler.handler",
        Code={"ZipFile": archive.read_bytes()},
    )
    apis = reader.client("apigateway")
    api = apis.create_rest_api(name="pets")["id"]
    root = apis.get_resources(restApiId=api)["items"][0]["id"]
    pets = apis.create_resource(restApiId=api, parentId=root, pathPart="pets")["id"]
    apis.put_method(restApiId=api, resourceId=pets, httpMethod="GET", authorizationType="NONE")
    apis.put_method_response(restApiId=api, resourceId=pets, httpMethod="GET", statusCode="200")
    apis.put_integration(restApiId=api, resourceId=pets, httpMethod="GET", type="MOCK", integrationHttpMethod="POST")
    apis.create_deployment(restApiId=api, stageName="prod")
    ids = {"a1b2c3d4e5": api}
    control = reader.client("bedrock-agentcore-control")
    for name in ("theirs", "clicked-here"):
        gateway = control.create_gateway(
            name=name,
            roleArn=made["Role"]["Arn"],
            protocolType="MCP",
            authorizerType="NONE",
        )
        ids[f"{name.removesuffix('-here')}-0a1b2c3d4e"] = gateway["gatewayId"]
    return ids
