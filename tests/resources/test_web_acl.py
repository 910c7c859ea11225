"""A web firewall in front of a gateway."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from agentcore_provider import Gateway, McpGateway, targets
from agentcore_provider.errors import InvalidInput

ROLE = "arn:aws:iam::123456789012:role/gateways/own"
ACL = "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/shop/0a1b2c3d"


def _gateway(**arguments: Any) -> Gateway:
    return Gateway("shop", role_arn=ROLE, authorizer="NONE", **arguments)


def test_a_web_acl_is_associated_with_the_gateway(declare: Any) -> None:
    """By its ARN, now or later, or as the resource itself."""

    def program() -> Any:
        gateway = _gateway()
        gateway.associate_web_acl(ACL)
        gateway.associate_web_acl(pulumi.Output.from_input(ACL), resource_name="later")
        acl = aws.wafv2.WebAcl("own", scope="REGIONAL", default_action={"allow": {}}, visibility_config={})  # type: ignore[typeddict-item]
        gateway.associate_web_acl(acl, resource_name="own")
        return acl.arn

    found = declare(program).of(":WebAclAssociation")
    assert found.keys() == {"shop", "later", "own"}
    assert found["shop"]["webAclArn"] == found["later"]["webAclArn"] == ACL
    assert found["shop"]["resourceArn"].startswith("arn:aws:bedrock-agentcore:")


def test_an_mcp_gateway_has_one(declare: Any) -> None:
    declared = declare(lambda: McpGateway("shop", targets={"web": targets.WebSearch()}, web_acl=ACL).gateway_id)
    assert declared.of(":WebAclAssociation")["shop"]["webAclArn"] == ACL


@pytest.mark.parametrize(
    ("acl", "report"),
    [
        ("shop", r"web_acl: 'shop' is not the ARN of a web ACL\. Pass it whole"),
        (ACL.replace("regional", "global"), r"has the scope CLOUDFRONT\. Use one with the scope REGIONAL"),
        (ACL.replace("eu-central-1", "us-east-1"), r"is in us-east-1, and the gateway in eu-central-1"),
        (7, r"web_acl: is a int\. Pass an aws\.wafv2\.WebAcl or its ARN"),
    ],
)
def test_another_value_is_reported(declare: Any, acl: Any, report: str) -> None:
    """At once, with the cure."""
    with pytest.raises(InvalidInput, match=report):
        declare(lambda: _gateway(region="eu-central-1").associate_web_acl(acl).id)
