"""What of a gateway cannot change in place."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.rules import gateway
from agentcore_provider.rules.problem import UNKNOWN

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


@pytest.mark.parametrize(
    ("given", "short", "expected"),
    [
        (None, {}, None),
        (None, {"semantic_search": True}, {"mcp": {"searchType": "SEMANTIC"}}),
        (None, {"semantic_search": True, "protocol_type": None}, None),
        (None, {"instructions": "Be brief."}, {"mcp": {"instructions": "Be brief."}}),
        ({"mcp": None}, {"instructions": "Be brief."}, {"mcp": {"instructions": "Be brief."}}),
        ({"mcp": {"instructions": "Be long."}}, {"instructions": "Be brief."}, {"mcp": {"instructions": "Be long."}}),
        ({"mcp": UNKNOWN}, {"semantic_search": True}, {"mcp": UNKNOWN}),
        (UNKNOWN, {"semantic_search": True}, UNKNOWN),
        ("a text", {"semantic_search": True}, "a text"),
    ],
)
def test_short_arguments_of_the_protocol_stand_below_the_document(given: Any, short: Any, expected: Any) -> None:
    """The document wins; what it does not say, the short arguments do; what is no document is left to validation."""
    arguments = {"protocol_type": "MCP", "semantic_search": False, **short}
    assert gateway.protocol_configuration(given, **arguments) == expected
