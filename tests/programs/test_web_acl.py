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


def guarded() -> None:
    import pulumi
    import pulumi_aws as aws

    from agentcore_provider import McpGateway, TokenVaultKey, targets

    visible = {"cloudwatch_metrics_enabled": False, "metric_name": "shop", "sampled_requests_enabled": False}
    acl = aws.wafv2.WebAcl(
        "shop",
        scope="REGIONAL",
        default_action={"block" if BLOCKS else "allow": {}},  # type: ignore[name-defined]  # noqa: F821
        visibility_config=visible,
        rules=[
            {
                "name": "few",
                "priority": 1,
                "action": {"block": {}},
                "statement": {"rate_based_statement": {"limit": 100, "aggregate_key_type": "IP"}},
                "visibility_config": visible,
            }
        ],
    )
    key = aws.kms.Key("vault", enable_key_rotation=True)
    vault = TokenVaultKey("vault", kms_key_arn=key.arn)
    gateway = McpGateway("shop", targets={"web": targets.WebSearch()}, authorizer="NONE", web_acl=acl)
    pulumi.export("acl", [acl.arn, gateway.gateway.web_acl_arn])
    pulumi.export("key", [key.arn, vault.kms_key_arn])


def test_a_web_acl_and_a_key_of_the_program(stack: Stack) -> None:
    """Created before what needs them, updated in place, without a change in a second up and a refresh, and deleted."""
    run_instead(stack, guarded, BLOCKS=False)
    stack.up()
    assert set(stack.up("--refresh").changes) == {"same"}
    for name in ("acl", "key"):
        one, other = stack.outputs()[name]
        assert one == other
    run_instead(stack, guarded, BLOCKS=True)
    assert stack.up().changes["update"] == 1
    (listed,) = stack.local_aws.client("wafv2").list_web_acls(Scope="REGIONAL")["WebACLs"]
    found = stack.local_aws.client("wafv2").get_web_acl(Name=listed["Name"], Scope="REGIONAL", Id=listed["Id"])
    assert found["WebACL"]["DefaultAction"] == {"Block": {}}
    stack.destroy()
    assert stack.local_aws.client("wafv2").list_web_acls(Scope="REGIONAL")["WebACLs"] == []
