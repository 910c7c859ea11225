"""Schemas in S3, and what a preview says of tools."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import warm_python

BUCKET = "schemas-of-others"


def ours() -> None:
    """A program with a schema of its own, which travels through S3, and one of somebody else's in S3."""
    import pulumi

    from agentcore_provider import Gateway, GatewayRole, GatewayTarget, targets

    gateway = Gateway("shop", role_arn=GatewayRole("shop"), authorizer="NONE")
    own = GatewayTarget("own", gateway=gateway, target=targets.OpenApi("shop.json", upload=True))
    theirs = GatewayTarget("theirs", gateway=gateway, target=targets.OpenApi("s3://schemas-of-others/shop.json"))
    inline = GatewayTarget("inline", gateway=gateway, target=targets.OpenApi("shop.json"))
    pulumi.export("mcp_url", gateway.gateway_url)
    pulumi.export("ids", [own.id, theirs.id, inline.id])
    pulumi.export("tools", inline.tools)


def _api(*operations: str) -> str:
    paths = {f"/{it}": {"get": {"operationId": it, "responses": {"200": {"description": "ok"}}}} for it in operations}
    info = {"title": "Shop", "version": "1"}
    servers = [{"url": "https://shop.example.com"}]
    return json.dumps({"openapi": "3.0.3", "info": info, "servers": servers, "paths": paths})


@pytest.fixture(scope="module")
def shared_local_aws(start_local_aws: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    local_aws = start_local_aws(tmp_path_factory.mktemp("local"))
    yield local_aws
    local_aws.stop()


@pytest.fixture
def project_of(tmp_path: Path, shared_local_aws: Any) -> Callable[[Callable[[], None]], Path]:
    def project(program: Callable[[], None]) -> Path:
        (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: {name: python, options: {virtualenv: .venv}}\n")
        (tmp_path / "Pulumi.local.yaml").write_text(
            f"config:\n  agentcore:endpointUrl: {shared_local_aws.endpoint}\n  aws:region: us-west-2\n"
        )
        (tmp_path / "__main__.py").write_text(f"{inspect.getsource(program)}\n\n{program.__name__}()\n")
        (tmp_path / ".venv").symlink_to(warm_python.environment())
        return tmp_path

    return project


def test_a_changed_schema_is_an_update_wherever_it_lies(
    shared_local_aws: Any, stack_of: Any, project_of: Any, tmp_path: Path
) -> None:
    s3 = shared_local_aws.client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    s3.put_object(Bucket=BUCKET, Key="shop.json", Body=_api("find"))
    (tmp_path / "shop.json").write_text(_api("find"))
    stack = stack_of(project_of(ours))
    stack.up()
    assert [it["name"] for it in stack.outputs()["tools"]] == ["inline___find"]
    ids = stack.outputs()["ids"]

    # Ours: another object, and an update of both targets and of the permission to read the object; the preview says
    # which tool comes.
    (tmp_path / "shop.json").write_text(_api("find", "drop"))
    assert "inline___drop" in stack.preview("--diff").text
    changed = stack.up().changes
    assert changed["update"] == 3
    assert [it["name"] for it in stack.outputs()["tools"]] == ["inline___find", "inline___drop"]
    listed = stack.agentcore("tools", "list", "--json")
    assert "own___drop" in listed

    # Theirs: nobody looks until a refresh does, and the service reads it again then.
    s3.put_object(Bucket=BUCKET, Key="shop.json", Body=_api("find", "count"))
    shared_local_aws.forget_requests()
    assert set(stack.up().changes) == {"same"}
    assert [it for it in shared_local_aws.requests() if "Gateway" in it or it == "HeadObject"] == []
    assert stack.up("--refresh").changes["update"] == 1
    assert "theirs___count" in stack.agentcore("tools", "list", "--json")
    assert set(stack.up("--refresh").changes) == {"same"}
    assert stack.outputs()["ids"] == ids
    stack.destroy()
