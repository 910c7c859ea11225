"""What is special about OAuth2 credential providers.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateOauth2CredentialProvider.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentcore_provider.aws import secret_reference
from agentcore_provider.aws.credential_provider import Kind, Properties

_CONFIG = "oauth2_provider_config_input"
# Flat in what a provider is made of, below oauthDiscovery in what AWS shows of it.
_ENDPOINTS = ("issuer", "authorizationEndpoint", "tokenEndpoint")


def _as_said(found: Properties, inputs: Mapping[str, Any]) -> Properties:
    """The configuration as AWS has it, in the form in which the program says it; what AWS never shows of it stays."""
    said, output = inputs.get(_CONFIG), found.get("oauth2_provider_config_output")
    if not isinstance(said, Mapping) or not isinstance(output, Mapping) or not output:
        return {_CONFIG: said}
    ((member, shown),) = output.items()
    content = said.get(member)
    if not isinstance(content, Mapping):
        return {_CONFIG: output}
    endpoints = (shown.get("oauthDiscovery") or {}).get("authorizationServerMetadata") or {}
    flat = {name: endpoints[name] for name in _ENDPOINTS if name in content and name in endpoints}
    seen = {name: shown.get(name, flat.get(name, value)) for name, value in content.items()}
    if "clientSecretConfig" in content:
        place = found.get("client_secret_arn"), found.get("client_secret_json_key")
        seen["clientSecretConfig"] = secret_reference.shown(content["clientSecretConfig"], *place)
    return {_CONFIG: {member: seen}}


def _wire(wire: Properties) -> Properties:
    given = wire["oauth2ProviderConfigInput"]
    return {
        **wire,
        "oauth2ProviderConfigInput": {
            member: secret_reference.with_origin(content, "clientSecretConfig", "clientSecretSource")
            for member, content in given.items()
        },
    }


KIND = Kind(
    operation="Oauth2CredentialProvider",
    secret="client_secret_arn",  # noqa: S106 (the name of a property)
    wire=_wire,
    as_said=_as_said,
    fixed=("credential_provider_vendor",),
)
