"""Private endpoints: how a gateway reaches a server in a VPC, be it a target, an issuer or an authorization server.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/vpc-egress-private-endpoints.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pulumi

from agentcore_provider.resources import documents


@dataclass(frozen=True, kw_only=True)
class ManagedVpcResource:
    """AWS makes the connection: a VPC Lattice resource gateway in your VPC.

    Example:
        ```python
        ManagedVpcResource(vpc_identifier="vpc-0123456789abcdef0", subnet_ids=["subnet-0123456789abcdef0"])
        ```
    """

    vpc_identifier: pulumi.Input[str]
    """Id of the VPC. Updates in place."""
    subnet_ids: Sequence[pulumi.Input[str]] | pulumi.Output[Sequence[str]]
    """Ids of its subnets that the resource gateway is placed in. Updates in place."""
    endpoint_ip_address_type: Literal["IPV4", "IPV6"] = "IPV4"
    """Kind of IP addresses. Default: IPV4. Updates in place."""
    security_group_ids: Sequence[pulumi.Input[str]] | pulumi.Output[Sequence[str]] | None = None
    """Security groups of the resource gateway, up to 5; they have to allow the way out. Default: the VPC's own. Updates in
    place."""
    routing_domain: pulumi.Input[str] | None = None
    """Domain of a load balancer or VPC endpoint that requests are sent to in place of the server's, 3 to 255 characters.
    Default: the server's. Updates in place."""
    tags: Mapping[str, pulumi.Input[str]] | None = None
    """Tags of the resource gateway, up to 50. Updates in place."""

    def document(self) -> dict[str, object]:
        """AWS's privateEndpoint."""
        return {"managedVpcResource": documents.of_record(self)}


@dataclass(frozen=True)
class SelfManagedLatticeResource:
    """You made the connection: a resource configuration of VPC Lattice.

    Example:
        `SelfManagedLatticeResource("rcfg-0123456789abcdef0")`
    """

    resource_configuration_identifier: pulumi.Input[str]
    """Id or ARN of the resource configuration. Updates in place."""

    def document(self) -> dict[str, object]:
        """AWS's privateEndpoint."""
        return {"selfManagedLatticeResource": documents.of_record(self)}


PrivateEndpoint = ManagedVpcResource | SelfManagedLatticeResource | Mapping[str, Any]
"""A record, or AWS's document of a private endpoint."""


@dataclass(frozen=True, kw_only=True)
class PrivateEndpointOverride:
    """The private endpoint for one domain, such as that of an issuer's keys.

    Example:
        ```python
        PrivateEndpointOverride(domain="keys.corp.example", private_endpoint=SelfManagedLatticeResource("rcfg-0123456789abcdef0"))
        ```
    """

    domain: pulumi.Input[str]
    """The domain, 1 to 253 characters. Updates in place."""
    private_endpoint: PrivateEndpoint
    """Its private endpoint. Updates in place."""

    def document(self) -> dict[str, object]:
        """AWS's document."""
        return documents.of_record(self)
