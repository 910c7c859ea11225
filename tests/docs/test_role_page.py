"""docs/role.md says what the rules grant, for every kind of target and credential."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentcore_provider import target_kinds
from tests.docs import role_rows

PAGE = (Path(__file__).parents[2] / "docs" / "role.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("label", role_rows.ROWS)
def test_a_row_says_what_the_rules_grant(label: str) -> None:
    """Actions and sources are those of the code; copy the row that it makes."""
    assert role_rows.row(label) in PAGE


def test_every_kind_that_permissions_are_known_of_has_a_row() -> None:
    """Of connectors over HTTP none is known: the page says how that is reported."""
    shown = {kind.name for target, _, _ in role_rows.ROWS.values() if (kind := target_kinds.of(target))}
    reached_by_address = {"mcpServer", "openApiSchema", "passthrough", "provider"}
    assert target_kinds.BY_NAME.keys() - shown - reached_by_address == {"http.connector"}
    assert all(role_rows.needs(label).sources for label in role_rows.ROWS)
