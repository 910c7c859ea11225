"""CreateApiKeyCredentialProvider, Get, List, Update, Delete."""

from __future__ import annotations

from typing import Any

from agentcore_provider.local.agentcore_control import credential_provider
from agentcore_provider.local.agentcore_control.call import Call
from agentcore_provider.local.agentcore_control.page import page
from agentcore_provider.local.store import CredentialProviderRecord, Secret, now


def create(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """Makes a provider and keeps its key."""
    records = call.store.api_key_credential_providers
    secret = _secret(call, given)
    return _describe(credential_provider.start(call.store, records, "apikeycredentialprovider", given, secret))


def get(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """One provider, without its key."""
    return _describe(_require(call, given))


def list_(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """All providers."""
    items, following = page(
        call.store.api_key_credential_providers.items(), given.get("maxResults"), given.get("nextToken")
    )
    return {"credentialProviders": [_describe(record) for record in items], "nextToken": following}


def update(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """Replaces the key."""
    record = _require(call, given)
    secret = _secret(call, given)
    credential_provider.keep_secret(call.store, secret, record.secret)
    record.secret, record.updated_at = secret, now()
    return _describe(record)


def delete(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """Deletes at once."""
    credential_provider.end(call.store, call.store.api_key_credential_providers, _require(call, given))
    return {}


def _require(call: Call, given: dict[str, Any]) -> CredentialProviderRecord:
    missing = f"ApiKeyCredentialProvider not found for {given['name']}"
    return credential_provider.require(call.store.api_key_credential_providers, given, missing)


def _secret(call: Call, given: dict[str, Any]) -> Secret:
    return credential_provider.read_secret(
        call.store, given, ("apiKey", "apiKeySecretConfig", "apiKeySecretSource"), "apikey"
    )


def _describe(record: CredentialProviderRecord) -> dict[str, Any]:
    return {
        **credential_provider.describe(record),
        "apiKeySecretArn": {"secretArn": record.secret.arn},
        "apiKeySecretJsonKey": record.secret.json_key,
        "apiKeySecretSource": record.secret.source,
    }
