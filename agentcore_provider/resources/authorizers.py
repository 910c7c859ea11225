"""Who may call a gateway: records that build AWS's authorizer documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pulumi

from agentcore_provider.resources import documents
from agentcore_provider.resources.certificate import Certificate
from agentcore_provider.resources.private_endpoint import PrivateEndpoint, PrivateEndpointOverride


@dataclass(frozen=True, kw_only=True)
class JwtAuthorizer:
    """The gateway accepts tokens of an OpenID Connect issuer.

    Example:
        ```python
        JwtAuthorizer(
            discovery_url="https://login.example.com/.well-known/openid-configuration", allowed_audience=["shop"]
        )
        ```

    https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-inbound-auth.html
    """

    discovery_url: pulumi.Input[str]
    """Address of the issuer's document; ends in /.well-known/openid-configuration or
    /.well-known/oauth-authorization-server. Changing it updates in place."""
    allowed_clients: Sequence[pulumi.Input[str]] | pulumi.Output[list[str]] | None = None
    """Client ids, of which the token's client_id must be one: what Cognito's access tokens carry. Updates in place."""
    allowed_audience: Sequence[pulumi.Input[str]] | pulumi.Output[list[str]] | None = None
    """Audiences, of which the token's aud must have one. Cognito's access tokens have none. Updates in place."""
    allowed_scopes: Sequence[pulumi.Input[str]] | pulumi.Output[list[str]] | None = None
    """Scopes, of which the token must have one; up to 255 characters each. Updates in place."""
    custom_claims: Sequence[Mapping[str, Any]] | None = None
    """Further claims to check, as AWS's documents. Updates in place."""
    advertised_scope_mapping: Mapping[str, pulumi.Input[str]] | None = None
    """Allowed scope to the scope that clients are to request, up to 50. Default: the same. Updates in place."""
    private_endpoint: PrivateEndpoint | None = None
    """How the issuer is reached through a VPC: a ManagedVpcResource, a SelfManagedLatticeResource or AWS's document. Default: the
    internet. Updates in place."""
    private_endpoint_overrides: Sequence[PrivateEndpointOverride | Mapping[str, Any]] | None = None
    """The same by domain, up to 5: a PrivateEndpointOverride each, or AWS's documents. Updates in place."""
    certificate_configurations: Certificate | Sequence[Certificate] | None = None
    """A certificate authority to trust at a private endpoint, 1 at most: an S3Certificate, a SecretsManagerCertificate, or AWS's
    documents. Updates in place."""
    allowed_workload_configuration: Mapping[str, Any] | None = None
    """Which workloads may call, as AWS's document: hostingEnvironments, workloadIdentities. Updates in place."""
    more: Mapping[str, Any] | None = None
    """Any other member of AWS's customJWTAuthorizer, by its AWS name. Updates in place."""

    def authorizer_configuration(self) -> dict[str, Any]:
        """AWS's document."""
        certificates = documents.of_list(self.certificate_configurations)
        named = documents.of_record(replace(self, certificate_configurations=certificates, more=None))
        members = {**named, **(self.more or {})}
        return {"customJWTAuthorizer": {name: value for name, value in members.items() if value is not None}}
