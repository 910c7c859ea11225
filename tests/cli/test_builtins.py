"""`agentcore builtins`."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from agentcore_provider.cli.app import app
from agentcore_provider.schemas.builtins import catalogue


def test_the_command_lists_and_shows() -> None:
    """All in one table, one with operations, both as JSON."""

    def output(*arguments: str) -> str:
        return CliRunner().invoke(app, ["builtins", *arguments]).output

    assert "sap-business-partner" in output()
    assert "conversationsHistory" in output("slack")
    assert [one["name"] for one in json.loads(output("--json"))] == list(catalogue.names())
    assert json.loads(output("brave-search", "--json"))["credential"]["parameter_name"] == "X-Subscription-Token"
