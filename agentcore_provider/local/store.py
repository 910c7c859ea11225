"""What the data plane may know of the control plane: gateways, their targets, and who may sign in.

Records are copies of a moment. They are found across all accounts and Regions of this process.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jwt import PyJWK


@dataclass(frozen=True)
class Gateway:
    """A gateway as GetGateway would answer now. `status` follows the clock."""

    gateway_id: str
    gateway_arn: str
    name: str
    status: str
    account_id: str
    region: str
    authorizer_type: str
    authorizer_configuration: dict[str, Any]
    protocol_configuration: dict[str, Any]
    protocol_type: str | None
    interceptor_configurations: list[dict[str, Any]]
    role_arn: str
    exception_level: str | None


@dataclass(frozen=True)
class Target:
    """A target as GetGatewayTarget would answer now.

    tool_schema: the document that the target's schema came from, as read when it was created, updated or
        synchronized: inline text or list, or the text of the S3 object. None if the target has no schema of its own.
    server_lists: what an MCP server lists besides tools, as read at the same times: `prompts`, `resources`,
        `resourceTemplates`.
    """

    target_id: str
    name: str
    status: str
    target_configuration: dict[str, Any]
    credential_provider_configurations: list[dict[str, Any]]
    metadata_configuration: dict[str, Any]
    tool_schema: Any
    server_lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True)
class UserPoolClient:
    """An app client of a Cognito user pool, with what is needed to sign tokens for it.

    client_secrets: every secret that is valid now; empty for a public client.
    token_validity_seconds: how long an access token lives.
    """

    user_pool_id: str
    client_id: str
    client_secrets: list[str]
    allowed_scopes: list[str]
    allowed_flows: list[str]
    issuer: str
    signing_key: PyJWK
    key_id: str
    token_validity_seconds: int


@dataclass(frozen=True)
class Oauth2Client:
    """An OAuth2 credential provider, with what is needed to fetch tokens from its authorization server.

    configuration: the vendor's part of oauth2ProviderConfigInput, without its secret.
    """

    arn: str
    vendor: str
    configuration: dict[str, Any]
    client_secret: str
    callback_url: str


def find_gateway(gateway_id: str) -> Gateway | None:
    """The gateway with this id; None if there is none, or it is gone."""
    from agentcore_provider.local.agentcore_control import gateway

    return gateway.find(gateway_id)


def targets_of(gateway_id: str) -> list[Target]:
    """The gateway's targets in the order of their creation."""
    from agentcore_provider.local.agentcore_control import gateway_target

    return gateway_target.list_of(gateway_id)


def find_user_pool_by_domain(domain: str) -> str | None:
    """Id of the user pool that holds this prefix domain; None if nobody does, or it is not active yet."""
    from agentcore_provider.local.cognito import user_pool_domain

    return user_pool_domain.find_user_pool_id(domain)


def user_pool_client(domain: str, client_id: str) -> UserPoolClient | None:
    """The app client in the user pool that holds this prefix domain."""
    from agentcore_provider.local.cognito import user_pool_client as clients

    return clients.find(domain, client_id)


def role_allows(role_arn: str, action: str, *resources: str) -> bool:
    """Whether a role of local IAM exists and its own policies allow an action on each of these resources."""
    from agentcore_provider.local.agentcore_control import execution_role

    return all(execution_role.allows(role_arn, action, resource) for resource in resources)


def api_key(provider_arn: str) -> str | None:
    """The key of an API-key credential provider; None if there is no such provider."""
    from agentcore_provider.local.agentcore_control import api_key_credential_provider

    return api_key_credential_provider.find_key(provider_arn)


def credential_secret_arn(provider_arn: str) -> str | None:
    """Where a credential provider of either kind keeps its secret; None if there is no such provider."""
    from agentcore_provider.local.agentcore_control import credential_provider

    return credential_provider.find_secret_arn(provider_arn)


def oauth2_client(provider_arn: str) -> Oauth2Client | None:
    """The client that an OAuth2 credential provider is; None if there is no such provider."""
    from agentcore_provider.local.agentcore_control import oauth2_credential_provider

    return oauth2_credential_provider.find_client(provider_arn)
