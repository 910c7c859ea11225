"""Targets whose gateway is being changed at the same time, which local AWS shows for no time at all."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.aws import gateway_target
from agentcore_provider.aws.connection import Connection, Settings
from agentcore_provider.aws.operation import Operation
from agentcore_provider.errors import AwsRefused

GATEWAY, TARGET = "shop-0123456789", "ABCDEFGHIJ"
CONFIGURATION = {"mcp": {"mcpServer": {"endpoint": "https://weather.example.com/mcp"}}}
FOUND = {
    "gatewayArn": f"arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/{GATEWAY}",
    "targetId": TARGET,
    "name": "orders",
    "status": "READY",
    "targetConfiguration": CONFIGURATION,
}


class Busy(Connection):
    """A gateway that is UPDATING for some looks, and refuses whatever is done to its targets meanwhile."""

    def __init__(self, clock: Any, looks: int, code: str = "ValidationException") -> None:
        super().__init__(Settings(region="us-west-2", access_key="a", secret_key="b"), clock=clock)
        self.looks, self.code, self.changed = looks, code, list[str]()

    def call(self, operation: str, **_: Any) -> dict[str, Any]:
        if operation == "GetGateway":
            self.looks -= 1
            return {"gatewayId": GATEWAY, "status": "UPDATING" if self.looks > 0 else "READY"}
        if operation == "GetGatewayTarget":
            return dict(FOUND)
        if operation == "ListGatewayTargets":
            return {"items": [FOUND]}
        if self.looks > 0:
            raise AwsRefused("not now", operation=operation, code=self.code)
        self.changed.append(operation)
        return dict(FOUND)


def _operation(connection: Connection) -> Operation:
    return Operation(connection, "me", False, 60, lambda _: None, "target 'orders'")


def _update(connection: Connection, new: dict[str, Any], *, synchronize: bool = False) -> None:
    old = {"target_configuration": CONFIGURATION, "name": "orders"}
    gateway_target.update(_operation(connection), GATEWAY, TARGET, old, old | new, synchronize=synchronize)


@pytest.mark.parametrize("code", ["ValidationException", "ConflictException"])
def test_every_change_waits_until_the_gateway_is_ready_again(clock: Any, code: str) -> None:
    made = Busy(clock, 3, code)
    gateway_target.create(
        _operation(made), {"gateway_identifier": GATEWAY, "name": "orders", "target_configuration": CONFIGURATION}
    )
    assert made.changed == ["CreateGatewayTarget"]
    updated = Busy(clock, 3, code)
    _update(updated, {"description": "new"})
    assert updated.changed == ["UpdateGatewayTarget"]
    synchronized = Busy(clock, 3, code)
    _update(synchronized, {}, synchronize=True)
    assert synchronized.changed == ["SynchronizeGatewayTargets"]


def test_what_a_gateway_at_rest_refuses_is_reported_at_once(clock: Any) -> None:
    class Refusing(Busy):
        def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
            if operation == "UpdateGatewayTarget":
                raise AwsRefused("a wrong document", operation=operation, code="ValidationException")
            return super().call(operation, **parameters)

    with pytest.raises(AwsRefused, match="a wrong document"):
        _update(Refusing(clock, 0), {"description": "new"})
    assert clock.slept == []
