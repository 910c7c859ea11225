"""Local AWS ends, in whichever way, and starts again: the stack is deployed as before."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.stack import Stack, StartedAws


@pytest.fixture
def local_aws(tmp_path: Path) -> Iterator[StartedAws]:
    """One that keeps its state on disk."""
    local_aws = StartedAws(tmp_path / "local.log")
    try:
        local_aws.start("--state", str(tmp_path / "aws"))
        yield local_aws
    finally:
        local_aws.stop()


def _restart(stack: Stack, number: signal.Signals, folder: Path) -> None:
    status = stack.local_aws.ask("GET", "/_local/status")
    if number == signal.SIGKILL:
        stack.until(lambda: stack.local_aws.ask("GET", "/_local/status")["state"]["written"])
    os.kill(status["pid"], number)
    stack.local_aws.stop()
    stack.local_aws.start("--state", str(folder))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_restart_of_local_aws_changes_nothing(stack: Stack, tmp_path: Path, number: signal.Signals) -> None:
    """Neither by the state of the stack nor by what local AWS has; tools answer, and a destroy leaves nothing."""
    created = stack.up().changes["create"]
    url = stack.local_aws.endpoint
    _restart(stack, number, tmp_path / "aws")
    assert stack.local_aws.endpoint == url
    answer = json.loads(stack.agentcore("tools", "call", "order_status", '{"order_id": "A-1002"}'))
    assert answer["order_id"] == "A-1002"
    assert stack.up().changes == {"same": created}
    assert set(stack.refresh().changes) == {"same"}
    _restart(stack, number, tmp_path / "aws")
    stack.destroy()
    assert stack.resources() == []
    _restart(stack, number, tmp_path / "aws")
    assert stack.local_aws.client("bedrock-agentcore-control").list_gateways()["items"] == []
    assert stack.local_aws.client("lambda").list_functions()["Functions"] == []
    assert stack.local_aws.client("iam").list_roles()["Roles"] == []
