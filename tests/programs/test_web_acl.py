"""A gateway behind a web firewall, deployed."""

from __future__ import annotations

import json
from typing import Any

from tests.programs.test_identity import run_instead
from tests.support.stack import Stack


def shop() -> None:
    import pulumi

    from agentcore_provider import DomainOverride, McpGateway, targets

    gateway = McpGateway(
        "shop",
        targets={"web": targets.WebSearch()},
        authorizer="NONE",
        web_acl=ACL,  # type: ignore[name-defined]  # noqa: F821
        domain_override=DomainOverride("tools.example.com"),
    )
    pulumi.export("id", gateway.gateway_id)
    pulumi.export("acl", gateway.gateway.web_acl_arn)


def test_the_web_acl_follows_the_program(stack: Stack) -> None:
    """Associated, found by a refresh, replaced by another one, and removed again."""
    waf = stack.local_aws.client("wafv2")
    control = stack.local_aws.client("bedrock-agentcore-control")
    one, other = (_acl(waf, name) for name in ("shop-one", "shop-other"))
    run_instead(stack, shop, ACL=one)
    stack.up()
    gateway_id = stack.outputs()["id"]
    assert control.get_gateway(gatewayIdentifier=gateway_id)["webAclArn"] == one
    assert set(stack.up("--refresh").changes) == {"same"}
    assert stack.outputs()["acl"] == one
    shown = json.loads(stack.agentcore("show", "--json"))
    assert (shown["web_acl_arn"], shown["domains"]) == (one, ["tools.example.com"])
    assert "tools.example.com" in stack.agentcore("show")

    run_instead(stack, shop, ACL=other)
    assert stack.up().changes["replace"] == 1
    assert control.get_gateway(gatewayIdentifier=gateway_id)["webAclArn"] == other

    run_instead(stack, shop, ACL=None)
    assert stack.up().changes["delete"] == 1
    assert "webAclArn" not in control.get_gateway(gatewayIdentifier=gateway_id)


def _acl(waf: Any, name: str) -> str:
    visibility = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": name}
    made = waf.create_web_acl(Name=name, Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=visibility)
    return str(made["Summary"]["ARN"])
