"""Which entry of a stack's file a gateway is meant by."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.cli.deploy.existing_gateway import is_for

ID = "shop-0123456789"


@pytest.mark.parametrize(
    "report",
    [
        ID,
        f"arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/{ID}",
        f"https://{ID}.gateway.bedrock-agentcore.us-west-2.amazonaws.com/mcp",
        f"http://127.0.0.1:4599/gateways/{ID}/mcp",
    ],
)
def test_an_entry_reports_its_gateway_by_id_arn_or_url(report: str) -> None:
    assert is_for({"gateway_id": report}, ID)
    assert not is_for({"gateway_id": report}, "shed-0123456789")


@pytest.mark.parametrize("entry", [None, "shop", {}, {"gateway_id": None}, {"gateway_id": "${env:GATEWAY}"}])
def test_what_reports_no_gateway_is_none(entry: Any) -> None:
    assert not is_for(entry, ID)
