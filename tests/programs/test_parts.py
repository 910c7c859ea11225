"""Parts of a sign-in that somebody removed: `pulumi up --refresh` makes them again, and what depends on them follows."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.stack import Stack


def _pool(cognito: Any) -> str:
    (pool,) = cognito.list_user_pools(MaxResults=10)["UserPools"]
    return str(pool["Id"])


def _client_id(cognito: Any) -> str:
    (client,) = cognito.list_user_pool_clients(UserPoolId=_pool(cognito))["UserPoolClients"]
    return str(client["ClientId"])


def _remove_domain(cognito: Any) -> None:
    pool = cognito.describe_user_pool(UserPoolId=_pool(cognito))["UserPool"]
    cognito.delete_user_pool_domain(UserPoolId=pool["Id"], Domain=pool["Domain"])


def _remove_client(cognito: Any) -> None:
    cognito.delete_user_pool_client(UserPoolId=_pool(cognito), ClientId=_client_id(cognito))


def _remove_resource_server(cognito: Any) -> None:
    (server,) = cognito.list_resource_servers(UserPoolId=_pool(cognito), MaxResults=10)["ResourceServers"]
    cognito.delete_resource_server(UserPoolId=_pool(cognito), Identifier=server["Identifier"])


@pytest.mark.parametrize("remove", [_remove_domain, _remove_client, _remove_resource_server])
def test_a_part_comes_back_and_agents_can_sign_in(deployed: Any, remove: Callable[[Any], None]) -> None:
    stack, _ = deployed
    cognito = stack.local_aws.client("cognito-idp")
    remove(cognito)
    shown = stack.refresh()
    assert shown.changes["update"] == 1, "the sign-in"
    assert shown.changes.get("delete", 0) == (remove is not _remove_resource_server), "the token endpoint stands on it"
    preview, done = stack.preview(), stack.up("--refresh")
    assert done.changes.get("replace", 0) == preview.changes.get("replace", 0) == 0
    control = stack.local_aws.client("bedrock-agentcore-control")
    (gateway,) = control.list_gateways()["items"]
    authorizer = control.get_gateway(gatewayIdentifier=gateway["gatewayId"])["authorizerConfiguration"]
    assert authorizer["customJWTAuthorizer"]["allowedClients"] == [_client_id(cognito)]
    assert stack.agentcore("tools", "call", "order_status", '{"order_id": "A-1002"}')
    assert set(stack.up("--refresh").changes) == {"same"}


def test_a_destroy_killed_between_the_parts_goes_on_or_is_taken_back(stack: Stack) -> None:
    """The domain is gone and the pool is not: an `up` names the command that makes it again, a destroy ends."""
    stack.up()
    stack.local_aws.ask("POST", "/_local/faults", {"operation": "DeleteUserPool", "kind": "stall", "seconds": 60})
    running = stack.start("destroy", "--yes", "--skip-preview")
    stack.until(lambda: "DeleteUserPoolDomain" in stack.local_aws.requests() or running.poll() is not None)
    for process in stack.plugin_processes():
        os.kill(process, signal.SIGKILL)
    running.communicate(timeout=60)
    assert running.returncode != 0
    stack.local_aws.ask("DELETE", "/_local/faults")
    assert "is gone. Run `pulumi up --refresh` to create it again" in stack.up(succeeds=False).text
    stack.up("--refresh")
    assert stack.agentcore("tools", "call", "order_status", '{"order_id": "A-1002"}')
    _remove_domain(stack.local_aws.client("cognito-idp"))
    stack.destroy()
    assert not stack.local_aws.client("cognito-idp").list_user_pools(MaxResults=10)["UserPools"]
