"""CreateOauth2CredentialProvider, Get, List, Update, Delete."""

from __future__ import annotations

import uuid
from typing import Any

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control import credential_provider
from agentcore_provider.local.agentcore_control.call import Call
from agentcore_provider.local.agentcore_control.page import page
from agentcore_provider.local.outbound import authorization_server
from agentcore_provider.local.store import CredentialProviderRecord, Secret, now, without_secrets
from agentcore_provider.local.store.snapshots import CLIENT_SECRET_MEMBERS

_DEFAULT_SIZE = 20
_CONFIG_OF_VENDOR = {
    "GoogleOauth2": "googleOauth2ProviderConfig",
    "GithubOauth2": "githubOauth2ProviderConfig",
    "SlackOauth2": "slackOauth2ProviderConfig",
    "SalesforceOauth2": "salesforceOauth2ProviderConfig",
    "MicrosoftOauth2": "microsoftOauth2ProviderConfig",
    "CustomOauth2": "customOauth2ProviderConfig",
    "AtlassianOauth2": "atlassianOauth2ProviderConfig",
    "LinkedinOauth2": "linkedinOauth2ProviderConfig",
}
"""All other vendors use includedOauth2ProviderConfig."""


def create(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """Makes a provider and keeps its client secret."""
    records = call.store.oauth2_credential_providers
    secret = _secret(call, given)
    record = credential_provider.start(call.store, records, "oauth2credentialprovider", given, secret)
    record.document["callbackUrl"] = (
        f"{call.settings.base_url}/identities/oauth2/callback/{uuid.uuid5(uuid.NAMESPACE_URL, record.arn)}"
    )
    return _describe(record)


def get(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """One provider, without its secret."""
    return _describe(_require(call, given))


def list_(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """All providers."""
    items, following = page(
        call.store.oauth2_credential_providers.items(),
        given.get("maxResults", _DEFAULT_SIZE),
        given.get("nextToken"),
    )
    return {"credentialProviders": [_describe(record) for record in items], "nextToken": following}


def update(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """Replaces the whole configuration."""
    record = _require(call, given)
    if given["credentialProviderVendor"] != record.document["credentialProviderVendor"]:
        raise service_error.validation(
            f"credentialProviderVendor cannot be updated: it is {record.document['credentialProviderVendor']}"
        )
    secret = _secret(call, given)
    credential_provider.keep_secret(call.store, secret, record.secret)
    record.document["oauth2ProviderConfigInput"] = given["oauth2ProviderConfigInput"]
    record.secret, record.updated_at = secret, now()
    return _describe(record)


def delete(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """Deletes at once."""
    # Seen on the service: the name of one that is not there is no error.
    record = call.store.oauth2_credential_providers.get(given["name"])
    if record is not None:
        credential_provider.end(call.store, call.store.oauth2_credential_providers, record)
    return {}


def _require(call: Call, given: dict[str, Any]) -> CredentialProviderRecord:
    missing = "CredentialProvider not found"
    return credential_provider.require(call.store.oauth2_credential_providers, given, missing)


def _secret(call: Call, given: dict[str, Any]) -> Secret:
    vendor = given["credentialProviderVendor"]
    (member, config), *_ = given["oauth2ProviderConfigInput"].items()
    expected = _CONFIG_OF_VENDOR.get(vendor, "includedOauth2ProviderConfig")
    if member != expected:
        raise service_error.validation(f"oauth2ProviderConfigInput.{expected} is required for vendor {vendor}")
    by_other_means = config.get("clientAuthenticationMethod") in ("AWS_IAM_ID_TOKEN_JWT", "PRIVATE_KEY_JWT")
    by_other_means = by_other_means or bool(config.keys() & {"privateKeyJwtConfig", "onBehalfOfTokenExchangeConfig"})
    if by_other_means and not config.get("clientSecret") and "clientSecretConfig" not in config:
        config = {**config, "clientSecret": "no-secret"}
    return credential_provider.read_secret(
        call.store, {**config, "name": given["name"]}, CLIENT_SECRET_MEMBERS, "oauth2"
    )


def _describe(record: CredentialProviderRecord) -> dict[str, Any]:
    (member, config), *_ = record.document["oauth2ProviderConfigInput"].items()
    shown = without_secrets(config)
    shown.setdefault("oauthDiscovery", _discovery_of(record.document["credentialProviderVendor"], config))
    return {
        **credential_provider.describe(record),
        "credentialProviderVendor": record.document["credentialProviderVendor"],
        "clientSecretArn": {"secretArn": record.secret.arn},
        "clientSecretJsonKey": record.secret.json_key,
        "clientSecretSource": record.secret.source,
        "callbackUrl": record.document["callbackUrl"],
        "oauth2ProviderConfigOutput": {member: shown},
        "status": "READY",
    }


def _discovery_of(vendor: str, config: dict[str, Any]) -> dict[str, Any]:
    """What AWS shows for vendors whose servers it knows; the answer has to name one of both forms."""
    known = {key: config[key] for key in ("issuer", "authorizationEndpoint") if config.get(key)}
    endpoint = authorization_server.token_endpoint(vendor, config)
    return {"authorizationServerMetadata": {**known, **({"tokenEndpoint": endpoint} if endpoint else {})}}
