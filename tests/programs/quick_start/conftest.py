"""The shell that the quick start is typed into, with what it takes as given."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programs import by_hand
from tests.support.shell import Shell

OPENAPI = {
    "openapi": "3.0.0",
    "info": {"title": "My API", "version": "1.0.0"},
    "servers": [{"url": "https://api.example.com"}],
    "paths": {"/users": {"get": {"operationId": "listUsers", "responses": {"200": {"description": "Success"}}}}},
}


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A shell beside a local AWS with what the quick start takes as given: a role, a function, an API's description."""
    shell = Shell(tmp_path_factory.mktemp("quick-start"))
    shell.succeeds("agentcore local start --port 0")
    try:
        status = json.loads(shell.succeeds("agentcore local status --json"))
        shell.aws.endpoint = status["endpoint"]
        by_hand.make(shell.aws.client, role="BedrockAgentCoreGatewayRole", function="MyFunction")
        s3 = shell.aws.client("s3")
        s3.create_bucket(Bucket="mybucket", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
        s3.put_object(Bucket="mybucket", Key="openApiSchema.json", Body=json.dumps(OPENAPI))
        yield shell
    finally:
        shell.run("agentcore local stop")


@pytest.fixture
def new_shell(tmp_path: Path) -> Shell:
    """A shell without a local AWS."""
    return Shell(tmp_path)
