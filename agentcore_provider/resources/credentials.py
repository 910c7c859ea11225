"""How a gateway signs in to its targets: records that build AWS's credential documents.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-outbound-auth.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import pulumi

from agentcore_provider import credential_kinds
from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.target_record import listed

if TYPE_CHECKING:
    from agentcore_provider.resources.api_key_credential_provider import ApiKeyCredentialProvider
    from agentcore_provider.resources.oauth2_credential_provider import OAuth2CredentialProvider


class Credential(Protocol):
    """What the `credentials` of a GatewayTarget take."""

    def credential_provider_configuration(self) -> dict[str, object]:
        """AWS's document."""
        ...


@dataclass(frozen=True, kw_only=True)
class IamRole:
    """The gateway's own role; it signs with SigV4 where the target is not an AWS resource itself.

    Example:
        `GatewayTarget("rates", gateway=gateway, target=api, credentials=credentials.IamRole(service="execute-api"))`
    """

    service: pulumi.Input[str] | None = None
    """AWS service to sign for, such as execute-api: needed for OpenAPI and MCP servers, refused for the rest."""
    region: pulumi.Input[str] | None = None
    """Region to sign for. Default: the gateway's."""

    def credential_provider_configuration(self) -> dict[str, object]:
        return credential_kinds.GATEWAY_ROLE.configuration(service=self.service, region=self.region)


@dataclass(frozen=True, kw_only=True)
class CallerIam:
    """The caller's IAM identity is passed on: for a gateway whose authorizer is AWS_IAM or AUTHENTICATE_ONLY.

    Example:
        `GatewayTarget("rates", gateway=gateway, target=api, credentials=credentials.CallerIam())`
    """

    service: pulumi.Input[str] | None = None
    """AWS service to sign for. Default: chosen by AWS."""
    region: pulumi.Input[str] | None = None
    """Region to sign for. Default: the gateway's."""

    def credential_provider_configuration(self) -> dict[str, object]:
        return credential_kinds.CALLER_IAM.configuration(service=self.service, region=self.region)


@dataclass(frozen=True)
class ApiKey:
    """An API key kept by an API-key credential provider.

    Example:
        `credentials.ApiKey(ApiKeyCredentialProvider("crm", api_key=key), location="HEADER", parameter_name="X-Key")`

    Raises:
        InvalidInput: `provider` is a resource of another kind.
    """

    provider: ApiKeyCredentialProvider | pulumi.Input[str]
    """The credential provider: the resource, or an ARN."""
    _: KW_ONLY
    location: Literal["HEADER", "QUERY_PARAMETER"] | None = None
    """Where the key goes. Default: chosen by AWS."""
    parameter_name: pulumi.Input[str] | None = None
    """Name of the header or query parameter, 1 to 64 characters. Default: chosen by AWS."""
    prefix: pulumi.Input[str] | None = None
    """Word before the key, such as Bearer, 1 to 64 characters; AWS puts a space between them. Default: none."""

    def __post_init__(self) -> None:
        _check(self.provider, "ApiKeyCredentialProvider", "credentials.ApiKey")

    def credential_provider_configuration(self) -> dict[str, object]:
        return credential_kinds.API_KEY.configuration(
            provider=_arn(self.provider), location=self.location, parameter_name=self.parameter_name, prefix=self.prefix
        )


@dataclass(frozen=True)
class OAuth:
    """A token of an OAuth 2 credential provider.

    Example:
        `credentials.OAuth(OAuth2CredentialProvider("crm", client_id="shop", client_secret=secret), scopes=["read"])`

    Raises:
        InvalidInput: `provider` is a resource of another kind.
    """

    provider: OAuth2CredentialProvider | pulumi.Input[str]
    """The credential provider: the resource, or an ARN."""
    scopes: Sequence[pulumi.Input[str]] = ()
    """Scopes to ask for, up to 100 of up to 64 characters each. Default: none."""
    _: KW_ONLY
    grant_type: Literal["CLIENT_CREDENTIALS", "AUTHORIZATION_CODE", "TOKEN_EXCHANGE"] | None = None
    """Grant. Default: chosen by AWS, client credentials."""
    custom_parameters: Mapping[str, pulumi.Input[str]] | None = None
    """Further parameters of the token request, up to 10. Default: none."""
    return_url: pulumi.Input[str] | None = None
    """Where a person's browser goes after signing in, for the authorization code grant; up to 2048 characters."""

    def __post_init__(self) -> None:
        _check(self.provider, "OAuth2CredentialProvider", "credentials.OAuth")

    def credential_provider_configuration(self) -> dict[str, object]:
        return credential_kinds.OAUTH.configuration(
            provider=_arn(self.provider),
            scopes=listed(self.scopes),
            grant_type=self.grant_type,
            custom_parameters=self.custom_parameters,
            return_url=self.return_url,
        )


@dataclass(frozen=True)
class JwtPassthrough:
    """The caller's own token is passed on: for HTTP targets.

    Example:
        `GatewayTarget("agent", gateway=gateway, target=agent, credentials=credentials.JwtPassthrough())`
    """

    def credential_provider_configuration(self) -> dict[str, object]:
        return credential_kinds.JWT_PASSTHROUGH.configuration()


RECORDS: Mapping[credential_kinds.CredentialKind, Callable[..., Credential]] = {
    credential_kinds.GATEWAY_ROLE: IamRole,
    credential_kinds.CALLER_IAM: CallerIam,
    credential_kinds.API_KEY: ApiKey,
    credential_kinds.OAUTH: OAuth,
    credential_kinds.JWT_PASSTHROUGH: JwtPassthrough,
}


def secret_id(credentials: object) -> pulumi.Input[str | None] | None:
    """Name or ARN of the secret in Secrets Manager that these credentials need, if it is the user's own.

    credentials: what the `credentials` of a GatewayTarget take.
    """
    for credential in credentials if isinstance(credentials, (list, tuple)) else [credentials]:
        provider = credential.provider if isinstance(credential, (ApiKey, OAuth)) else None
        # An ARN names no secret, and one that comes late would answer to every attribute.
        reference = getattr(provider, "secret_reference", None) if isinstance(provider, pulumi.Resource) else None
        if reference is not None:
            return pulumi.Output.from_input(reference).apply(lambda known: known and known.get("secretId"))
    return None


def _check(provider: object, wanted: str, record: str) -> None:
    if isinstance(provider, pulumi.Resource) and type(provider).__name__ != wanted:
        raise InvalidInput(f"{record} takes an {wanted} or its ARN, not the {type(provider).__name__} given")


def _arn(provider: object) -> object:
    # The id is known while an update is previewed; the ARN among the outputs is not, and would show as a change.
    return provider.id if isinstance(provider, pulumi.CustomResource) else provider
