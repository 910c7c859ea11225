"""The web firewall in front of a gateway: the association of a web ACL of AWS WAF.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-waf.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources import pulumi_aws as aws

if TYPE_CHECKING:
    from agentcore_provider.resources.gateway import Gateway

_ARN = re.compile(r"arn:[^:]+:wafv2:(?P<region>[^:]*):[0-9]{12}:(?P<scope>regional|global)/webacl/.+")


def associate(
    gateway: Gateway,
    web_acl: aws.wafv2.WebAcl | pulumi.Input[str],
    *,
    resource_name: str | None,
    opts: pulumi.ResourceOptions | None,
) -> aws.wafv2.WebAclAssociation:
    """Put a web ACL in front of a gateway. The arguments are those of `Gateway.associate_web_acl`. Raises InvalidInput."""
    label = f'Gateway "{gateway.pulumi_resource_name}".associate_web_acl'
    if isinstance(web_acl, str):
        region = gateway.aws_access.expected_region
        _check(web_acl, region if isinstance(region, str) else None, label)
        arn: pulumi.Input[str] = web_acl
    elif isinstance(web_acl, pulumi.Output):
        arn = pulumi.Output.all(web_acl, gateway.gateway_arn).apply(
            lambda known: _check(known[0], str(known[1]).split(":")[3], label)
        )
    elif hasattr(web_acl, "arn"):
        arn = web_acl.arn
    else:
        raise InvalidInput(
            f"is a {type(web_acl).__name__}", "Pass an aws.wafv2.WebAcl or its ARN", path="web_acl", label=label
        )
    # Deleting an association takes away whatever web ACL the gateway then has, also one that replaced it.
    own = gateway.aws_access.beside(pulumi.ResourceOptions(parent=gateway))
    own.delete_before_replace = True
    return aws.wafv2.WebAclAssociation(
        resource_name or gateway.pulumi_resource_name,
        resource_arn=gateway.gateway_arn,
        web_acl_arn=arn,
        opts=pulumi.ResourceOptions.merge(own, opts),
        **gateway.aws_access.arguments,
    )


def _check(arn: str, region: str | None, label: str) -> str:
    """The ARN. Raises InvalidInput for what cannot be in front of a gateway of the Region."""
    found = _ARN.fullmatch(arn)
    if found is None:
        raise InvalidInput(f"{arn!r} is not the ARN of a web ACL", "Pass it whole", path="web_acl", label=label)
    if found["scope"] == "global":
        raise InvalidInput(
            f"{arn} has the scope CLOUDFRONT", "Use one with the scope REGIONAL", path="web_acl", label=label
        )
    if region and found["region"] != region:
        raise InvalidInput(
            f"{arn} is in {found['region']}, and the gateway in {region}",
            "Use a web ACL of the gateway's Region",
            path="web_acl",
            label=label,
        )
    return arn
