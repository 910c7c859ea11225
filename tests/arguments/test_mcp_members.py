"""The short arguments of a gateway are members of AWS's document of the protocol."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.arguments import gateway
from agentcore_provider.rules import service_model

SHORT = {
    "instructions": "Sell",
    "supported_versions": ["2025-11-25"],
    "session_timeout": 900,
    "response_streaming": True,
}
MCP = {
    "instructions": "Sell",
    "supportedVersions": ["2025-11-25"],
    "sessionConfiguration": {"sessionTimeoutInSeconds": 900},
    "streamingConfiguration": {"enableResponseStreaming": True},
}


def _mcp(**arguments: Any) -> Any:
    return gateway.document({"semantic_search": False, **arguments}).get("protocolConfiguration", {}).get("mcp")


def test_short_arguments_build_the_document() -> None:
    """In the form that AWS's model has, and nothing for what is not set."""
    assert _mcp(**SHORT) == MCP
    assert service_model.validate({"mcp": MCP}, "GatewayProtocolConfiguration") == []
    assert _mcp() is None
    assert _mcp(response_streaming=False) == {"streamingConfiguration": {"enableResponseStreaming": False}}


def test_the_document_wins() -> None:
    """What AWS's own document sets is what is sent."""
    document = {"mcp": {"instructions": "Buy", "disableMcpListToolsPagination": True}}
    assert _mcp(**SHORT, protocol_configuration=document) == {**MCP, **document["mcp"]}


@pytest.mark.parametrize("beside", [{}, {"disableMcpListToolsPagination": True}])
def test_a_document_is_read_back_as_short_arguments(beside: dict[str, Any]) -> None:
    """What has no short argument stays a document."""
    assert gateway.mcp_members({**MCP, **beside}) == (SHORT, beside)


def test_a_structure_with_other_members_stays_a_document() -> None:
    """A short argument would lose them."""
    mcp = {"sessionConfiguration": {"sessionTimeoutInSeconds": 900, "new": 1}}
    assert gateway.mcp_members(mcp) == ({}, mcp)
