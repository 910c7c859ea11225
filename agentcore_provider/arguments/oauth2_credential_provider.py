"""OAuth 2 credential providers: CreateOauth2CredentialProvider's configuration, from short arguments."""

from __future__ import annotations

from collections.abc import Mapping

from agentcore_provider.arguments import members
from agentcore_provider.rules import oauth2_credential_provider as rules

_DISCOVERY = ("discoveryUrl", "authorizationServerMetadata")
_ENDPOINTS = ("issuer", "authorizationEndpoint", "tokenEndpoint")


def configuration(vendor: str, arguments: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """AWS's oauth2ProviderConfigInput.

    vendor: by AWS's name. arguments: those that are set, such as client_id and discovery_url. One that does not go with
    the vendor stays in the document, so that validation reports it.
    """
    document = members.document(arguments)
    member = rules.config_member(vendor)
    endpoints = {name: document.pop(name) for name in _ENDPOINTS if name in document}
    discovery = {name: document.pop(name) for name in _DISCOVERY if name in document}
    if member == rules.INCLUDED:
        document |= endpoints
    elif endpoints:
        discovery = {"authorizationServerMetadata": endpoints, **discovery}
    return {member: {**document, "oauthDiscovery": discovery} if discovery else document}


def secret_reference(configuration: object) -> object:
    """Where the client's secret is in Secrets Manager: the clientSecretConfig of a configuration; None without one."""
    contents = configuration.values() if isinstance(configuration, Mapping) else ()
    found = (it["clientSecretConfig"] for it in contents if isinstance(it, Mapping) and "clientSecretConfig" in it)
    return next(found, None)
