"""AWS's document of a gateway, from arguments."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.arguments import gateway
from agentcore_provider.rules.unknown import UNKNOWN


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
    """The document wins; what it does not say, the short arguments do; what is not a document is left to validation."""
    beside = dict(short)
    protocol, search = beside.pop("protocol_type", "MCP"), beside.pop("semantic_search", False)
    assert gateway.with_mcp(given, protocol, search, beside) == expected


def test_the_document_has_what_the_arguments_set() -> None:
    """Absent arguments are absent members; `more` adds members by either name."""
    arguments = {"role_arn": "arn", "description": None, "semantic_search": False, "more": {"fooBar": 1, "baz_qux": 2}}
    assert gateway.document(arguments) == {"roleArn": "arn", "protocolType": "MCP", "fooBar": 1, "bazQux": 2}


def test_a_search_that_is_not_known_yet_is_left_out() -> None:
    """Validation does not depend on it."""
    assert gateway.document({"semantic_search": UNKNOWN}) == {"protocolType": "MCP"}
