"""A domain of one's own in front of a gateway."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from agentcore_provider import DomainOverride, Gateway, GatewayDomain, McpGateway, targets
from agentcore_provider.errors import InvalidInput

ROLE = "arn:aws:iam::123456789012:role/own"
ZONE = "Z0123456789ABCDEFGHIJ"


def _domain(**arguments: Any) -> GatewayDomain:
    gateway = Gateway("shop", role_arn=ROLE, authorizer="NONE")
    usual = {"gateway": gateway, "domain_name": "tools.example.com", "zone_id": ZONE}
    return GatewayDomain("tools", **{**usual, **arguments})


def test_requests_pass_through_a_distribution(declare: Any) -> None:
    """Everything that AWS documents: certificate, its validation, distribution, records; nothing is cached."""
    declared = declare(lambda: _domain(tags={"team": "a"}).mcp_url)
    assert declared.result == "https://tools.example.com/mcp"
    [certificate] = declared.of(":Certificate").values()
    assert (certificate["region"], certificate["validationMethod"]) == ("us-east-1", "DNS")
    [validation] = declared.of(":CertificateValidation").values()
    assert validation["region"] == "us-east-1"
    [distribution] = declared.of(":Distribution").values()
    assert distribution["aliases"] == ["tools.example.com"]
    [origin] = distribution["origins"]
    assert origin["domainName"] == "shop-1234567-0123456789.example.com"
    assert "originPath" not in origin
    assert origin["customOriginConfig"]["originProtocolPolicy"] == "https-only"
    behavior = distribution["defaultCacheBehavior"]
    assert behavior["cachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert "POST" in behavior["allowedMethods"]
    records = declared.of(":Record")
    assert {name: it["type"] for name, it in records.items()} == {
        "tools-validation": "CNAME",
        "tools-a": "A",
        "tools-aaaa": "AAAA",
    }
    assert {it["zoneId"] for it in records.values()} == {ZONE}
    assert certificate["tags"] == distribution["tags"] == {"team": "a"}


def test_an_mcp_gateway_may_have_one(declare: Any) -> None:
    """The gateway names the domain to its clients, unless the program says otherwise."""

    def program(**arguments: Any) -> Any:
        domain = {"domain_name": "tools.example.com", "zone_id": ZONE}
        return McpGateway("shop", targets={"web": targets.WebSearch()}, domain=domain, **arguments).gateway_id

    declared = declare(program)
    assert len(declared.of(":Distribution")) == 1
    assert declared.of("agentcore:Gateway")["shop"]["domain_override"] == {"defaultDomain": "tools.example.com"}
    other = declare(lambda: program(domain_override=DomainOverride("example.org")))
    assert other.of("agentcore:Gateway")["shop"]["domain_override"] == {"defaultDomain": "example.org"}


@pytest.mark.parametrize("domain", ["tools.example.com", {"domain_name": "tools.example.com"}, {"name": "a.example"}])
def test_a_wrong_domain_of_an_mcp_gateway_is_reported(declare: Any, domain: Any) -> None:
    with pytest.raises(InvalidInput, match=r'McpGateway "shop": domain: is not a dict .* Give domain_name and zone_id'):
        declare(lambda: McpGateway("shop", targets={"web": targets.WebSearch()}, domain=domain))


@pytest.mark.parametrize(
    ("arguments", "report"),
    [
        ({"domain_name": "https://tools.example.com"}, r"domain_name: 'https://tools\.example\.com' is not a domain"),
        ({"domain_name": "tools"}, r"domain_name: 'tools' is not a domain\. Write one such as tools\.example\.com"),
        ({"domain_name": f"{'a.' * 130}com"}, r"is not a domain"),
        ({"domain_name": None}, r"domain_name: None is not a domain"),
        ({"domain_name": pulumi.Output.from_input("a.example")}, r"domain_name: comes from another resource"),
        ({"gateway": "shop"}, r"gateway: is a str\. Pass a Gateway or an McpGateway"),
    ],
)
def test_a_wrong_argument_is_reported(declare: Any, arguments: dict[str, Any], report: str) -> None:
    with pytest.raises(InvalidInput, match=report):
        declare(lambda: _domain(**arguments))
