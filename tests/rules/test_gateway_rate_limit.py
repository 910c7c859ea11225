"""Names of targets and tools in the entries of a rate limit."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.rules.gateway_rate_limit import unknown_names

TOOLS = {"orders": ["refund", "find_orders"], "stock": None}


def warnings(**dimensions: Any) -> list[str]:
    return [str(it) for it in unknown_names([{"dimensions": dimensions}], TOOLS)]


@pytest.mark.parametrize(
    "dimensions",
    [
        {"targetName": "orders", "toolName": "orders___refund"},
        {"targetName": "*", "toolName": "*"},
        {"toolName": "stock___whatever"},
        {"toolName": "x_amz_bedrock_agentcore_search"},
        {"$.context.jwt.sub": "oders"},
    ],
)
def test_what_the_gateway_has_or_only_a_server_lists_is_accepted(dimensions: dict[str, str]) -> None:
    """Nor what names neither a target nor a tool."""
    assert warnings(**dimensions) == []


@pytest.mark.parametrize(
    ("dimensions", "report"),
    [
        ({"targetName": "oders"}, "targetName: the gateway has no target oders that is declared here: the entry never"),
        ({"targetName": "oders"}, "Did you mean orders?"),
        ({"targetName": "zzz"}, "Name one of its targets, such as orders, stock."),
        ({"toolName": "orders___find_order"}, "Did you mean orders___find_orders?"),
        ({"toolName": "oders___refund"}, "toolName: the gateway has no tool oders___refund"),
        ({"toolName": "stok___count"}, "Did you mean stock___count?"),
        ({"toolName": "zzz___zzz"}, "Name one of its tools, such as orders___refund, orders___find_orders."),
    ],
)
def test_a_name_that_the_gateway_does_not_have_is_a_warning(dimensions: dict[str, str], report: str) -> None:
    """With the one that was probably meant."""
    (found,) = warnings(**dimensions)
    assert report in found
    assert found.startswith("entries[0].dimensions.")


@pytest.mark.parametrize(
    "entries", [None, [], [None, {}, {"dimensions": None}, {"dimensions": {"targetName": 5}}], "x"]
)
def test_entries_of_another_form_are_ignored(entries: object) -> None:
    """The model's rules report them."""
    assert list(unknown_names(entries, TOOLS)) == []
