"""Kinds of outbound credentials: one object for each value of credentialProviderType, with all that is particular to it.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-outbound-auth.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

AuthMethod = Literal[
    "none",
    "gateway role",
    "caller IAM credentials",
    "OAuth client credentials",
    "OAuth authorization code",
    "OAuth token exchange",
    "JWT passthrough",
    "API key",
]
"""What a gateway authorizes its calls to a target with."""


@dataclass(frozen=True)
class Provider:
    """The credential provider that keeps the credential."""

    resource: str
    """What this package calls the resource."""
    arn_type: str
    """Type of the resource in its ARN: token-vault/default/TYPE/NAME."""
    secret: str
    """What AWS names its secrets by: bedrock-agentcore-identity!default/SECRET/NAME."""
    action: str
    """The IAM action that returns the credential."""


@dataclass(frozen=True, eq=False)
class CredentialKind:
    """One kind of outbound credential."""

    type: str
    """credentialProviderType in AWS's documents."""
    key: str
    """Key below `credentials` in a stack file."""
    label: str
    """In words, before the provider's name if there is one."""
    methods: Mapping[str | None, AuthMethod]
    """By grantType, None where none is set: what the gateway authorizes with."""
    member: str = ""
    """Member of credentialProvider that configures it; empty if there is none."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Key in the stack file and field of the record -> AWS's name below `member`."""
    provider: Provider | None = None

    @property
    def usage(self) -> Mapping[str, str]:
        """`keys` without the credential provider: how the credential is requested and sent."""
        return {key: name for key, name in self.keys.items() if name != "providerArn"}

    @property
    def usage_members(self) -> Mapping[str, str]:
        """AWS's names in `usage` in snake_case -> the names themselves."""
        return {re.sub("(?=[A-Z])", "_", name).lower(): name for name in self.usage.values()}

    def configuration(self, **values: object) -> dict[str, object]:
        """AWS's document: a credential provider configuration. values: by `keys`, None for what is not set."""
        members = {self.keys[key]: value for key, value in values.items() if value is not None}
        provider = {"credentialProvider": {self.member: members}} if members else {}
        return {"credentialProviderType": self.type, **provider}

    def described(self, members: Mapping[str, object]) -> dict[str, object]:
        """What a stack file has below `key` for these members of AWS's document."""
        return {key: members[name] for key, name in self.keys.items() if name in members}

    def members(self, configuration: Mapping[str, object]) -> Mapping[str, object]:
        """What a configuration sets below `member`; empty if that is nothing or not known."""
        provider = configuration.get("credentialProvider")
        members = provider.get(self.member) if isinstance(provider, Mapping) else None
        return members if isinstance(members, Mapping) else {}

    def auth_method(self, configuration: Mapping[str, object]) -> AuthMethod | None:
        """What a configuration authorizes with; None if that is not known yet."""
        grant = self.members(configuration).get("grantType") if len(self.methods) > 1 else None
        return self.methods.get(grant) if grant is None or isinstance(grant, str) else None


_SIGNING = {"service": "service", "region": "region"}

GATEWAY_ROLE = CredentialKind(
    type="GATEWAY_IAM_ROLE",
    key="iam_role",
    label="gateway role",
    methods={None: "gateway role"},
    member="iamCredentialProvider",
    keys=_SIGNING,
)
CALLER_IAM = CredentialKind(
    type="CALLER_IAM_CREDENTIALS",
    key="caller_iam",
    label="the caller's IAM",
    methods={None: "caller IAM credentials"},
    member="iamCredentialProvider",
    keys=_SIGNING,
)
API_KEY = CredentialKind(
    type="API_KEY",
    key="api_key",
    label="API key",
    methods={None: "API key"},
    member="apiKeyCredentialProvider",
    keys={
        "provider": "providerArn",
        "location": "credentialLocation",
        "parameter_name": "credentialParameterName",
        "prefix": "credentialPrefix",
    },
    provider=Provider(
        "api_key_credential_provider", "apikeycredentialprovider", "apikey", "bedrock-agentcore:GetResourceApiKey"
    ),
)
OAUTH = CredentialKind(
    type="OAUTH",
    key="oauth",
    label="OAuth",
    methods={
        None: "OAuth client credentials",
        "CLIENT_CREDENTIALS": "OAuth client credentials",
        "AUTHORIZATION_CODE": "OAuth authorization code",
        "TOKEN_EXCHANGE": "OAuth token exchange",
    },
    member="oauthCredentialProvider",
    keys={
        "provider": "providerArn",
        "scopes": "scopes",
        "grant_type": "grantType",
        "custom_parameters": "customParameters",
        "return_url": "defaultReturnUrl",
    },
    provider=Provider(
        "oauth2_credential_provider", "oauth2credentialprovider", "oauth2", "bedrock-agentcore:GetResourceOauth2Token"
    ),
)
JWT_PASSTHROUGH = CredentialKind(
    type="JWT_PASSTHROUGH",
    key="jwt_passthrough",
    label="the caller's token",
    methods={None: "JWT passthrough"},
)

KINDS = (GATEWAY_ROLE, API_KEY, OAUTH, CALLER_IAM, JWT_PASSTHROUGH)
BY_TYPE: Mapping[str, CredentialKind] = {kind.type: kind for kind in KINDS}
BY_KEY: Mapping[str, CredentialKind] = {kind.key: kind for kind in KINDS}


def of(configuration: Mapping[str, object]) -> CredentialKind | None:
    """The kind of a credential provider configuration; None if it is not known."""
    named = configuration.get("credentialProviderType")
    return BY_TYPE.get(named) if isinstance(named, str) else None


def auth_method(configuration: Mapping[str, object]) -> AuthMethod | None:
    """What a credential provider configuration authorizes with; None if it is not known."""
    kind = of(configuration)
    return kind.auth_method(configuration) if kind else None
