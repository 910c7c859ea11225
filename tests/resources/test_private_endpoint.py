"""Private endpoints, certificates and domains as records, beside AWS's own documents."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from agentcore_provider import (
    DomainOverride,
    Gateway,
    GatewayTarget,
    JwtAuthorizer,
    ManagedVpcResource,
    OAuth2CredentialProvider,
    PrivateEndpointOverride,
    S3Certificate,
    SecretsManagerCertificate,
    SelfManagedLatticeResource,
    targets,
)
from agentcore_provider.rules import service_model

ROLE = "arn:aws:iam::123456789012:role/shop"
ISSUER = "https://login.corp.example/.well-known/openid-configuration"
SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret:root-Ab12Cd"
RCFG = f"rcfg-{'0' * 17}"
VPC = ManagedVpcResource(
    vpc_identifier="vpc-0123456789abcdef0",
    subnet_ids=["subnet-0123456789abcdef0"],
    security_group_ids=["sg-0123456789abcdef0"],
    routing_domain="proxy.corp.example",
    tags={"team": "shop"},
)
VPC_DOCUMENT = {
    "managedVpcResource": {
        "vpcIdentifier": "vpc-0123456789abcdef0",
        "subnetIds": ["subnet-0123456789abcdef0"],
        "endpointIpAddressType": "IPV4",
        "securityGroupIds": ["sg-0123456789abcdef0"],
        "routingDomain": "proxy.corp.example",
        "tags": {"team": "shop"},
    }
}
LATTICE = {"selfManagedLatticeResource": {"resourceConfigurationIdentifier": RCFG}}
DOCUMENTS = [
    (VPC, "PrivateEndpoint", VPC_DOCUMENT),
    (SelfManagedLatticeResource(RCFG), "PrivateEndpoint", LATTICE),
    (
        PrivateEndpointOverride(domain="keys.corp.example", private_endpoint=SelfManagedLatticeResource(RCFG)),
        "PrivateEndpointOverride",
        {"domain": "keys.corp.example", "privateEndpoint": LATTICE},
    ),
    (
        S3Certificate("s3://corp/root.pem", "123456789012"),
        "CertificateConfiguration",
        {"s3": {"uri": "s3://corp/root.pem", "bucketOwnerAccountId": "123456789012"}},
    ),
    (SecretsManagerCertificate(SECRET), "CertificateConfiguration", {"secretsManager": {"secretArn": SECRET}}),
    (
        DomainOverride("tools.example.com", ["tools.example.org"]),
        "DomainOverride",
        {"defaultDomain": "tools.example.com", "alternateDomains": ["tools.example.org"]},
    ),
]


@pytest.mark.parametrize(("record", "shape", "document"), DOCUMENTS)
def test_a_record_builds_the_document(record: Any, shape: str, document: dict[str, Any]) -> None:
    """Every member that AWS's model of the structure has."""
    assert record.document() == document
    assert service_model.validate(document, shape) == []


def test_a_jwt_authorizer_takes_records(declare: Any) -> None:
    """Records and documents side by side; a single certificate need not be a list."""
    authorizer = JwtAuthorizer(
        discovery_url=ISSUER,
        allowed_audience=["shop"],
        private_endpoint=VPC,
        private_endpoint_overrides=[
            PrivateEndpointOverride(domain="a.example", private_endpoint=SelfManagedLatticeResource(RCFG)),
            {"domain": "b.example", "privateEndpoint": LATTICE},
        ],
        certificate_configurations=SecretsManagerCertificate(SECRET),
    )

    def program() -> Any:
        gateway = Gateway(
            "shop", role_arn=ROLE, authorizer=authorizer, domain_override=DomainOverride("tools.example.com")
        )
        return pulumi.Output.all(gateway.authorizer_configuration, gateway.domain_override)

    (gateway,) = declare(program).of("agentcore:Gateway").values()
    jwt = gateway["authorizer_configuration"]["customJWTAuthorizer"]
    assert jwt["privateEndpoint"] == VPC_DOCUMENT
    assert jwt["privateEndpointOverrides"] == [
        {"domain": "a.example", "privateEndpoint": LATTICE},
        {"domain": "b.example", "privateEndpoint": LATTICE},
    ]
    assert jwt["certificateConfigurations"] == [{"secretsManager": {"secretArn": SECRET}}]
    assert gateway["domain_override"] == {"defaultDomain": "tools.example.com"}


def test_a_target_and_a_credential_provider_take_records(declare: Any) -> None:
    """With values that are known only later, too."""

    def program() -> Any:
        OAuth2CredentialProvider(
            "corp",
            client_id="shop",
            client_secret="secret",
            discovery_url=ISSUER,
            private_endpoint=SelfManagedLatticeResource(pulumi.Output.from_input(RCFG)),
            private_endpoint_overrides=[PrivateEndpointOverride(domain="a.example", private_endpoint=VPC)],
            certificate_configurations=[S3Certificate("s3://corp/root.pem")],
        )
        return GatewayTarget(
            "crm",
            gateway_identifier="shop-0a1b2c3d4e",
            target=targets.McpServer("https://crm.corp.example/mcp"),
            private_endpoint=VPC,
            certificate_configurations=S3Certificate("s3://corp/root.pem"),
        ).private_endpoint

    declared = declare(program)
    (provider,) = declared.of("agentcore:OAuth2CredentialProvider").values()
    (target,) = declared.of("agentcore:GatewayTarget").values()
    custom = provider["oauth2_provider_config_input"]["value"]["customOauth2ProviderConfig"]
    assert custom["privateEndpoint"] == LATTICE
    assert custom["privateEndpointOverrides"] == [{"domain": "a.example", "privateEndpoint": VPC_DOCUMENT}]
    assert custom["certificateConfigurations"] == [{"s3": {"uri": "s3://corp/root.pem"}}]
    assert target["private_endpoint"] == VPC_DOCUMENT
    assert target["certificate_configurations"] == [{"s3": {"uri": "s3://corp/root.pem"}}]
