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
    return [(it.severity, it.path, it.cure) for it in gateway_target.validate(document)]


def test_a_tool_in_small_letters_is_reported_with_its_name() -> None:
    """Where it is enabled and where it is configured; a warning, since AWS may have more tools one day."""
    place = "targetConfiguration.mcp.connector"
    found = _found(
        {
            "source": {"connectorId": "bedrock-knowledge-bases"},
            "enabled": ["retrieve"],
            "configurations": [{"name": "retrieve", "parameterValues": {}}],
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


def test_a_configuration_without_values_is_dropped() -> None:
    """The service drops it without a word: a warning; if no other is left the target is refused: an error."""
    place, cure = "targetConfiguration.mcp.connector", "Give it parameterValues, {} if none are fixed."
    bare, whole = {"name": "WebSearch"}, {"name": "WebSearch", "parameterValues": {}}
    connector = {"source": {"connectorId": "web-search"}}
    assert _found({**connector, "configurations": [whole]}) == []
    assert _found({**connector, "configurations": [whole, bare]}) == [("warning", f"{place}.configurations[1]", cure)]
    assert _found({**connector, "configurations": [bare]}) == [("error", f"{place}.configurations[0]", cure)]
