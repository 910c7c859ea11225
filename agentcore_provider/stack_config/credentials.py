"""How the gateway signs in at a target, as a stack file says it, turned into records and the providers they need."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

import pulumi

from agentcore_provider.resources import credentials
from agentcore_provider.rules.problem import UNKNOWN

# Keys of a description that say how the key or token is sent; the others say where it comes from.
_API_KEY_SENT = {"location": "location", "parameter_name": "parameter_name", "prefix": "prefix"}
_OAUTH_SENT = ("scopes", "grant_type", "custom_parameters", "return_url")
_FROM_ENVIRONMENT = {"key_from_environment": "key", "client_secret_from_environment": "client_secret"}


def problems(described: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Path below the description and text of each thing that is wrong and that the schema cannot tell."""
    for kind, said in described.items():
        for name in _FROM_ENVIRONMENT.keys() & (said.keys() if isinstance(said, Mapping) else set()):
            if not os.environ.get(said[name]):
                yield (kind, name), f"the environment has no {said[name]}; set it where `pulumi up` runs"


def document(described: Mapping[str, Any]) -> dict[str, Any]:
    """AWS's document of a description, for judging it: what is not known yet is UNKNOWN."""
    record = _record(described, lambda _kind, said: said.get("provider", UNKNOWN))
    return record.credential_provider_configuration()


def declare(resource_name: str, described: Mapping[str, Any], tags: Any) -> credentials.Credential:
    """The record of a description; a credential provider that it describes is declared on the way."""
    return _record(described, lambda kind, said: _provider(resource_name, kind, said, tags))


def _record(described: Mapping[str, Any], provider: Any) -> credentials.Credential:
    ((kind, said),) = described.items()
    said = said or {}
    if kind == "api_key":
        sent = {argument: said[key] for key, argument in _API_KEY_SENT.items() if key in said}
        return credentials.ApiKey(provider(kind, said), **sent)
    if kind == "oauth":
        return credentials.OAuth(provider(kind, said), **{key: said[key] for key in _OAUTH_SENT if key in said})
    if kind == "jwt_passthrough":
        return credentials.JwtPassthrough()
    return credentials.IamRole(**said) if kind == "iam_role" else credentials.CallerIam(**said)


def _provider(resource_name: str, kind: str, said: Mapping[str, Any], tags: Any) -> Any:
    if "provider" in said:
        return said["provider"]
    known = {**said}
    for name, argument in _FROM_ENVIRONMENT.items():
        if name in known:
            known[argument] = os.environ[known.pop(name)]
    # What the stack file keeps as a secret comes in clear: it is one from here on, whatever the engine knows of it.
    if kind == "api_key":
        from agentcore_provider.resources.api_key_credential_provider import ApiKeyCredentialProvider

        key = pulumi.Output.secret(known["key"]) if "key" in known else None
        return ApiKeyCredentialProvider(
            resource_name, api_key=key, api_key_secret_config=known.get("secret"), tags=tags
        )
    from agentcore_provider.resources.oauth2_credential_provider import OAuth2CredentialProvider

    arguments = {key: value for key, value in known.items() if key not in _OAUTH_SENT}
    if "client_secret" in arguments:
        arguments["client_secret"] = pulumi.Output.secret(arguments["client_secret"])
    if "secret" in arguments:
        arguments["client_secret_config"] = arguments.pop("secret")
    return OAuth2CredentialProvider(resource_name, tags=tags, **arguments)
