"""OAuth2 credential providers: find, create, update, delete, wait.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateOauth2CredentialProvider.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentcore_provider.aws import credential_provider, secret_reference
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.credential_provider import Kind, Properties, name_of
from agentcore_provider.aws.job import Job

CONFIG = "oauth2_provider_config_input"
# Flat in what a provider is made of, below oauthDiscovery in what AWS shows of it.
_ENDPOINTS = ("issuer", "authorizationEndpoint", "tokenEndpoint")


def find(connection: Connection, arn: str) -> Properties | None:
    """The provider with this ARN, or None when there is none."""
    return credential_provider.find(connection, _KIND, name_of(arn))


def create(job: Job, properties: Mapping[str, Any]) -> Properties:
    """Create the provider, or carry on with the one that an interrupted create left, and wait until it is READY.

    Raises NameTaken, ResourceFailed, WaitTimeout, CreateLeftBehind and what a call raises.
    """
    return credential_provider.create(job, _KIND, properties)


def update(job: Job, arn: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Properties:
    """Make the provider what the program says now: AWS takes the configuration as a whole.

    Raises ResourceFailed, WaitTimeout and what a call raises.
    """
    return credential_provider.update(job, _KIND, name_of(arn), old, new)


def delete(job: Job, arn: str) -> None:
    """Delete the provider and wait until it is gone; gone already is fine."""
    credential_provider.delete(job, _KIND, name_of(arn))


def configuration(found: Mapping[str, Any], said: Any) -> Any:
    """The configuration as AWS has it, in the form in which the program says it.

    found: what `find` returned. said: oauth2ProviderConfigInput of the program; what AWS never shows of it stays.
    """
    output = found.get("oauth2_provider_config_output")
    if not isinstance(said, Mapping) or not isinstance(output, Mapping) or not output:
        return said
    ((member, shown),) = output.items()
    content = said.get(member)
    if not isinstance(content, Mapping):
        return output
    endpoints = (shown.get("oauthDiscovery") or {}).get("authorizationServerMetadata") or {}
    flat = {name: endpoints[name] for name in _ENDPOINTS if name in content and name in endpoints}
    seen = {name: shown.get(name, flat.get(name, value)) for name, value in content.items()}
    if "clientSecretConfig" in content:
        place = found.get("client_secret_arn"), found.get("client_secret_json_key")
        seen["clientSecretConfig"] = secret_reference.shown(content["clientSecretConfig"], *place)
    return {member: seen}


def _shown(answer: Properties) -> Properties:
    return {**answer, "client_secret_arn": (answer.get("client_secret_arn") or {}).get("secretArn")}


def _wire(wire: Properties) -> Properties:
    given = wire["oauth2ProviderConfigInput"]
    return {
        **wire,
        "oauth2ProviderConfigInput": {
            member: secret_reference.with_origin(content, "clientSecretConfig", "clientSecretSource")
            for member, content in given.items()
        },
    }


_KIND = Kind(
    operation="Oauth2CredentialProvider",
    command="oauth2-credential-provider",
    shown=_shown,
    wire=_wire,
    fixed=("credential_provider_vendor",),
)
