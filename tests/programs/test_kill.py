"""Killed in the middle, an `up` is simply run again: nothing is left over and nothing is made twice."""

from __future__ import annotations

import os
import signal

import pytest

from tests.support.stack import Stack

_SLOW = ("--ready-after=gateway=3",)


def _assert_one_of_everything(stack: Stack) -> None:
    control = stack.local_aws.client("bedrock-agentcore-control")
    (gateway,) = control.list_gateways()["items"]
    assert len(control.list_gateway_targets(gatewayIdentifier=gateway["gatewayId"])["items"]) == 1
    assert len(stack.local_aws.client("cognito-idp").list_user_pools(MaxResults=10)["UserPools"]) == 1
    assert len(stack.local_aws.client("lambda").list_functions()["Functions"]) == 1
    assert set(stack.up().changes) == {"same"}


@pytest.mark.parametrize("local_aws", [_SLOW], indirect=True)
def test_a_killed_plugin_leaves_one_of_everything(stack: Stack) -> None:
    running = stack.start("up", "--yes", "--skip-preview")
    stack.until(lambda: "CreateGateway" in stack.local_aws.requests() or running.poll() is not None)
    plugins = stack.plugin_processes()
    assert plugins
    for process in plugins:
        os.kill(process, signal.SIGKILL)
    reported, _ = running.communicate(timeout=60)
    assert running.returncode != 0, reported
    stack.up()
    _assert_one_of_everything(stack)


@pytest.mark.parametrize("local_aws", [_SLOW], indirect=True)
def test_a_killed_engine_leaves_one_of_everything(stack: Stack) -> None:
    running = stack.start("up", "--yes", "--skip-preview")
    stack.until(lambda: "CreateGateway" in stack.local_aws.requests() or running.poll() is not None)
    # Pulumi's own aws plugin gives a function a random name: killed in its creation, it would be left over.
    stack.until(lambda: "aws:lambda/function:Function" in {resource["type"] for resource in stack.resources()})
    assert running.poll() is None
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate(timeout=60)
    for process in stack.plugin_processes():
        os.kill(process, signal.SIGKILL)
    # The engine can no longer give up its lock on the state.
    stack.pulumi("cancel", "--yes")
    stack.refresh("--clear-pending-creates")
    stack.up()
    _assert_one_of_everything(stack)


@pytest.mark.long
@pytest.mark.parametrize(
    "operation", ["CreateUserPool", "CreateUserPoolClient", "CreateUserPoolDomain", "CreateGatewayTarget"]
)
def test_a_plugin_killed_in_any_create_leaves_one_of_everything(stack: Stack, operation: str) -> None:
    """Killed when AWS has got the request and not answered it: AWS does the work, and nobody hears of it."""
    _kill_during(stack, operation, "up")
    stack.up()
    _assert_one_of_everything(stack)
    stack.destroy()
    _assert_nothing(stack)


@pytest.mark.long
@pytest.mark.parametrize(
    "operation", ["DeleteGatewayTarget", "DeleteGateway", "DeleteUserPoolDomain", "DeleteUserPool"]
)
def test_a_plugin_killed_in_any_delete_leaves_nothing(stack: Stack, operation: str) -> None:
    stack.up()
    _kill_during(stack, operation, "destroy")
    stack.destroy()
    _assert_nothing(stack)


def _kill_during(stack: Stack, operation: str, command: str) -> None:
    stack.local_aws.ask("POST", "/_local/faults", {"operation": operation, "kind": "stall", "seconds": 2})
    running = stack.start(command, "--yes", "--skip-preview")
    stack.until(lambda: stack.local_aws.ask("GET", "/_local/faults")[0]["calls"] or running.poll() is not None)
    for process in stack.plugin_processes():
        os.kill(process, signal.SIGKILL)
    reported, _ = running.communicate(timeout=60)
    assert running.returncode != 0, reported
    stack.until(lambda: operation in stack.local_aws.requests())
    stack.local_aws.ask("DELETE", "/_local/faults")


def _assert_nothing(stack: Stack) -> None:
    control = stack.local_aws.client("bedrock-agentcore-control")
    assert control.list_gateways()["items"] == []
    assert control.list_workload_identities()["workloadIdentities"] == []
    assert stack.local_aws.client("cognito-idp").list_user_pools(MaxResults=10)["UserPools"] == []
    assert stack.local_aws.client("lambda").list_functions()["Functions"] == []
