"""The AWS documents that records hold, as types: the service model's shapes, with what the stubs do not have yet."""

# ruff: noqa: N815 (AWS names its members in mixed case)
from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control import type_defs
    from typing_extensions import NotRequired, TypedDict

    class JwtAuthorizer(type_defs.CustomJWTAuthorizerConfigurationOutputTypeDef):
        """customJWTAuthorizer."""

        certificateConfigurations: NotRequired[list[type_defs.CertificateConfigurationTypeDef]]

    class InterceptorConfiguration(type_defs.GatewayInterceptorConfigurationOutputTypeDef):
        """A member of interceptorConfigurations."""

        responseInterceptionMode: NotRequired[str]
        responseStreamingConfiguration: NotRequired[dict[str, object]]

    class DomainOverride(TypedDict):
        """domainOverride; `default` is the wire name of defaultDomain."""

        default: NotRequired[str]
        alternateDomains: NotRequired[list[str]]

    class GatewayDocument(TypedDict):
        """The members of CreateGateway that describe the gateway."""

        name: str
        roleArn: str
        authorizerType: str
        description: NotRequired[str]
        protocolType: NotRequired[str]
        protocolConfiguration: NotRequired[type_defs.GatewayProtocolConfigurationOutputTypeDef]
        authorizerConfiguration: NotRequired[type_defs.AuthorizerConfigurationOutputTypeDef]
        kmsKeyArn: NotRequired[str]
        interceptorConfigurations: NotRequired[list[InterceptorConfiguration]]
        policyEngineConfiguration: NotRequired[type_defs.GatewayPolicyEngineConfigurationTypeDef]
        exceptionLevel: NotRequired[str]
        domainOverride: NotRequired[DomainOverride]

    class CreateGateway(GatewayDocument):
        """The input of CreateGateway."""

        clientToken: NotRequired[str]
        tags: NotRequired[dict[str, str]]

    class UpdateGateway(GatewayDocument):
        """The input of UpdateGateway."""

        gatewayIdentifier: str

    class TargetDocument(TypedDict):
        """The members of CreateGatewayTarget that describe the target."""

        targetConfiguration: type_defs.TargetConfigurationOutputTypeDef
        description: NotRequired[str]
        credentialProviderConfigurations: NotRequired[list[type_defs.CredentialProviderConfigurationOutputTypeDef]]
        metadataConfiguration: NotRequired[type_defs.MetadataConfigurationOutputTypeDef]

    class CreateTarget(TargetDocument):
        """The input of CreateGatewayTarget."""

        gatewayIdentifier: str
        name: NotRequired[str]
        clientToken: NotRequired[str]

    class UpdateTarget(TargetDocument):
        """The input of UpdateGatewayTarget."""

        gatewayIdentifier: str
        targetId: str
        name: NotRequired[str]

    class RuleDocument(TypedDict):
        """The members of CreateGatewayRule that describe the rule."""

        priority: int
        actions: list[dict[str, Any]]
        conditions: NotRequired[list[dict[str, Any]]]
        description: NotRequired[str]

    class CreateRule(RuleDocument):
        """The input of CreateGatewayRule."""

        gatewayIdentifier: str
        clientToken: NotRequired[str]

    class UpdateRule(TypedDict):
        """The input of UpdateGatewayRule: what is left out stays as it is."""

        gatewayIdentifier: str
        ruleId: str
        priority: NotRequired[int]
        actions: NotRequired[list[dict[str, Any]]]
        conditions: NotRequired[list[dict[str, Any]]]
        description: NotRequired[str]

    class PolicyEngineDocument(TypedDict):
        """The members of CreatePolicyEngine that describe the engine."""

        name: str
        description: NotRequired[str]
        encryptionKeyArn: NotRequired[str]

    class CreatePolicyEngine(PolicyEngineDocument):
        """The input of CreatePolicyEngine."""

        clientToken: NotRequired[str]
        tags: NotRequired[dict[str, str]]

    class OptionalText(TypedDict):
        """A description in an update: without `optionalValue` it is cleared."""

        optionalValue: NotRequired[str]

    class UpdatePolicyEngine(TypedDict):
        """The input of UpdatePolicyEngine."""

        policyEngineId: str
        description: NotRequired[OptionalText]

    class PolicyDocument(TypedDict):
        """The members of CreatePolicy that describe the policy."""

        name: str
        definition: dict[str, dict[str, str]]
        description: NotRequired[str]
        enforcementMode: NotRequired[str]

    class CreatePolicy(PolicyDocument):
        """The input of CreatePolicy."""

        policyEngineId: str
        validationMode: NotRequired[str]
        clientToken: NotRequired[str]

    class UpdatePolicy(TypedDict):
        """The input of UpdatePolicy: what is left out stays as it is."""

        policyEngineId: str
        policyId: str
        description: NotRequired[OptionalText]
        definition: NotRequired[dict[str, dict[str, str]]]
        validationMode: NotRequired[str]
        enforcementMode: NotRequired[str]

    class CreateBundle(TypedDict):
        """The input of CreateConfigurationBundle."""

        bundleName: str
        components: dict[str, dict[str, Any]]
        description: NotRequired[str]
        branchName: NotRequired[str]
        commitMessage: NotRequired[str]
        createdBy: NotRequired[dict[str, str]]
        kmsKeyArn: NotRequired[str]
        tags: NotRequired[dict[str, str]]
        clientToken: NotRequired[str]

    class UpdateBundle(TypedDict):
        """The input of UpdateConfigurationBundle."""

        bundleId: str
        parentVersionIds: list[str]
        commitMessage: str
        bundleName: NotRequired[str]
        components: NotRequired[dict[str, dict[str, Any]]]
        description: NotRequired[str]
        branchName: NotRequired[str]
        createdBy: NotRequired[dict[str, str]]
        kmsKeyArn: NotRequired[str]
        clientToken: NotRequired[str]

    class StartGeneration(TypedDict):
        """The input of StartPolicyGeneration."""

        policyEngineId: str
        name: str
        resource: dict[str, str]
        content: dict[str, str]
        clientToken: NotRequired[str]

    class RateLimitDocument(TypedDict):
        """The members of CreateGatewayRateLimit that describe the limit."""

        dimensionKeys: list[str]
        entries: list[dict[str, Any]]
        description: NotRequired[str]

    class PutRateLimit(RateLimitDocument):
        """One limit of BatchPutGatewayRateLimits."""

        rateLimitId: NotRequired[str]

    class CreateRateLimit(PutRateLimit):
        """The input of CreateGatewayRateLimit."""

        gatewayIdentifier: str
        clientToken: NotRequired[str]

    class BatchPutRateLimits(TypedDict):
        """The input of BatchPutGatewayRateLimits."""

        gatewayIdentifier: str
        rateLimits: list[PutRateLimit]
        clientToken: NotRequired[str]

    class UpdateRateLimit(TypedDict):
        """The input of UpdateGatewayRateLimit: a description that is left out stays as it is."""

        gatewayIdentifier: str
        rateLimitId: str
        entries: list[dict[str, Any]]
        description: NotRequired[str]

    class OAuthClientConfig(TypedDict):
        """A vendor's part of oauth2ProviderConfigInput; which members it has depends on the vendor."""

        clientId: NotRequired[str]
        clientSecret: NotRequired[str]
        clientSecretConfig: NotRequired[type_defs.SecretReferenceTypeDef]
        clientSecretSource: NotRequired[str]
        oauthDiscovery: NotRequired[OAuthDiscovery]
        issuer: NotRequired[str]
        tenantId: NotRequired[str]
        authorizationEndpoint: NotRequired[str]
        tokenEndpoint: NotRequired[str]
        clientAuthenticationMethod: NotRequired[str]
        privateKeyJwtConfig: NotRequired[dict[str, object]]
        onBehalfOfTokenExchangeConfig: NotRequired[OnBehalfOfTokenExchange]

    class OAuthDiscovery(TypedDict):
        """oauthDiscovery: one of both members."""

        discoveryUrl: NotRequired[str]
        authorizationServerMetadata: NotRequired[AuthorizationServerMetadata]

    class AuthorizationServerMetadata(TypedDict):
        """authorizationServerMetadata."""

        issuer: NotRequired[str]
        authorizationEndpoint: NotRequired[str]
        tokenEndpoint: NotRequired[str]
        tokenEndpointAuthMethods: NotRequired[list[str]]

    class TokenExchangeGrant(TypedDict):
        """tokenExchangeGrantTypeConfig."""

        actorTokenContent: NotRequired[str]

    class OnBehalfOfTokenExchange(TypedDict):
        """onBehalfOfTokenExchangeConfig."""

        grantType: NotRequired[str]
        tokenExchangeGrantTypeConfig: NotRequired[TokenExchangeGrant]

    class CreateOAuthProvider(TypedDict):
        """The input of CreateOauth2CredentialProvider and UpdateOauth2CredentialProvider."""

        name: str
        credentialProviderVendor: str
        oauth2ProviderConfigInput: dict[str, OAuthClientConfig]
        tags: NotRequired[dict[str, str]]

    class CreateApiKeyProvider(TypedDict):
        """The input of CreateApiKeyCredentialProvider and UpdateApiKeyCredentialProvider."""

        name: str
        apiKey: NotRequired[str]
        apiKeySecretConfig: NotRequired[type_defs.SecretReferenceTypeDef]
        apiKeySecretSource: NotRequired[str]
        tags: NotRequired[dict[str, str]]
