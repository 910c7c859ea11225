"""AWS Bedrock AgentCore Gateways under `pulumi up`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agentcore_provider import errors as errors
    from agentcore_provider.gateway_client.client import GatewayClient as GatewayClient
    from agentcore_provider.resources import credentials as credentials
    from agentcore_provider.resources import rate_limits as rate_limits
    from agentcore_provider.resources import routes as routes
    from agentcore_provider.resources import targets as targets
    from agentcore_provider.resources.api_key_credential_provider import (
        ApiKeyCredentialProvider as ApiKeyCredentialProvider,
    )
    from agentcore_provider.resources.authorizers import JwtAuthorizer as JwtAuthorizer
    from agentcore_provider.resources.aws_access import AssumeRole as AssumeRole
    from agentcore_provider.resources.certificate import S3Certificate as S3Certificate
    from agentcore_provider.resources.certificate import SecretsManagerCertificate as SecretsManagerCertificate
    from agentcore_provider.resources.configuration_bundle import ConfigurationBundle as ConfigurationBundle
    from agentcore_provider.resources.consent_portal import ConsentPortal as ConsentPortal
    from agentcore_provider.resources.domain_override import DomainOverride as DomainOverride
    from agentcore_provider.resources.ez_auth import EzAuth as EzAuth
    from agentcore_provider.resources.gateway import Gateway as Gateway
    from agentcore_provider.resources.gateway_domain import GatewayDomain as GatewayDomain
    from agentcore_provider.resources.gateway_observability import GatewayObservability as GatewayObservability
    from agentcore_provider.resources.gateway_rate_limit import GatewayRateLimit as GatewayRateLimit
    from agentcore_provider.resources.gateway_role import GatewayRole as GatewayRole
    from agentcore_provider.resources.gateway_rule import GatewayRule as GatewayRule
    from agentcore_provider.resources.gateway_target import GatewayTarget as GatewayTarget
    from agentcore_provider.resources.interceptor import Interceptor as Interceptor
    from agentcore_provider.resources.mcp_gateway import McpGateway as McpGateway
    from agentcore_provider.resources.oauth2_credential_provider import (
        OAuth2CredentialProvider as OAuth2CredentialProvider,
    )
    from agentcore_provider.resources.people import People as People
    from agentcore_provider.resources.policy import Policy as Policy
    from agentcore_provider.resources.policy_engine import PolicyEngine as PolicyEngine
    from agentcore_provider.resources.private_endpoint import ManagedVpcResource as ManagedVpcResource
    from agentcore_provider.resources.private_endpoint import PrivateEndpointOverride as PrivateEndpointOverride
    from agentcore_provider.resources.private_endpoint import SelfManagedLatticeResource as SelfManagedLatticeResource
    from agentcore_provider.resources.registry import Registry as Registry
    from agentcore_provider.resources.registry_record import RegistryRecord as RegistryRecord
    from agentcore_provider.resources.resource_policy import ResourcePolicy as ResourcePolicy
    from agentcore_provider.resources.token_vault_key import TokenVaultKey as TokenVaultKey
    from agentcore_provider.resources.workload_identity import WorkloadIdentity as WorkloadIdentity

__all__ = [
    "ApiKeyCredentialProvider",
    "AssumeRole",
    "ConfigurationBundle",
    "ConsentPortal",
    "DomainOverride",
    "EzAuth",
    "Gateway",
    "GatewayClient",
    "GatewayDomain",
    "GatewayObservability",
    "GatewayRateLimit",
    "GatewayRole",
    "GatewayRule",
    "GatewayTarget",
    "Interceptor",
    "JwtAuthorizer",
    "ManagedVpcResource",
    "McpGateway",
    "OAuth2CredentialProvider",
    "People",
    "Policy",
    "PolicyEngine",
    "PrivateEndpointOverride",
    "Registry",
    "RegistryRecord",
    "ResourcePolicy",
    "S3Certificate",
    "SecretsManagerCertificate",
    "SelfManagedLatticeResource",
    "TokenVaultKey",
    "WorkloadIdentity",
    "credentials",
    "errors",
    "rate_limits",
    "routes",
    "targets",
]

_ROOMS = {
    "ApiKeyCredentialProvider": "resources.api_key_credential_provider",
    "AssumeRole": "resources.aws_access",
    "DomainOverride": "resources.domain_override",
    "ConfigurationBundle": "resources.configuration_bundle",
    "ConsentPortal": "resources.consent_portal",
    "EzAuth": "resources.ez_auth",
    "Gateway": "resources.gateway",
    "GatewayClient": "gateway_client.client",
    "GatewayDomain": "resources.gateway_domain",
    "GatewayObservability": "resources.gateway_observability",
    "GatewayRateLimit": "resources.gateway_rate_limit",
    "GatewayRole": "resources.gateway_role",
    "GatewayRule": "resources.gateway_rule",
    "GatewayTarget": "resources.gateway_target",
    "Interceptor": "resources.interceptor",
    "JwtAuthorizer": "resources.authorizers",
    "ManagedVpcResource": "resources.private_endpoint",
    "McpGateway": "resources.mcp_gateway",
    "OAuth2CredentialProvider": "resources.oauth2_credential_provider",
    "People": "resources.people",
    "Policy": "resources.policy",
    "PolicyEngine": "resources.policy_engine",
    "PrivateEndpointOverride": "resources.private_endpoint",
    "Registry": "resources.registry",
    "RegistryRecord": "resources.registry_record",
    "ResourcePolicy": "resources.resource_policy",
    "TokenVaultKey": "resources.token_vault_key",
    "WorkloadIdentity": "resources.workload_identity",
    "S3Certificate": "resources.certificate",
    "SecretsManagerCertificate": "resources.certificate",
    "SelfManagedLatticeResource": "resources.private_endpoint",
}


def __getattr__(name: str) -> Any:
    # Imported on first use: the plugin process, the command and local AWS all come through here, and none of them
    # needs what a program declares.
    if name in ("credentials", "rate_limits", "routes", "targets"):
        return _imported(f"resources.{name}", name)
    if name == "errors":
        return import_module("agentcore_provider.errors")
    if name in _ROOMS:
        return getattr(_imported(_ROOMS[name], name), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _imported(room: str, name: str) -> Any:
    try:
        return import_module(f"agentcore_provider.{room}")
    except ModuleNotFoundError as error:
        if error.name not in ("pulumi", "pulumi_aws"):
            raise
        from agentcore_provider.installation import command

        # An environment for scripts alone needs none of it: pulumi-aws is two thirds of what is installed otherwise.
        raise ModuleNotFoundError(
            f"{name} needs {error.name}, which is not installed here: {command('pulumi', 'pulumi-aws')}",
            name=error.name,
        ) from None


def __dir__() -> list[str]:
    return __all__
