"""A domain in front of a gateway, deployed."""

from __future__ import annotations

from tests.programs.test_identity import run_instead
from tests.support.stack import Stack


def shop() -> None:
    import pulumi

    from agentcore_provider import DomainOverride, GatewayDomain, McpGateway, targets

    domain = "tools.example.com"
    gateway = McpGateway(
        "shop", targets={"web": targets.WebSearch()}, authorizer="NONE", domain_override=DomainOverride(domain)
    )
    if ZONE:  # type: ignore[name-defined]  # noqa: F821
        found = GatewayDomain("shop", gateway=gateway, domain_name=domain, zone_id=ZONE)  # type: ignore[name-defined]  # noqa: F821
        pulumi.export("domain", found.distribution_domain_name)


def test_a_domain_comes_and_goes_with_the_program(stack: Stack) -> None:
    """Certificate in us-east-1, distribution and records; a second deployment changes nothing, and nothing is left."""
    dns, cloudfront = stack.local_aws.client("route53"), stack.local_aws.client("cloudfront")
    zone = dns.create_hosted_zone(Name="example.com", CallerReference="domain")["HostedZone"]["Id"].rpartition("/")[2]
    run_instead(stack, shop, ZONE=zone)
    stack.preview()
    stack.up()
    records = {
        (it["Name"], it["Type"]): it for it in dns.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    }
    for kind in ("A", "AAAA"):
        target = records["tools.example.com.", kind]["AliasTarget"]["DNSName"]
        assert target.rstrip(".") == stack.outputs()["domain"]
    [distribution] = cloudfront.list_distributions()["DistributionList"]["Items"]
    assert distribution["Aliases"]["Items"] == ["tools.example.com"]
    arn = distribution["ViewerCertificate"]["ACMCertificateArn"]
    assert arn.split(":")[3] == "us-east-1"
    assert set(stack.up("--refresh").changes) == {"same"}

    run_instead(stack, shop, ZONE=None)
    assert stack.up().changes["delete"] == 7
    assert cloudfront.list_distributions()["DistributionList"].get("Items", []) == []
    kinds = {it["Type"] for it in dns.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]}
    assert kinds == {"NS", "SOA"}
