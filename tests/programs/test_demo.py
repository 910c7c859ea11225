"""The demo's life: deployed, unchanged, changed, looked at, called, destroyed."""

from __future__ import annotations

import json
from typing import Any

from tests.support.stack import Stack

# The program itself looks up its account, which the role's trust names.
_LOOK_UP = "GetCallerIdentity"


def _describe(config: dict[str, Any]) -> None:
    config["agentcore:gateways"]["shop"]["description"] = "The order desk of a larger shop"


def test_the_demo_goes_up_changes_and_leaves_nothing(stack: Stack) -> None:
    first = stack.up()
    assert set(first.changes) == {"create"}

    answer = json.loads(stack.agentcore("tools", "call", "order_status", '{"order_id": "A-1002"}'))
    assert answer["order_id"] == "A-1002"

    stack.local_aws.forget_requests()
    again = stack.up()
    assert again.changes == {"same": first.changes["create"]}
    assert set(stack.local_aws.requests()) <= {_LOOK_UP}

    stack.configure(_describe)
    changed = stack.up()
    assert changed.changes == {"update": 1, "same": first.changes["create"] - 1}
    control = stack.local_aws.client("bedrock-agentcore-control")
    (gateway,) = control.list_gateways()["items"]
    assert gateway["description"] == "The order desk of a larger shop"

    assert set(stack.refresh().changes) == {"same"}
    assert set(stack.up().changes) == {"same"}

    stack.destroy()
    assert stack.resources() == []
    assert stack.destroy().changes == {}
    assert control.list_gateways()["items"] == []
    assert stack.local_aws.client("cognito-idp").list_user_pools(MaxResults=10)["UserPools"] == []
    assert stack.local_aws.client("lambda").list_functions()["Functions"] == []
    assert stack.local_aws.client("iam").list_roles()["Roles"] == []
