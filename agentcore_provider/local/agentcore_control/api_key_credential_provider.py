"""CreateApiKeyCredentialProvider, Get, List, Update, Delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from agentcore_provider.local.agentcore_control.call import Answer, Call
from agentcore_provider.local.agentcore_control.credential_provider import CredentialProviders, SecretMembers
from agentcore_provider.local.store import CredentialProviderRecord, Secret

if TYPE_CHECKING:
    from agentcore_provider.local.store.documents import CreateApiKeyProvider

_SECRET = SecretMembers("apiKey", "apiKeySecretConfig", "apiKeySecretSource", "apikey")


def _secret(call: Call, request: CreateApiKeyProvider) -> Secret:
    return _SECRET.read(call.store, cast("dict[str, object]", request), request["name"])


def _keep(_call: Call, _record: CredentialProviderRecord, _request: CreateApiKeyProvider) -> None:
    """A key is all that there is."""


def _describe(record: CredentialProviderRecord) -> Answer:
    return {
        "apiKeySecretArn": {"secretArn": record.secret.arn},
        "apiKeySecretJsonKey": record.secret.json_key,
        "apiKeySecretSource": record.secret.source,
    }


PROVIDERS: CredentialProviders[CreateApiKeyProvider] = CredentialProviders(
    resource_type="apikeycredentialprovider",
    not_found="ApiKeyCredentialProvider not found for {name}",
    records=lambda store: store.api_key_credential_providers,
    secret=_secret,
    keep=_keep,
    describe=_describe,
)
