"""A schema that is given as a document where AWS takes its text."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from agentcore_provider.errors import InvalidInput
from agentcore_provider.rules import service_model
from agentcore_provider.schemas.inline_payload import as_text
from agentcore_provider.target_kinds import KINDS

PATHS = [kind.schema_path for kind in KINDS if kind.schema and kind.schema.format != "tool definitions"]
API = {"openapi": "3.0.3", "info": {"title": "Größe", "version": "1"}, "paths": {}}


def _at(place: tuple[str, ...], payload: Any) -> dict[str, Any]:
    document: dict[str, Any] = {"inlinePayload": payload}
    for key in reversed(place):
        document = {key: document}
    return document


@pytest.mark.parametrize("place", PATHS, ids=".".join)
def test_a_document_becomes_the_text_that_the_service_takes(place: tuple[str, ...]) -> None:
    """At every place where the model has text."""
    reported = [it.path for it in service_model.validate(_at(place, API), "TargetConfiguration")]
    assert ".".join((*place, "inlinePayload")) in reported
    turned = as_text(_at(place, API))
    payload = turned
    for key in (*place, "inlinePayload"):
        payload = payload[key]
    assert json.loads(payload) == API
    assert "Größe" in payload
    assert as_text(turned) == turned


def test_what_is_not_a_document_stays_for_the_rules_to_judge() -> None:
    tools = {"mcp": {"lambda": {"toolSchema": {"inlinePayload": [{"name": "ping"}]}}}}
    for same in (tools, {"mcp": {"openApiSchema": {"s3": {"uri": "s3://b/k"}}}}, _at(PATHS[0], 7), {"mcp": 7}, None):
        assert as_text(same) == same


def test_what_is_not_a_json_is_reported() -> None:
    with pytest.raises(InvalidInput, match="inlinePayload: is not JSON"):
        as_text(_at(PATHS[0], {"since": date(2025, 1, 31)}))
