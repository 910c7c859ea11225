"""CreateOauth2CredentialProvider, Get, List, Update, Delete."""

from __future__ import annotations

import copy
import uuid
from typing import TYPE_CHECKING, cast

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control.call import Answer, Call
from agentcore_provider.local.agentcore_control.credential_provider import CredentialProviders, SecretMembers
from agentcore_provider.local.outbound import authorization_server
from agentcore_provider.local.store import CredentialProviderRecord, Secret

if TYPE_CHECKING:
    from agentcore_provider.local.store.documents import CreateOAuthProvider, OAuthClientConfig

_SECRET = SecretMembers("clientSecret", "clientSecretConfig", "clientSecretSource", "oauth2")
_CONFIG_OF_VENDOR = {
    f"{vendor}Oauth2": f"{vendor.lower()}Oauth2ProviderConfig"
    for vendor in ("Google", "Github", "Slack", "Salesforce", "Microsoft", "Custom", "Atlassian", "Linkedin")
}
"""All other vendors use includedOauth2ProviderConfig."""


def _secret(call: Call, request: CreateOAuthProvider) -> Secret:
    vendor = request["credentialProviderVendor"]
    (member, config), *_ = request["oauth2ProviderConfigInput"].items()
    expected = _CONFIG_OF_VENDOR.get(vendor, "includedOauth2ProviderConfig")
    if member != expected:
        raise service_error.validation(f"oauth2ProviderConfigInput.{expected} is required for vendor {vendor}")
    by_other_means = (
        config.get("clientAuthenticationMethod") in ("AWS_IAM_ID_TOKEN_JWT", "PRIVATE_KEY_JWT")
        or "privateKeyJwtConfig" in config
        or "onBehalfOfTokenExchangeConfig" in config
    )
    if by_other_means and not config.get("clientSecret") and "clientSecretConfig" not in config:
        config = {**config, "clientSecret": "no-secret"}
    return _SECRET.read(call.store, cast("dict[str, object]", config), request["name"])


def _keep(call: Call, record: CredentialProviderRecord, request: CreateOAuthProvider) -> None:
    vendor = request["credentialProviderVendor"]
    if record.vendor not in ("", vendor):
        raise service_error.validation(f"credentialProviderVendor cannot be updated: it is {record.vendor}")
    (member, config), *_ = request["oauth2ProviderConfigInput"].items()
    config = copy.deepcopy(config)
    config.pop("clientSecret", None)
    config.pop("clientSecretConfig", None)
    config.pop("clientSecretSource", None)
    record.vendor, record.config_member, record.config = vendor, member, config
    if not record.callback_url:
        callback = uuid.uuid5(uuid.NAMESPACE_URL, record.arn)
        record.callback_url = f"{call.settings.base_url}/identities/oauth2/callback/{callback}"


def _describe(record: CredentialProviderRecord) -> Answer:
    output: OAuthClientConfig = copy.deepcopy(record.config)
    if "oauthDiscovery" not in output:
        # Of vendors whose servers AWS knows; the answer must have one of both forms.
        known = {key: value for key, value in record.config.items() if key in ("issuer", "authorizationEndpoint")}
        endpoint = authorization_server.token_endpoint(record.vendor, record.config)
        metadata = {**known, "tokenEndpoint": endpoint} if endpoint else known
        output = cast("OAuthClientConfig", {**output, "oauthDiscovery": {"authorizationServerMetadata": metadata}})
    return {
        "credentialProviderVendor": record.vendor,
        "clientSecretArn": {"secretArn": record.secret.arn},
        "clientSecretJsonKey": record.secret.json_key,
        "clientSecretSource": record.secret.source,
        "callbackUrl": record.callback_url,
        "oauth2ProviderConfigOutput": {record.config_member: output},
        "status": "READY",
    }


PROVIDERS: CredentialProviders[CreateOAuthProvider] = CredentialProviders(
    resource_type="oauth2credentialprovider",
    not_found="CredentialProvider not found",
    records=lambda store: store.oauth2_credential_providers,
    secret=_secret,
    keep=_keep,
    describe=_describe,
    page_size=20,
    # Observed on the service.
    forgiving_delete=True,
)
