"""A call looks at one tool of one target, however many a gateway has, and every change of a target counts at once."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from mcp import MCPError

from agentcore_provider.local.mcp_endpoint import lambda_target
from tests.support.control_plane import ControlPlane
from tests.support.targets import Gateway

ROLE = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]


def _tools(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "description": name, "inputSchema": {"type": "object"}} for name in names]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the tools of each Lambda target were read from its schema."""
    counted: Counter[str] = Counter()
    original = lambda_target.tools

    def tools(target: Any, context: Any) -> Any:
        counted[target.name] += 1
        return original(target, context)

    monkeypatch.setattr(lambda_target, "tools", tools)
    return counted


@pytest.fixture
def configuration(local_aws: ControlPlane) -> Any:
    """The configuration of a Lambda target with these tools."""
    arn = local_aws.function()
    return lambda *names: {"mcp": {"lambda": {"lambdaArn": arn, "toolSchema": {"inlinePayload": _tools(*names)}}}}


def test_a_call_reads_the_tools_of_its_own_target_once(
    gateway: Gateway, configuration: Any, read: Counter[str]
) -> None:
    """Many calls, one reading; other targets are not looked at."""
    for name in ("a", "b", "c"):
        gateway.target(configuration("one", "two"), ROLE, name=name)
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "b___two"}}
    # Not by the official client, which lists tools when it calls one.
    answers = [gateway.aws.http("POST", f"/gateways/{gateway.id}/mcp", call) for _ in range(3)]
    assert [status for status, _ in answers] == [200, 200, 200]
    assert read == {"b": 1}
    for _ in range(3):
        assert len(gateway.tools()) == 6
    assert read == {"a": 1, "b": 1, "c": 1}


def test_a_target_that_changes_has_its_new_tools_at_the_next_call(
    local_aws: ControlPlane, gateway: Gateway, configuration: Any
) -> None:
    """After an update by its tools and its name, and after a deletion; in calls, lists and searches."""
    target_id = gateway.target(configuration("old"), ROLE, name="before")
    assert gateway.call("before___old") == ({}, False)
    local_aws.control.update_gateway_target(
        gatewayIdentifier=gateway.id,
        targetId=target_id,
        name="after",
        targetConfiguration=configuration("new"),
        credentialProviderConfigurations=ROLE,
    )
    local_aws.now += 60
    assert sorted(gateway.tools()) == ["after___new"]
    assert gateway.call("after___new") == ({}, False)
    for gone in ("before___old", "after___old", "before___new"):
        with pytest.raises(MCPError, match="Unknown tool"):
            gateway.call(gone)
    local_aws.control.delete_gateway_target(gatewayIdentifier=gateway.id, targetId=target_id)
    local_aws.now += 60
    assert list(gateway.tools()) == []
    with pytest.raises(MCPError, match="Unknown tool"):
        gateway.call("after___new")
