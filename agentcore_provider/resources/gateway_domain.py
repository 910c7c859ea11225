"""GatewayDomain: a domain of your own in front of a gateway.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-custom-domains.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources import aws_access
from agentcore_provider.resources import pulumi_aws as aws

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agentcore_provider.resources.gateway import Gateway
    from agentcore_provider.resources.mcp_gateway import McpGateway

_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.IGNORECASE)
# Of CloudFront's managed policies: nothing is cached, and the gateway gets all that the client sent but its Host.
_NO_CACHE = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
_ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
_METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
_SECONDS = 60  # the longest that CloudFront waits for an answer without another quota


class GatewayDomain(pulumi.ComponentResource):
    """A domain of yours in front of a gateway, as AWS documents it: a certificate, a distribution of CloudFront that passes
    requests on, and records in a hosted zone of Route 53.

    Pass the domain to the gateway too, as `domain_override`: it then names the domain where clients learn how to sign in. The
    gateway's own address stays open. CloudFront ends a request after 60 seconds without an answer.

    Example:
        ```python
        gateway = McpGateway("shop", targets={...}, domain_override=DomainOverride("tools.example.com"))
        domain = GatewayDomain("shop", gateway=gateway, domain_name="tools.example.com", zone_id="Z0123456789ABCDEFGHIJ")
        pulumi.export("mcp_url", domain.mcp_url)
        ```
    """

    mcp_url: pulumi.Output[str]
    """Address that MCP clients connect to, under the domain. Known at preview."""
    certificate_arn: pulumi.Output[str]
    """ARN of the certificate, which is in us-east-1 as CloudFront requires. Known once it is created."""
    distribution_id: pulumi.Output[str]
    """Id of the distribution. Known once it is created."""
    distribution_domain_name: pulumi.Output[str]
    """Domain that CloudFront gives the distribution. Known once it is created."""

    def __init__(
        self,
        resource_name: str,
        *,
        gateway: Gateway | McpGateway,
        domain_name: str,
        zone_id: pulumi.Input[str],
        tags: Mapping[str, pulumi.Input[str]] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """
        Args:
            resource_name: Logical name; all parts are called after it.
            gateway: The gateway, to whose account all of it goes. Another one updates in place.
            domain_name: The domain, in the hosted zone, up to 253 characters. Changing it replaces certificate and records.
            zone_id: Id of the public hosted zone that has the domain. Changing it replaces the records.
            tags: Tags of certificate and distribution, up to 50. Updates in place.
            opts: Pulumi's resource options.

        Raises:
            InvalidInput: What is passed is not a domain, or not a gateway of this package.
        """
        label = f'GatewayDomain "{resource_name}"'
        if not hasattr(gateway, "gateway_url") or not hasattr(gateway, "aws_access"):
            raise InvalidInput(
                f"is a {type(gateway).__name__}", "Pass a Gateway or an McpGateway", path="gateway", label=label
            )
        named: object = domain_name
        if isinstance(named, pulumi.Output):
            raise InvalidInput(
                "comes from another resource, and certificate and records are named after it",
                "Pass the domain as text, such as from pulumi.Config()",
                path="domain_name",
                label=label,
            )
        if not isinstance(domain_name, str) or len(domain_name) > 253 or not _DOMAIN.fullmatch(domain_name):
            raise InvalidInput(
                f"{domain_name!r} is not a domain",
                "Write one such as tools.example.com",
                path="domain_name",
                label=label,
            )
        access = aws_access.find(GatewayDomain, resource_name, opts, inherited=gateway.aws_access)
        super().__init__("agentcore:index:GatewayDomain", resource_name, None, access.component(opts))
        self.aws_access = access
        self._resource_name = resource_name
        certificate = aws.acm.Certificate(
            resource_name,
            domain_name=domain_name,
            validation_method="DNS",
            region="us-east-1",
            tags=tags,
            opts=access.child(self),
        )
        self.certificate_arn = certificate.arn
        distribution = aws.cloudfront.Distribution(
            resource_name,
            enabled=True,
            is_ipv6_enabled=True,
            comment=gateway.gateway_id,
            aliases=[domain_name],
            origins=gateway.gateway_url.apply(_origins),
            default_cache_behavior={
                "target_origin_id": "gateway",
                "viewer_protocol_policy": "https-only",
                "allowed_methods": _METHODS,
                "cached_methods": ["GET", "HEAD"],
                "cache_policy_id": _NO_CACHE,
                "origin_request_policy_id": _ALL_BUT_HOST,
            },
            restrictions={"geo_restriction": {"restriction_type": "none"}},
            viewer_certificate={
                "acm_certificate_arn": self._validated(certificate, zone_id),
                "ssl_support_method": "sni-only",
                "minimum_protocol_version": "TLSv1.2_2021",
            },
            tags=tags,
            opts=access.child(self),
        )
        for kind in ("A", "AAAA"):
            aws.route53.Record(
                f"{resource_name}-{kind.lower()}",
                zone_id=zone_id,
                name=domain_name,
                type=kind,
                aliases=[
                    {
                        "name": distribution.domain_name,
                        "zone_id": distribution.hosted_zone_id,
                        "evaluate_target_health": False,
                    }
                ],
                opts=access.child(self),
            )
        self.mcp_url = pulumi.Output.from_input(f"https://{domain_name}/mcp")
        self.distribution_id, self.distribution_domain_name = distribution.id, distribution.domain_name
        self.register_outputs(
            {
                "mcp_url": self.mcp_url,
                "certificate_arn": self.certificate_arn,
                "distribution_id": self.distribution_id,
                "distribution_domain_name": self.distribution_domain_name,
            }
        )

    def _validated(self, certificate: aws.acm.Certificate, zone_id: pulumi.Input[str]) -> pulumi.Output[str]:
        """The ARN of the certificate once ACM has issued it."""
        option = certificate.domain_validation_options.apply(lambda options: options[0])
        record = aws.route53.Record(
            f"{self._resource_name}-validation",
            zone_id=zone_id,
            name=option.apply(lambda it: it.resource_record_name or ""),
            type=option.apply(lambda it: it.resource_record_type or ""),
            records=[option.apply(lambda it: it.resource_record_value or "")],
            ttl=300,
            # ACM asks for the same record again when a certificate is replaced.
            allow_overwrite=True,
            opts=self.aws_access.child(self),
        )
        return aws.acm.CertificateValidation(
            self._resource_name,
            certificate_arn=certificate.arn,
            validation_record_fqdns=[record.fqdn],
            region="us-east-1",
            opts=self.aws_access.child(self),
        ).certificate_arn


def _origins(gateway_url: str) -> Sequence[aws.cloudfront.DistributionOriginArgsDict]:
    address = urlsplit(gateway_url)
    origin: aws.cloudfront.DistributionOriginArgsDict = {
        "origin_id": "gateway",
        "domain_name": address.hostname or "",
        "custom_origin_config": {
            "http_port": 80,
            "https_port": 443,
            "origin_protocol_policy": "https-only",
            "origin_ssl_protocols": ["TLSv1.2"],
            "origin_read_timeout": _SECONDS,
        },
    }
    if path := address.path.removesuffix("/mcp"):
        # Of local AWS, whose gateways share an address.
        origin["origin_path"] = path
    return [origin]
