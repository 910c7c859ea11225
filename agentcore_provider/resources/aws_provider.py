"""An aws.Provider among Pulumi's options: it chooses the Region.

Pulumi hands a provider of another package to the children of a component, and to nobody else: a dynamic resource would
go to the stack's Region without a word, away from the role and the bucket beside it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

import pulumi

_OWN = "pulumi-python"
_HOW = (
    'give it a provider of its own, such as pulumi.ProviderResource("pulumi-python", "eu", {"aws:region": "eu-west-1", '
    '"aws:profile": "eu"})'
)
# What an aws.Provider signs in with: its arguments, the stack's configuration keys, environment variables.
_SIGN_IN = {
    "profile": ("profile", "AWS_PROFILE"),
    "access_key": ("accessKey", "AWS_ACCESS_KEY_ID"),
    "secret_key": ("secretKey", "AWS_SECRET_ACCESS_KEY"),
    "token": ("token", "AWS_SESSION_TOKEN"),
    "assume_roles": ("assumeRoles", ""),
    "assume_role_with_web_identity": ("assumeRoleWithWebIdentity", ""),
}


def find(opts: pulumi.ResourceOptions | None) -> pulumi.ProviderResource | None:
    """The aws.Provider that a resource gets from its options or its parents.

    None without one, and where a provider for dynamic resources was given, which says everything by itself.
    """
    return None if _provider(opts, _OWN) else _provider(opts, "aws")


def region(opts: pulumi.ResourceOptions | None) -> pulumi.Output[str | None] | None:
    """The Region that the options choose; None where they leave it to the stack."""
    provider = find(opts)
    return None if provider is None else _argument(provider, "region")


def chosen(opts: pulumi.ResourceOptions | None) -> pulumi.ProviderResource | None:
    """The provider that counts: one for dynamic resources, else an aws.Provider, else None."""
    return _provider(opts, _OWN) or find(opts)


def problems(opts: pulumi.ResourceOptions | None) -> list[pulumi.Input[str]]:
    """What of the options cannot be done, one line each; an empty line for nothing."""
    if opts is not None and opts.provider is not None and opts.provider.package not in (_OWN, "aws"):
        return [
            f"provider=: a provider of package {opts.provider.package} has no say here: give an aws.Provider, or {_HOW}"
        ]
    provider = find(opts)
    if provider is None:
        return []
    # One line for each: of what the program leaves out, a preview does not know that it stays so.
    return [_other_sign_in(provider, argument) for argument in _SIGN_IN]


def _other_sign_in(provider: pulumi.ProviderResource, argument: str) -> pulumi.Output[str]:
    key, variable = _SIGN_IN[argument]
    ours = [pulumi.Config("aws").get(key), os.environ.get(variable)]

    def line(given: str | None) -> str:
        if not given or any(_same(given, it) for it in ours):
            return ""
        return (
            f"provider=: the Region of an aws.Provider is followed, but not its {argument}, which is another than the "
            f"stack's: sign in the whole stack so (`pulumi config set aws:{key} ...`), or {_HOW}"
        )

    # The line names the argument and never its value.
    return pulumi.Output.unsecret(_argument(provider, argument).apply(line))


def _same(given: str, other: str | None) -> bool:
    if given == other:
        return True
    try:
        return other is not None and bool(json.loads(given) == json.loads(other))
    except ValueError:
        return False


def _argument(provider: pulumi.ProviderResource, name: str) -> pulumi.Output[Any]:
    return pulumi.Output.from_input(vars(provider).get(name))


def _provider(opts: pulumi.ResourceOptions | None, package: str) -> pulumi.ProviderResource | None:
    """The provider of a package, in Pulumi's own order: the resource's, those listed, the parent's."""
    if opts is None:
        return None
    listed = opts.providers or ()
    given: list[pulumi.ProviderResource | None] = [
        opts.provider,
        *(listed.values() if isinstance(listed, Mapping) else listed),
    ]
    for provider in given:
        if provider is not None and provider.package == package:
            return provider
    inherited: pulumi.ProviderResource | None = (
        opts.parent.get_provider(f"{package}:index:Any") if opts.parent else None
    )
    return inherited
