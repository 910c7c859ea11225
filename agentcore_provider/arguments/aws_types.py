"""Types of AWS's documents, from stubs that only type checkers read: a deployment does not depend on them.

Pulumi evaluates the annotations of a resource when it runs; for it each of these documents is a dict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = [
    "AuthorizationDataTypeDef",
    "AuthorizerConfigurationOutputTypeDef",
    "CertificateConfigurationTypeDef",
    "CredentialProviderConfigurationOutputTypeDef",
    "GatewayInterceptorConfigurationOutputTypeDef",
    "GatewayPolicyEngineConfigurationTypeDef",
    "GatewayProtocolConfigurationOutputTypeDef",
    "ManagedResourceDetailsTypeDef",
    "MetadataConfigurationOutputTypeDef",
    "Oauth2ProviderConfigOutputTypeDef",
    "PrivateEndpointOutputTypeDef",
    "TargetConfigurationOutputTypeDef",
    "WorkloadIdentityDetailsTypeDef",
]

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control.type_defs import (
        AuthorizationDataTypeDef,
        AuthorizerConfigurationOutputTypeDef,
        CertificateConfigurationTypeDef,
        CredentialProviderConfigurationOutputTypeDef,
        GatewayInterceptorConfigurationOutputTypeDef,
        GatewayPolicyEngineConfigurationTypeDef,
        GatewayProtocolConfigurationOutputTypeDef,
        ManagedResourceDetailsTypeDef,
        MetadataConfigurationOutputTypeDef,
        Oauth2ProviderConfigOutputTypeDef,
        PrivateEndpointOutputTypeDef,
        TargetConfigurationOutputTypeDef,
        WorkloadIdentityDetailsTypeDef,
    )
else:

    def __getattr__(name: str) -> Any:
        if not name.endswith("TypeDef"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return dict[str, Any]
