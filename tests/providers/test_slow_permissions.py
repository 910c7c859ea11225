"""A role of the same deployment that reaches AgentCore late, on local AWS."""

from __future__ import annotations

from typing import Any


def test_a_gateway_waits_for_a_role_that_is_not_found_yet(slow_permissions: Any) -> None:
    """It is asked for again until AWS sees the role, without an error."""
    world = slow_permissions
    world.forget_requests()
    _, outputs, _ = world.made("gateway", world.gateway())
    assert outputs["status"] == "READY"
    assert world.requests().count("CreateGateway") > 1
