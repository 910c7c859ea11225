"""A gateway is reported by id, ARN or MCP URL, in every partition and on local AWS; nothing else passes for one."""

from __future__ import annotations

import pytest

from agentcore_provider.errors import InvalidInput
from agentcore_provider.rules.gateway_address import GatewayAddress, parse

ID = "shop-0a1b2c3d4e"


@pytest.mark.parametrize(
    ("given", "region", "account"),
    [
        (ID, None, None),
        (f"arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/{ID}", "us-west-2", "123456789012"),
        (f"arn:aws-cn:bedrock-agentcore:cn-north-1:123456789012:gateway/{ID}", "cn-north-1", "123456789012"),
        (f"arn:aws-us-gov:bedrock-agentcore:us-gov-west-1:123456789012:gateway/{ID}", "us-gov-west-1", "123456789012"),
        (f"https://{ID}.gateway.bedrock-agentcore.us-west-2.amazonaws.com/mcp", "us-west-2", None),
        (f"https://{ID}.gateway.bedrock-agentcore.cn-north-1.amazonaws.com.cn/mcp", "cn-north-1", None),
        (f"https://{ID}.gateway.bedrock-agentcore.us-west-2.amazonaws.com", "us-west-2", None),
        (f"http://127.0.0.1:4599/gateways/{ID}/mcp", None, None),
        (f"http://localhost:4599/gateways/{ID}/mcp/", None, None),
        (f"http://127.0.0.1:4599/gateways/{ID}", None, None),
    ],
)
def test_every_way_to_tell_a_gateway_is_understood(given: str, region: str | None, account: str | None) -> None:
    assert parse(given) == GatewayAddress(ID, region, account)


def test_what_a_client_returned_reports_its_gateway() -> None:
    assert parse({"gatewayId": ID, "name": "shop"}) == GatewayAddress(ID)


@pytest.mark.parametrize(
    ("given", "report"),
    [
        ("shop", "'shop' is not a gateway. Give its id"),
        ("", "'' is not a gateway"),
        ("arn:aws:bedrock-agentcore:us-west-2:123456789012:memory/shop", "is not the ARN of a gateway"),
        ("arn:aws:iam::123456789012:role/shop", "is not the ARN of a gateway"),
        ("https://shop.example.com/mcp", "is not the MCP URL of a gateway"),
        (f"http://127.0.0.1:4599/{ID}/mcp", "is not the MCP URL of a gateway"),
        (f"http://127.0.0.1:4599/gateways/{ID}/targets/mcp", "is not the MCP URL of a gateway"),
        ("https://[shop/mcp", "is not the MCP URL of a gateway"),
    ],
)
def test_anything_else_is_refused_with_what_it_should_read(given: str, report: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(given)
    assert report in str(refused.value)
