"""What of a gateway cannot change in place."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.rules import gateway
from agentcore_provider.rules.unknown import UNKNOWN

OLD: dict[str, Any] = {
    "name": "shop",
    "roleArn": "arn:aws:iam::123456789012:role/shop",
    "authorizerType": "AWS_IAM",
    "protocolType": "MCP",
    "protocolConfiguration": {"mcp": {"searchType": "SEMANTIC", "supportedVersions": ["2025-03-26", "2025-06-18"]}},
}


def _with_mcp(**members: Any) -> dict[str, Any]:
    return OLD | {"protocolConfiguration": {"mcp": OLD["protocolConfiguration"]["mcp"] | members}}


def test_the_same_gateway_is_kept() -> None:
    """diff(x, x) replaces nothing."""
    assert gateway.replaces(OLD, dict(OLD)) == []


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (OLD | {"name": "store"}, ["name"]),
        (OLD | {"name": UNKNOWN}, ["name"]),
        (OLD | {"authorizerType": "NONE"}, ["authorizerType"]),
        (_with_mcp(searchType=UNKNOWN), ["protocolConfiguration"]),
        ({it: value for it, value in OLD.items() if it != "protocolConfiguration"}, ["protocolConfiguration"]),
        (_with_mcp(supportedVersions=["2025-11-25"]), ["protocolConfiguration"]),
    ],
)
def test_what_the_service_cannot_change_is_replaced(new: dict[str, Any], expected: list[str]) -> None:
    """Name, authorizer type and search type are chosen once; a protocol version does not come back."""
    assert gateway.replaces(OLD, new) == expected


@pytest.mark.parametrize(
    "new",
    [
        OLD | {"roleArn": UNKNOWN},
        OLD | {"description": "Shop", "kmsKeyArn": UNKNOWN, "tags": {"a": "b"}},
        _with_mcp(supportedVersions=["2025-06-18"]),
        _with_mcp(instructions="Search before you call."),
    ],
)
def test_everything_else_changes_in_place(new: dict[str, Any]) -> None:
    """An update keeps the gateway and its address."""
    assert gateway.replaces(OLD, new) == []
