"""Outbound credentials in stack files, turned into records and the credential providers that they need."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping

import pulumi

from agentcore_provider.credential_kinds import API_KEY, BY_KEY, OAUTH, CredentialKind
from agentcore_provider.resources import credentials
from agentcore_provider.rules.unknown import UNKNOWN, Unknown
from agentcore_provider.stack_config.keys import Keys
from agentcore_provider.stack_config.schema_problems import suggestion

Described = Mapping[str, Mapping[str, object]]
"""A kind of credential, and the keys below it."""

_FROM_ENVIRONMENT = {"key_from_environment": "key", "client_secret_from_environment": "client_secret"}


def problems(described: object, providers: object) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Path below the description, message and cure of each problem that the schema cannot find.

    providers: the gateway's credential_providers. What is UNKNOWN in either causes no problem.
    """
    for kind, values in described.items() if isinstance(described, Mapping) else ():
        if not isinstance(values, Mapping):
            continue
        for name in _FROM_ENVIRONMENT.keys() & values.keys():
            if values[name] is not UNKNOWN and not os.environ.get(values[name]):
                yield (kind, name), f"the environment has no {values[name]}", "set it where `pulumi up` runs"
        wanted = values.get("provider")
        if not isinstance(wanted, str) or wanted.startswith("arn:") or not isinstance(providers, Mapping):
            continue
        if wanted not in providers:
            known = suggestion(wanted, providers) if providers else "add credential_providers to it"
            yield (kind, "provider"), f"the gateway has no credential provider {wanted}", known
        elif isinstance(providers[wanted], Mapping) and providers[wanted] and kind not in providers[wanted]:
            other = next(iter(providers[wanted]))
            yield (kind, "provider"), f"{wanted} is of kind {other}", f"write `{other}:` instead of `{kind}:`"


def document(described: object) -> dict[str, object] | Unknown:
    """AWS's document of a description, for validating it: what is not known yet is UNKNOWN."""
    if not isinstance(described, Mapping) or len(described) != 1 or UNKNOWN in described.values():
        return UNKNOWN
    return _record(described, _known_arn).credential_provider_configuration()


def declare(
    resource_name: str, described: Described, shared: Keys, providers: Mapping[str, pulumi.Resource]
) -> credentials.Credential:
    """The record of a description; a credential provider that it describes is declared on the way.

    shared: arguments of every credential provider of the gateway. providers: those of the gateway, by name.
    """

    def provider(kind: str, values: Mapping[str, object]) -> object:
        if "provider" in values:
            return providers.get(str(values["provider"]), values["provider"])
        return declare_provider(resource_name, {kind: values}, shared)

    return _record(described, provider)


def declare_provider(resource_name: str, described: Described, shared: Keys) -> pulumi.Resource:
    """The credential provider of a description, without the keys for how its key or token is sent.

    shared: arguments that all of the gateway have, unless the description has its own.
    """
    ((kind, values),) = described.items()
    arguments: Keys = {**shared, **values}
    for name, argument in _FROM_ENVIRONMENT.items():
        if name in arguments:
            arguments[argument] = os.environ[arguments.pop(name)]
    if kind == API_KEY.key:
        from agentcore_provider.resources.api_key_credential_provider import ApiKeyCredentialProvider

        names = {"key": "api_key", "secret": "api_key_secret_config"}
        return ApiKeyCredentialProvider(resource_name, **_arguments(arguments, names, API_KEY))
    from agentcore_provider.resources.oauth2_credential_provider import OAuth2CredentialProvider

    names = {"secret": "client_secret_config"}
    return OAuth2CredentialProvider(resource_name, **_arguments(arguments, names, OAUTH))


def _arguments(described: Mapping[str, object], names: Mapping[str, str], kind: CredentialKind) -> Keys:
    return {names.get(key, key): value for key, value in described.items() if key not in kind.usage}


def _known_arn(_kind: str, values: Mapping[str, object]) -> object:
    given = values.get("provider", UNKNOWN)
    return given if isinstance(given, str) and given.startswith("arn:") else UNKNOWN


def _record(described: Described, provider: Callable[[str, Mapping[str, object]], object]) -> credentials.Credential:
    ((key, values),) = described.items()
    kind, values = BY_KEY[key], values or {}
    usage: Keys = {name: values[name] for name in kind.usage if name in values}
    if kind.provider is None:
        return credentials.RECORDS[kind](**usage)
    # The record makes a list of its own.
    usage |= {"scopes": [UNKNOWN]} if usage.get("scopes") is UNKNOWN else {}
    return credentials.RECORDS[kind](provider(key, values), **usage)
