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


class TestWebSearch:
    """The domains that a web search is limited to."""

    PLACE = "targetConfiguration.mcp.connector.configurations[0].parameterValues.domainFilter"

    def _found(self, domains: dict[str, Any], version: str | None = None) -> list[tuple[str, str, str]]:
        source = {"connectorId": "web-search", **({"version": version} if version else {})}
        tool = {"name": "WebSearch", "parameterValues": {"domainFilter": domains}}
        return _found({"source": source, "configurations": [tool]})

    @pytest.mark.parametrize("version", ["1.2.0", "1.10.0", "2.0.0"])
    def test_domains_are_accepted(self, version: str) -> None:
        """Up to 100 of each, from the version that knows both lists."""
        domains = [f"shop{number}.example.com" for number in range(100)]
        assert self._found({"include": domains, "exclude": ["example.org"]}, version) == []

    @pytest.mark.parametrize("version", [None, "1.1.9", "0.9.0"])
    def test_domains_to_include_need_a_version(self, version: str | None) -> None:
        """The default version rejects them; domains to exclude it accepts."""
        assert self._found({"exclude": ["example.org"]}, version) == []
        found = self._found({"include": ["example.org"]}, version)
        assert found == [("error", f"{self.PLACE}.include", "Set the version to 1.2.0.")]

    @pytest.mark.parametrize(("count", "cure"), [(0, "Remove the list"), (101, "List 1 to 100 domains.")])
    def test_the_number_of_domains_is_limited(self, count: int, cure: str) -> None:
        [(severity, path, found)] = self._found({"exclude": ["example.org"] * count})
        assert (severity, path) == ("error", f"{self.PLACE}.exclude")
        assert found.startswith(cure)

    @pytest.mark.parametrize("domains", ["example.org", 5, [None], [3]])
    def test_domains_are_a_list_of_texts(self, domains: Any) -> None:
        """A text alone would be ignored, and every domain searched."""
        [(severity, path, _)] = self._found({"exclude": domains})
        assert severity == "error"
        assert path.startswith(f"{self.PLACE}.exclude")

    @pytest.mark.parametrize("text", ["https://example.org", "example.org/news", "localhost", "*.example.org", ""])
    def test_what_is_not_a_domain_is_reported(self, text: str) -> None:
        expected = [("warning", f"{self.PLACE}.exclude[1]", "Write it as example.com.")]
        assert self._found({"exclude": ["example.org", text]}) == expected


@pytest.mark.parametrize("wrong", [None, 7, "", True, []])
def test_an_id_that_is_not_a_text_is_an_error(wrong: Any) -> None:
    """Agents could search every knowledge base."""
    tool = {"name": "Retrieve", "parameterValues": {"knowledgeBaseId": wrong}}
    problems = _found({"source": {"connectorId": "bedrock-knowledge-bases"}, "configurations": [tool]})
    assert [it[0] for it in problems] == ["error"]


@pytest.mark.parametrize("wrong", ["KB", "ABCDEFGHIJK", "ABCDE-GHIJ"])
def test_an_id_that_no_knowledge_base_has_is_reported(wrong: str) -> None:
    """At any depth, as each tool has it elsewhere; an ARN is accepted."""
    arn = "arn:aws:bedrock:us-west-2:123456789012:knowledge-base/ABCDEFGHIJ"
    for found, expected in ((wrong, 1), ("ABCDEFGHIJ", 0), (arn, 0)):
        agentic = {"retrievers": [{"configuration": {"knowledgeBase": {"knowledgeBaseId": found}}}]}
        for name, values in (("Retrieve", {"knowledgeBaseId": found}), ("AgenticRetrieveStream", agentic)):
            tool = {"name": name, "parameterValues": values}
            problems = _found({"source": {"connectorId": "bedrock-knowledge-bases"}, "configurations": [tool]})
            assert [it[0] for it in problems] == ["warning"] * expected
