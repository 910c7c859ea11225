"""Tools of connectors have the names that AWS gave them."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.rules import gateway_target

ROLE = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]


def _found(connector: dict[str, Any]) -> list[tuple[str, str, str]]:
    document = {
        "name": "library",
        "targetConfiguration": {"mcp": {"connector": connector}},
        "credentialProviderConfigurations": ROLE,
    }
    return [(it.severity, it.path, it.fix) for it in gateway_target.validate(document)]


def test_a_tool_in_small_letters_is_told_with_its_name() -> None:
    """Where it is enabled and where it is configured; a warning, since AWS may have more tools one day."""
    place = "targetConfiguration.mcp.connector"
    found = _found(
        {
            "source": {"connectorId": "bedrock-knowledge-bases"},
            "enabled": ["retrieve"],
            "configurations": [{"name": "retrieve"}],
        }
    )
    assert found == [
        ("warning", f"{place}.enabled[0]", "Write Retrieve."),
        ("warning", f"{place}.configurations[0].name", "Write Retrieve."),
    ]


@pytest.mark.parametrize(
    ("connector", "tool"),
    [("bedrock-knowledge-bases", "AgenticRetrieveStream"), ("web-search", "WebSearch"), ("crm", "look_up")],
)
def test_known_tools_and_unknown_connectors_are_let_through(connector: str, tool: str) -> None:
    assert _found({"source": {"connectorId": connector}, "enabled": [tool]}) == []
